"""Whole pages for readers who are not signed in: kept compressed, gone when the public generation rises, never a private one."""

from typing import Any

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from crisis.publication import raise_generation
from pages.caching import public_page
from pages.middleware.anonymous_cache import THOROUGH_AFTER, AnonymousCacheMiddleware, Page, Shelf, key_of, shelf
from tests.factories import make_post

pytestmark = pytest.mark.django_db

PAGE = "<p>" + "words " * 300


class Origin:
    """A view behind the middleware that counts how often it is asked."""

    def __init__(self, view: Any = None) -> None:
        self.asked = 0
        self.view = view or public_page("country")(lambda request: HttpResponse(PAGE))
        self.cache = AnonymousCacheMiddleware(self._ask)

    def _ask(self, request: Any) -> Any:
        self.asked += 1
        return self.view(request)

    def get(self, path: str = "/fr/", **headers: str) -> Any:
        return self.cache(RequestFactory().get(path, headers=headers))


def test_second_reader_is_answered_without_the_view() -> None:
    origin = Origin()
    assert origin.get().content == origin.get().content == PAGE.encode()
    assert origin.asked == 1


def test_head_is_answered_from_the_same_page() -> None:
    origin = Origin()
    origin.get()
    origin.cache(RequestFactory().head("/fr/"))
    assert origin.asked == 1


def test_a_new_generation_asks_again() -> None:
    origin = Origin()
    origin.get()
    raise_generation()
    origin.get()
    assert origin.asked == 2


def test_seconds_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = Origin()
    origin.get()
    (page,) = shelf._pages.values()
    page.until = 0.0
    origin.get()
    assert origin.asked == 2


@pytest.mark.parametrize("path", ["/fr/?utm_source=a", "/fr/?country=PE&x=1", "/fr/?country=" + "P" * 400])
def test_unknown_or_long_parameters_are_answered_and_not_kept(path: str) -> None:
    origin = Origin()
    origin.get(path)
    origin.get(path)
    assert origin.asked == 2
    assert len(shelf) == 0


def test_known_parameters_make_pages_of_their_own() -> None:
    origin = Origin()
    for path in ("/fr/", "/fr/?country=PE", "/fr/?country=BJ", "/fr/?country=PE"):
        origin.get(path)
    assert origin.asked == 3


@pytest.mark.parametrize("cookie", ["sessionid=abc", "messages=abc"])
def test_who_has_a_session_or_a_message_waiting_is_never_answered_from_here(cookie: str) -> None:
    origin = Origin()
    origin.get()
    origin.get(cookie=cookie)
    assert origin.asked == 2


def _with(response: HttpResponse, **headers: str) -> HttpResponse:
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def _cookie(request: Any) -> HttpResponse:
    response = HttpResponse(PAGE)
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    "view",
    [
        lambda request: _with(HttpResponse(PAGE), Cache_Control="private"),
        lambda request: _with(HttpResponse(PAGE), Cache_Control="no-store"),
        lambda request: HttpResponse(PAGE, status=404),
        _cookie,
    ],
    ids=["private", "no-store", "not 200", "cookie"],
)
def test_what_is_not_for_everybody_is_not_kept(view: Any) -> None:
    origin = Origin(public_page()(view))
    origin.get()
    origin.get()
    assert origin.asked == 2
    assert len(shelf) == 0


def test_a_view_that_does_not_say_so_is_not_kept() -> None:
    origin = Origin(lambda request: HttpResponse(PAGE))
    origin.get()
    origin.get()
    assert origin.asked == 2


def test_kept_page_is_sent_in_the_coding_that_the_reader_takes() -> None:
    origin = Origin()
    origin.get()
    answer = origin.get(accept_encoding="gzip, br")
    assert answer["Content-Encoding"] == "br"
    assert brotli.decompress(answer.content) == PAGE.encode()
    assert answer["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer["Vary"]
    assert origin.get(accept_encoding="gzip")["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in origin.get(accept_encoding="identity").headers
    assert origin.asked == 1


def test_a_page_that_many_ask_for_earns_the_slow_compression() -> None:
    text = " ".join(str(number * number) for number in range(4_000))
    origin = Origin(public_page()(lambda request: HttpResponse(text)))
    sizes = [int(origin.get(accept_encoding="br")["Content-Length"]) for _ in range(THOROUGH_AFTER + 2)]
    assert sizes[-1] < sizes[0]
    assert len(set(sizes[:-2])) == 1
    assert origin.asked == 1


def test_unchanged_page_is_304() -> None:
    origin = Origin()
    tag = origin.get()["ETag"]
    answer = origin.get(if_none_match=tag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == tag
    assert origin.get(if_none_match='"other"').status_code == 200


def test_kept_pages_differ_by_host() -> None:
    origin = Origin()
    origin.get(host="localhost")
    origin.get(host="testserver")
    assert origin.asked == 2


def test_database_away_keeps_nothing_and_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away() -> int:
        raise OperationalError

    monkeypatch.setattr("pages.middleware.anonymous_cache.current_generation", away)
    origin = Origin()
    assert origin.get().status_code == 200
    assert len(shelf) == 0


def test_post_has_no_key() -> None:
    assert key_of(RequestFactory().post("/fr/")) is None


def test_shelf_makes_room_for_the_newest() -> None:
    small = Shelf(most_bytes=3 * 2 * (1_000 + 100))
    for number in range(5):
        small.put(("http", "a", str(number), ""), Page(1, 1e12, 200, {}, b"x" * 100, ""))
    assert len(small) == 3
    assert small.get(("http", "a", "0", ""), 1) is None
    assert small.get(("http", "a", "4", ""), 1) is not None


def test_shelf_refuses_what_is_larger_than_itself() -> None:
    small = Shelf(most_bytes=1_000)
    small.put(("http", "a", "/", ""), Page(1, 1e12, 200, {}, b"x" * 5_000, ""))
    assert len(small) == 0


def country_page() -> str:
    with override("fr"):
        return reverse("country", args=["perou"])


def test_a_post_that_is_hidden_leaves_the_kept_page(reader: Client) -> None:
    from forum.services import apply_status

    post = make_post(status="published", title="Un bus à six heures")
    assert "Un bus à six heures" in reader.get(country_page()).content.decode()
    apply_status(post=post, status="hidden")
    assert "Un bus à six heures" not in reader.get(country_page()).content.decode()


def test_a_signed_in_page_is_not_shown_to_others(reader: Client, signed_in: Any, django_user_model: type[User]) -> None:
    member = signed_in(django_user_model.objects.create(email="a@example.org"))
    member.get("/fr/")
    assert len(shelf) == 0
    with override("fr"):
        assert (
            reverse("account_home")
            not in reader.get("/fr/").content.decode().split("<main")[0].split('class="nav"')[1].split(reverse("account_login"))[0]
        )
