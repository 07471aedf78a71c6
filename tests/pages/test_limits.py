"""Bodies: refused by their length before they are read, counted when they have none."""

from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pages.middleware.limits import MOST_DRAINED, PIECE, BodyLimitMiddleware
from pages.middleware.problems import ProblemsMiddleware

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data; boundary=b"
MEGABYTE = 1_048_576


class Unread(BytesIO):
    """A stream that fails the test when anybody reads it."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("read")


def chain(view: Any) -> Any:
    """The two middlewares that refuse together, around a view."""
    return BodyLimitMiddleware(ProblemsMiddleware(view))


def answer(length: str | None, kind: str = FORM, body: Any = None, chunked: bool = False) -> Any:
    request = RequestFactory().post("/fr/", data=b"x", content_type=kind)
    request.META.pop("CONTENT_LENGTH", None)
    if length is not None:
        request.META["CONTENT_LENGTH"] = length
    if chunked:
        request.META["HTTP_TRANSFER_ENCODING"] = "chunked"
    request.META["wsgi.input"] = body or BytesIO()
    return chain(lambda request: HttpResponse(str(len(request.body))))(request)


@pytest.mark.parametrize(
    ("length", "kind", "status"),
    [
        (str(MEGABYTE), FORM, 200),
        (str(12 * MEGABYTE), UPLOAD, 200),
        (str(MOST_DRAINED + 1), FORM, 413),
        (str(MOST_DRAINED + 1), UPLOAD, 413),
        ("9" * 400, FORM, 413),
        ("-1", FORM, 400),
        ("1e3", FORM, 400),
        ("٣", FORM, 400),
        ("", FORM, 200),
    ],
)
def test_declared_length(length: str, kind: str, status: int) -> None:
    request = RequestFactory().post("/fr/", data=b"x", content_type=kind)
    request.META["CONTENT_LENGTH"] = length
    request.META["wsgi.input"] = Unread()
    assert chain(lambda request: HttpResponse("ok"))(request).status_code == status


class Sent(BytesIO):
    """What a browser sends: counts what was taken, and how much at once."""

    def __init__(self, size: int) -> None:
        super().__init__(b"a" * size)
        self.most = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.most = max(self.most, len(data))
        return data


@pytest.mark.parametrize(
    ("kind", "over"), [(FORM, MEGABYTE + 1), (FORM, 13 * MEGABYTE), ("application/json", 2 * MEGABYTE), (UPLOAD, 12 * MEGABYTE + 1)]
)
def test_a_body_a_little_too_large_is_read_away_in_pieces_so_that_its_writer_reads_why(kind: str, over: int) -> None:
    body = Sent(over)
    refused = answer(str(over), kind=kind, body=body)
    assert refused.status_code == 413
    assert body.tell() == over
    assert body.most <= PIECE


def test_a_browser_that_goes_away_meanwhile_breaks_nothing() -> None:
    class Gone(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("connection reset")

    assert answer(str(2 * MEGABYTE), body=Gone()).status_code == 413


def test_a_body_that_is_shorter_than_it_says_is_refused_all_the_same() -> None:
    assert answer(str(2 * MEGABYTE), body=Sent(100)).status_code == 413


def test_chunked_body_is_read_whole_up_to_its_limit() -> None:
    assert answer(None, body=BytesIO(b"a" * 70_000), chunked=True).content == b"70000"


def test_chunked_body_stops_one_byte_after_its_limit() -> None:
    body = BytesIO(b"a" * (3 * MEGABYTE))
    assert answer(None, body=body, chunked=True).status_code == 413
    assert body.tell() == MEGABYTE + 1


def test_chunked_body_in_small_pieces_is_counted() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 1_000))

    body = Slow(b"a" * (2 * MEGABYTE))
    assert answer(None, body=body, chunked=True).status_code == 413
    assert body.tell() == MEGABYTE + 1


def test_a_form_that_is_too_large_gets_a_page_that_says_so(reader: Client) -> None:
    response = reader.post("/nl/", data="a=" + "x" * MEGABYTE, content_type=FORM)
    assert response.status_code == 413
    assert '<html lang="nl">' in response.content.decode()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sha256-" in response["Content-Security-Policy"]


def test_many_fields_of_an_upload_that_go_beyond_the_form_limit_are_413(reader: Client, staff: Any, signed_in: Any) -> None:
    client = signed_in(staff("duty_officer"))
    response = client.post("/admin/crises/open/", data={"title_fr": "x" * (MEGABYTE + 10)})
    assert response.status_code == 413
