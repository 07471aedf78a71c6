"""Errors: a page with a way on for people, problem+json for programs, in four languages; nothing from outside is a 500."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from pages import errors
from pages.middleware.problems import ProblemsMiddleware

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "nl", "de", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_that_is_not_there(reader: Client, language: str) -> None:
    response = reader.get(f"/{language}/nothing-here/")
    html = response.content.decode()
    assert response.status_code == 404
    assert f'<html lang="{language}">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'role="search"' in html
    assert "tel:" in html
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.parametrize("status", sorted(errors.WORDING))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_its_page(rf: RequestFactory, status: int, language: str) -> None:
    response = errors.problem(rf.get(f"/{language}/x/"), status)
    assert response.status_code == status
    assert f'<html lang="{language}">' in response.content.decode()
    assert ("Retry-After" in response.headers) == (status in {429, 503})


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "application/json, */*"])
def test_programs_get_problem_details(reader: Client, accept: str) -> None:
    response = reader.get("/en/nothing-here/", headers={"accept": accept})
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "There is nothing at this address",
        "status": 404,
        "detail": "It may have moved, or have been taken away. Search for it, or choose a country.",
    }


def test_browsers_that_take_json_too_get_a_page(reader: Client) -> None:
    response = reader.get("/en/nothing-here/", headers={"accept": "text/html,application/json;q=0.9"})
    assert response["Content-Type"].startswith("text/html")


def test_wrong_method_names_the_right_ones(reader: Client) -> None:
    response = reader.post("/fr/", headers={"accept": "application/json"})
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert response["Allow"] == "GET, HEAD"
    page = reader.delete("/fr/")
    assert page.status_code == 405
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/fr/%00/",
        "/fr/?q=%00",
        "/fr/?%00=a",
        "/fr/?q=%FF%FE",
        "/fr/?q=a%80b",
        "/c/%00",
        "/fr/pays/%00/",
    ],
)
def test_what_no_text_can_hold_is_400(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/fr/%FF/", "/%FF%FE", "/c/zz", "/c/" + "p" * 300, "/zz", "/t/!!", "/fr/countries/" + "x" * 2_000 + "/", "/fr/../../etc/passwd"],
)
def test_what_is_nowhere_is_404(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("query", ["?" + "a=1&" * 2_000, "?q=" + "%F0%9F%98%80" * 900, "?q[]=1&q[a]=2", "?&&&==&", "?q=%E2%80%AEabc"])
def test_odd_queries_are_never_our_fault(reader: Client, query: str) -> None:
    for path in ("/fr/", reverse_in("fr", "country_list"), reverse_in("fr", "country", "perou")):
        assert reader.get(path + query).status_code in {200, 400}, path


def reverse_in(language: str, name: str, *args: str) -> str:
    with override(language):
        return reverse(name, args=args)


@pytest.mark.parametrize("header", ["accept", "accept-language", "accept-encoding", "if-none-match", "cookie", "content-type", "user-agent"])
@pytest.mark.parametrize("value", ["\xff\xfe", "a" * 5_000, ";;;,,,=", "*/*;q=nonsense", '"'])
def test_odd_headers_are_never_our_fault(reader: Client, header: str, value: str) -> None:
    assert reader.get("/fr/", headers={header: value}).status_code in {200, 400}
    assert reader.get("/", headers={header: value}).status_code in {302, 400}


def test_unknown_host_is_400(reader: Client) -> None:
    assert reader.get("/fr/", headers={"host": "evil.example"}).status_code == 400


def test_expired_form_says_that_the_text_is_still_there() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse_in("en", "account_login"), {"login": "a@example.org"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def answered(view: Any, **headers: str) -> Any:
    """Return what the middleware makes of a view's answer or exception, as Django's handler calls it."""
    middleware = ProblemsMiddleware(view)
    request = RequestFactory().get("/en/x/", headers=headers)
    try:
        return middleware(request)
    except Exception as error:
        return middleware.process_exception(request, error)


def test_database_away_is_503_with_retry() -> None:
    def away(request: HttpRequest) -> HttpResponse:
        raise OperationalError("connection refused")

    response = answered(away)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "connection refused" not in response.content.decode()


def test_retry_after_of_the_view_wins() -> None:
    view = lambda request: HttpResponse(status=429, headers={"Retry-After": "120"})  # noqa: E731
    assert answered(view, accept="application/json")["Retry-After"] == "120"


def test_a_view_with_its_own_words_keeps_them() -> None:
    assert answered(lambda request: HttpResponse("<h1>Conflict</h1>", status=409)).content == b"<h1>Conflict</h1>"


def test_our_own_mistakes_stay_ours() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    assert answered(broken) is None


def test_500_tells_nothing_and_survives_a_broken_frame(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    assert errors.server_error(rf.get("/nl/")).status_code == 500

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(errors, "render", broken)
    response = errors.server_error(rf.get("/nl/"))
    html = response.content.decode()
    assert response.status_code == 500
    assert "secret" not in html
    assert all(f'lang="{code}"' in html for code in LANGUAGES)


def test_errors_ask_the_database_nothing_new(reader: Client, django_assert_num_queries: Any, rf: RequestFactory) -> None:
    errors.problem(rf.get("/fr/x/"), 404)
    with django_assert_num_queries(1):  # the generation, at most once a second in production
        errors.problem(rf.get("/fr/x/"), 404)


RAW = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body", [b"body=caf\xe9", b"body=\xff\xfe", b"body=\xc3\xa9 \xc3\x28", b"body=\xed\xa0\x80", b"t\xe9=1", b"body=\xf8\xa1\xa1\xa1\xa1"]
)
@pytest.mark.parametrize("path", ["/en/write/", "/en/account/login/", "/en/account/signup/"])
def test_bytes_that_are_no_utf8_are_refused_before_a_letter_is_read_wrongly(reader: Client, path: str, body: bytes) -> None:
    response = reader.post(path, body, content_type=RAW)
    assert response.status_code == 400
    assert "We cannot read this request" in response.content.decode()


def test_percent_encoded_and_plain_utf8_are_read(reader: Client) -> None:
    for body in ("body=café%20%C3%A9".encode(), b"body=caf%C3%A9"):
        response = reader.post("/en/write/", body, content_type=RAW)
        assert response.status_code == 400
        assert "café" in response.content.decode()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "application/octet-stream", "image/png", "x"])
@pytest.mark.parametrize("path", ["/en/write/", "/fr/compte/login/", "/en/topics/AAAAAA/confirm/"])
def test_what_is_no_form_is_415(reader: Client, path: str, kind: str) -> None:
    response = reader.post(path, b'{"title": "x"}', content_type=kind, headers={"accept": "application/json"})
    assert response.status_code == 415
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 415


def test_the_admin_may_talk_json_with_itself(reader: Client) -> None:
    assert reader.post("/admin/", b"{}", content_type="application/json").status_code == 302


def test_a_database_that_is_away_before_the_view_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/admin/", headers={"accept": "application/json"})
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response.json()["status"] == 503


def answer_to(exception: Exception, **headers: str) -> HttpResponse | None:
    """Return what the middleware answers when a view raises `exception`."""
    middleware = ProblemsMiddleware(lambda _request: HttpResponse())
    return middleware.process_exception(RequestFactory().get("/en/x/", headers=headers), exception)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("exception", "status"),
    [
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 400),
        (OperationalError('fts5: syntax error near ">"'), 400),
        (OperationalError("unterminated string"), 400),
        (OperationalError("malformed MATCH expression: [x]"), 400),
        (OperationalError("database is locked"), 503),
        (OperationalError("database or disk is full"), 503),
        (OperationalError("server closed the connection unexpectedly"), 503),
    ],
)
def test_what_came_from_outside_is_told_from_a_database_that_is_away(exception: Exception, status: int) -> None:
    answer = answer_to(exception, accept="application/json")
    assert answer is not None
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize("exception", [ValueError("x"), KeyError("x"), RuntimeError("x"), ZeroDivisionError("x")])
def test_our_own_faults_are_not_hidden(exception: Exception) -> None:
    assert answer_to(exception) is None


@pytest.mark.parametrize(("method", "says_again"), [("get", False), ("post", True)])
def test_a_form_that_met_a_busy_database_says_that_a_reload_sends_once(rf: RequestFactory, method: str, says_again: bool) -> None:
    answer = errors.problem(getattr(rf, method)("/en/write/"), 503)
    assert ("load this page again" in answer.content.decode()) is says_again
