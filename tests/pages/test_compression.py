"""Which answers are compressed, and which never."""

import gzip
from typing import Any

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from pages.compression import accepted, encode, may_compress

TEXT = "words " * 200


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("gzip;q=0, br;q=0", ""),
        ("br;q=nonsense", ""),
        ("BR", "br"),
    ],
)
def test_accepted(header: str, coding: str) -> None:
    assert accepted(header) == coding


def test_both_codings_give_the_text_back() -> None:
    assert brotli.decompress(encode(TEXT.encode(), "br")) == TEXT.encode()
    assert gzip.decompress(encode(TEXT.encode(), "gzip")) == TEXT.encode()
    assert encode(TEXT.encode(), "gzip") == encode(TEXT.encode(), "gzip")


def asked(path: str = "/fr/", method: str = "get", cookie: str = "", token: bool = False) -> Any:
    request = getattr(RequestFactory(), method)(path, headers={"cookie": cookie})
    if token:
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return request


def test_a_public_page_is_compressed_with_its_query() -> None:
    assert may_compress(asked("/fr/?q=a"), HttpResponse(TEXT))


@pytest.mark.parametrize("options", [{"cookie": "sessionid=a"}, {"token": True}])
def test_a_secret_is_compressed_only_where_nothing_is_reflected(options: dict[str, Any]) -> None:
    assert may_compress(asked(**options), HttpResponse(TEXT))
    assert not may_compress(asked("/fr/?q=a", **options), HttpResponse(TEXT))
    assert not may_compress(asked(method="post", **options), HttpResponse(TEXT))
    assert not may_compress(asked(**options), HttpResponse(TEXT, status=404))


def test_a_cookie_beside_input_is_not_compressed() -> None:
    response = HttpResponse(TEXT)
    response.set_cookie("a", "b")
    assert not may_compress(asked("/fr/?q=a"), response)


def test_a_token_page_that_must_not_be_stored_is_not_compressed_beside_input() -> None:
    assert not may_compress(asked("/fr/?q=a"), HttpResponse(TEXT, headers={"Cache-Control": "no-store"}))


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(TEXT, headers={"Content-Encoding": "br"}),
        StreamingHttpResponse([TEXT]),
    ],
    ids=["small", "picture", "coded", "stream"],
)
def test_what_gains_nothing_is_left(response: Any) -> None:
    assert not may_compress(asked(), response)


@pytest.mark.parametrize("kind", ["text/css", "application/problem+json", "application/atom+xml; charset=utf-8", "image/svg+xml"])
def test_kinds_of_text(kind: str) -> None:
    assert may_compress(asked(), HttpResponse(TEXT, content_type=kind))
