"""Every address of the site, attacked in the same ways: a POST without its token, methods that nobody sends, evil values in path, query and headers.

No answer is a 5xx, none leads to another site, and nothing is written. New addresses are attacked by being listed in pages.matrix.
Values that the site reads one by one travel together in one request: each address is asked a few dozen times, not a few thousand."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from pages.matrix import Route, routes
from tests.pages.test_matrix import Persona, World, make_world, path_of
from tests.reliability.test_half_written import picture

pytestmark = pytest.mark.django_db

HUGE, EVIL_HOST = "9" * 30, "evil.example"
# Words of readers have a token and an Origin check instead of the CSRF cookie: tests/forum/test_confirm_page.py.
OWN_TOKEN = {"topic_confirm"}
AWAY = [
    "//evil.example",
    "https:%2f%2fevil.example",
    "%5c%5cevil.example",
    "/%5cevil.example",
    "http:evil.example",
    "///evil.example",
    "/%09/evil.example",
]
QUERIES = {
    "numbers": f"page={HUGE}&p={HUGE}&id={HUGE}&revision={HUGE}&after={HUGE}&from={HUGE}&limit={HUGE}&offset=-1&since={HUGE}d&age=-1",
    "negative": "page=-1&p=-1&id=-1&limit=-1&offset=9e9&ordering=password&fields=*&locale=zz&format=json&_=%7B%7B7*7%7D%7D",
    "markup": "q=%22%3E%3Cscript%3E&country=%27%22&need=%3Cb%3E&kind=%3Cb%3E&undo=%3Cb%3E&done=%0d%0aSet-Cookie:%20a=b&title=%3Cb%3E",
    "unreadable": "q=%ff%fe&page=%00",
    "turning": "q=%E2%80%AE&title=%E2%80%AE&country=%E2%80%AE",
    "long": "q=" + "a" * 3_000 + "&next=/" + "b" * 3_000,
    "many": "&".join(["need=borders"] * 500),
    "too many": "&".join(["need=borders"] * 1_500),
    "broken": "=&&&&%&a=%ud800&kind[]=x&kind[0][a]=y",
    "away": "&".join(f"next={address}&url={address}" for address in AWAY),
}
HEADERS: dict[str, dict[str, str]] = {
    "json": {"accept": "application/json", "x-requested-with": "XMLHttpRequest", "hx-request": "true"},
    "accept": {
        "accept": "*/*;q=x,,",
        "accept-language": "zz,%00;q=9," + "x-" * 500,
        "accept-encoding": "br;q=nan, gzip;q=" + HUGE,
        "range": "bytes=9-1",
    },
    "long": {
        "accept-language": "fr-" + "a" * 4_000,
        "if-none-match": '"' * 999,
        "if-modified-since": "yesterday",
        "accept": "text/html;version=" + HUGE,
    },
    "origin": {"origin": "http://[zz", "referer": "http://[::1", "x-http-method-override": "DELETE"},
    "forwarded": {"x-forwarded-host": EVIL_HOST, "x-forwarded-for": "<script>, ::1", "x-forwarded-proto": "javascript", "x-original-url": "/admin/"},
}
COOKIES = ["sessionid=\xff; csrftoken=" + "x" * 5_000, "messages=[[[;;==; sessionid=" + "a" * 300, "; ".join(f"c{n}=1" for n in range(900))]
METHODS = ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "FOO"]


def administrator(signed_in: Any) -> World:
    """Return the world of somebody who may open most doors: what is behind them is attacked too."""
    world = make_world(Persona(Role.ADMINISTRATOR), signed_in)
    world.client.raise_request_exception = False
    return world


def is_wagtails(route: Route) -> bool:
    """Say whether a room of the admin is not of our making: it is attacked where that can find something, not in every way."""
    return route.pattern.startswith("admin/") and route.name.startswith("wagtail")


def attacked(world: World, *, wagtails: bool = True) -> list[tuple[Route, str]]:
    """Return the addresses with what the world holds in them; `wagtails` says whether those of its admin are wanted."""
    listed = (route for route in routes() if route.door is not None and route.name != "account_logout")
    return [(route, path_of(route, world)) for route in listed if wagtails or not is_wagtails(route)]


def is_staffs(path: str) -> bool:
    """Say whether visitors are led to the sign-in whatever they ask: once is enough."""
    return path.startswith("/admin/") and path != "/admin/"


def leads_away(response: Any) -> bool:
    return bool(re.match(r"([a-z]+:)?[/\\]{2}(?!testserver|localhost)|[a-z]+:(?!//)", response.headers.get("Location", "")))


def fault(response: Any) -> str:
    body = b"" if response.streaming else response.content
    faults = {
        "5xx": response.status_code >= 500,
        "leads away": leads_away(response),
        "a header was written": "X-Evil" in response.headers or "a" in response.cookies,
        "markup came through": b'"><script>' in body or b"<script>alert" in body,
    }
    return ", ".join(name for name, found in faults.items() if found)


def visitors_and_administrators(world: World, path: str) -> list[Client]:
    visitor = Client(raise_request_exception=False)
    return [world.client] if is_staffs(path) else [world.client, visitor]


def test_no_post_without_its_token_is_taken(signed_in: Any) -> None:
    world = administrator(signed_in)
    world.client.handler.enforce_csrf_checks = True
    before, taken = picture(), []
    for route, path in attacked(world):
        for headers in ({}, {"origin": f"https://{EVIL_HOST}"}, {"origin": "null"}):
            status = world.client.post(path, {"action": "approve", "revision": "1"}, headers=headers).status_code
            if status not in {403, 404, 405} and route.name not in OWN_TOKEN:
                taken.append(f"{route.name or route.pattern} {path}: {status} {headers}")
    assert not taken, "\n".join(taken)
    assert picture() == before


def test_no_visitor_writes_anything_by_any_method(signed_in: Any) -> None:
    world = make_world(Persona(Role.ANONYMOUS), signed_in)
    before, broken = picture(), []
    client = Client(raise_request_exception=False)
    for route, path in attacked(world):
        for method in METHODS[:2] if is_staffs(path) else METHODS:
            response = client.generic(method, path)
            if fault(response) or (method not in {"HEAD", "OPTIONS"} and response.status_code == 200):
                broken.append(f"{method} {route.name or route.pattern} {path}: {response.status_code}")
    assert not broken, "\n".join(broken)
    assert picture() == before


@pytest.mark.parametrize("kind", QUERIES)
def test_no_query_breaks_a_page_or_leads_away(signed_in: Any, kind: str) -> None:
    world = administrator(signed_in)
    broken = []
    for route, path in attacked(world, wagtails=kind in {"numbers", "markup"}):
        for client in visitors_and_administrators(world, path):
            response = client.get(f"{path}?{QUERIES[kind]}")
            if found := fault(response):
                broken.append(f"{route.name or route.pattern} {path}: {response.status_code} {found}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("kind", HEADERS)
def test_no_header_breaks_a_page_or_leads_away(signed_in: Any, kind: str) -> None:
    world = administrator(signed_in)
    broken = []
    for route, path in attacked(world, wagtails=kind == "json"):
        for client in visitors_and_administrators(world, path):
            response = client.get(path, headers=HEADERS[kind])
            body = b"" if response.streaming else response.content
            if (found := fault(response)) or EVIL_HOST.encode() in body:
                broken.append(f"{route.name or route.pattern} {path}: {response.status_code} {found}")
            if (
                kind == "json"
                and response.status_code >= 400
                and response.headers["Content-Type"] != "application/problem+json"
                and ":" not in route.name
            ):
                broken.append(f"{route.name or route.pattern} {path}: {response.status_code} {response.headers['Content-Type']}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("number", range(len(COOKIES)))
def test_no_cookie_breaks_a_page(signed_in: Any, number: int) -> None:
    world = make_world(Persona(Role.ANONYMOUS), signed_in)
    broken = []
    for route, path in attacked(world):
        if not is_staffs(path) and (found := fault(response := Client(raise_request_exception=False).get(path, headers={"cookie": COOKIES[number]}))):
            broken.append(f"{route.name or route.pattern} {path}: {response.status_code} {found}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("value", [HUGE, "0", "%00", "%ff", "..%2f..%2fetc", "%E2%80%AE%27", "x" * 3_000, "%0d%0aX-Evil:1"])
def test_no_value_in_a_path_breaks_a_page(signed_in: Any, value: str) -> None:
    world = administrator(signed_in)
    broken = []
    for route in routes():
        pattern = route.patterns.get("en") or route.pattern
        if route.door is None or "<" not in pattern or (value != HUGE and is_wagtails(route)):
            continue
        path = "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, pattern).replace("^", "").replace("$", "")
        for client in visitors_and_administrators(world, path):
            response = client.get(path)
            if found := fault(response):
                broken.append(f"{route.name or route.pattern} {path[:80]}: {response.status_code} {found}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("host", [EVIL_HOST, f"testserver@{EVIL_HOST}", "a b", "", "[::1", f"testserver, {EVIL_HOST}"])
def test_no_host_but_ours_is_answered(signed_in: Any, host: str) -> None:
    world = make_world(Persona(Role.ANONYMOUS), signed_in)
    client = Client(raise_request_exception=False)
    wrong = []
    for route, path in attacked(world):
        if is_staffs(path):
            continue
        response = client.get(path, headers={"host": host})
        if response.status_code != 400 or EVIL_HOST.encode() in response.content:
            wrong.append(f"{route.name or route.pattern} {path}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
