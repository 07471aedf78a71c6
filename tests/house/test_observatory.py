"""The rules of the Mozilla HTTP Observatory (npm `@mdn/mdn-http-observatory`, algorithm 4) on the public pages, as https serves them.

A scan of the site behind TLS gave A+, 130 points, 10 of 10 (SECURITY.md says how); these are the same rules, so that none is lost unseen."""

import re
from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pages.message_storage import MessageStorage
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db

SIX_MONTHS = 15_768_000
PATHS = [
    "/", "/en/", "/fr/pays/perou/", "/nl/onderwerpen/", "/de/suche/?q=visum", "/en/topics/feed/", "/en/write/", "/en/account/login/",
    "/en/account/signup/", "/en/nothing/", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/healthz",
    "/admin/", "/c/pe", "/en/account/", "/en/search/?q=%ff",
]  # fmt: skip


@pytest.fixture
def https(settings: Any) -> Client:
    """Return a browser of a site whose BASE_URL is https (config/settings.py, LOCAL)."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.MESSAGES_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken", "__Host-messages"
    return Client()


def policy(answer: Any) -> dict[str, set[str]]:
    parts = (part.strip().split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.parametrize("path", PATHS)
def test_every_rule_on_every_page(https: Client, path: str) -> None:
    answer = https.get(path, secure=True)
    headers = answer.headers
    found = policy(answer)
    assert found["default-src"] == {"'none'"}
    assert not {source for sources in found.values() for source in sources if "unsafe" in source or source in {"*", "http:", "https:", "ws:"}}
    assert not {"data:", "blob:"} & (found["script-src"] | found.get("object-src", set()))
    assert found["frame-ancestors"] == {"'none'"}
    assert found["base-uri"] == {"'none'"}
    assert found["form-action"] == {"'self'"}
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    age = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])
    assert age
    assert int(age[1]) >= SIX_MONTHS
    assert {"includeSubDomains", "preload"} <= {part.strip() for part in headers["Strict-Transport-Security"].split(";")}
    if "html" in headers.get("Content-Type", ""):
        assert not re.findall(r'<script[^>]+src="(?:https?:)?//', answer.content.decode()), (
            "a foreign script would need its hash (subresource integrity)"
        )


@pytest.mark.parametrize("path", PATHS[:6])
def test_http_leads_to_https_on_the_same_host_first(https: Client, path: str) -> None:
    answer = https.get(path)
    assert answer.status_code == 301
    assert answer["Location"] == f"https://testserver{path}"


def check(cookie: "Morsel[str]") -> None:
    assert cookie.key.startswith("__Host-")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] in {"Lax", "Strict"}
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_every_cookie_is_tied_to_this_host(https: Client, signed_in: Callable[..., Client]) -> None:
    make_post(status="published")
    set_by = []
    for path in ("/en/write/", "/en/account/login/", "/en/account/signup/", "/en/account/password/reset/"):
        set_by += list(https.get(path, secure=True).cookies.values())
    member = signed_in(UserFactory())
    profile = "/en/account/profile/"
    set_by += list(member.get(profile, secure=True).cookies.values())
    answer = member.post(profile, {"pseudonym": "Somebody new", "about": ""}, secure=True)
    assert answer.status_code == 302
    set_by += list(answer.cookies.values())
    assert {cookie.key for cookie in set_by} >= {"__Host-csrftoken", "__Host-messages"}
    for cookie in set_by:
        check(cookie)


def test_a_word_after_an_act_waits_in_the_named_cookie_and_goes(https: Client, rf: RequestFactory) -> None:
    def request(value: str = "") -> Any:
        made = rf.get("/")
        made.session = SessionStore()
        if value:
            made.COOKIES["__Host-messages"] = value
        return made

    response, first = HttpResponse(), request()
    storage = MessageStorage(first)
    storage.add(constants.INFO, "Kept")
    storage.update(response)
    check(response.cookies["__Host-messages"])
    assert not first.session.items()
    sent = response.cookies["__Host-messages"].value
    assert [message.message for message in MessageStorage(request(sent))] == ["Kept"]
    assert not list(MessageStorage(request(f"{sent[:-3]}xxx")))
