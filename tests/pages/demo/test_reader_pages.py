"""The bars of the reader pages (PERFORMANCE.md) on the demonstration, in the four languages: bytes, EDGE seconds, requests, queries."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from bench.edge import COLD_ROUND_TRIPS, WARM_ROUND_TRIPS, edge_seconds
from countries import directory
from forum.filters import PAGE_SIZE
from forum.lively import lively_countries
from forum.models import Topic
from pages.compression import QUICK, encode
from search.engines import registry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

LANGUAGES = ("fr", "nl", "de", "en")
MOST_BYTES, MOST_CSS_BYTES = 14_000, 10_500
COLD_SECONDS, WARM_SECONDS = 3.1, 1.1
MOST_QUERIES = {"home": 8, "country": 8, "list": 5, "topic": 5, "search": 3}
WORDS = {"fr": "bus", "nl": "visum", "de": "Apotheke", "en": "border"}
FETCHED = re.compile(
    r"<script|<link[^>]+rel=.?(?:stylesheet|preload|manifest)|<img|<iframe|<object|@import|@font-face|url\((?!.?data:)", re.IGNORECASE
)


def _forget_engines() -> None:
    registry.main_engine.cache_clear()
    registry.simple_engine.cache_clear()
    registry.breaker.reset()


@pytest.fixture(scope="module")
def site(shared_demo: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demonstration with its standing pages and an index of its own."""
    with django_db_blocker.unblock(), override_settings(SEARCH_DIR=tmp_path_factory.mktemp("search"), SEARCH_ENGINE="tantivy"):
        _forget_engines()
        call_command("ensure_site", verbosity=0)
        call_command("rebuild_index", verbosity=0)
        yield
        _forget_engines()


def _topics() -> list[Topic]:
    return list(Topic.objects.published().filter(visibility="public", gone_at__isnull=True).order_by("-reply_count", "pk"))


def _home() -> list[str]:
    return [reverse("home")]


def _countries(language: str) -> list[str]:
    return [reverse("country", args=[directory.entry(code).slug(language)]) for code in lively_countries()]


def _lists() -> list[str]:
    first = reverse("topic_list")
    return [first, f"{first}?country=PE", f"{first}?kind=question", f"{first}?state=stale&sort=confirmed"]


def _topic_pages() -> list[str]:
    return [reverse("topic", args=[topic.public_id, topic.slug]) for topic in _topics()]


def _searches(language: str) -> list[str]:
    return [f"{reverse('search')}?q={WORDS[language]}", f"{reverse('search')}?q=", f"{reverse('search')}?country=PE"]


PATHS: dict[str, Callable[[str], list[str]]] = {
    "home": lambda _language: _home(),
    "country": _countries,
    "list": lambda _language: _lists(),
    "topic": lambda _language: _topic_pages(),
    "search": _searches,
}


def pages(kind: str, language: str) -> Iterator[tuple[str, str]]:
    """Return the path and the HTML of each page of a kind, uncached."""
    with override(language):
        paths = PATHS[kind](language)
    assert paths
    client = Client()
    for path in paths:
        response = client.get(f"{path}{'&' if '?' in path else '?'}uncached=1")
        assert response.status_code == 200, path
        yield path, response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PATHS)
def test_a_page_is_small_and_quick_on_edge(kind: str, language: str) -> None:
    for path, html in pages(kind, language):
        size = len(encode(html.encode(), "br", QUICK))
        assert size <= MOST_BYTES, path
        assert edge_seconds(size, round_trips=COLD_ROUND_TRIPS) <= COLD_SECONDS, (path, size)
        assert edge_seconds(size, round_trips=WARM_ROUND_TRIPS) <= WARM_SECONDS, (path, size)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_are_measured_have_something_on_them(language: str) -> None:
    """An empty page would meet every bar."""
    shown = {kind: max(html.count('class="row"') for _path, html in pages(kind, language)) for kind in ("home", "country", "list", "search")}
    assert min(shown.values()) >= 4, shown
    assert shown["list"] == PAGE_SIZE


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_is_one_request_with_its_styles_inside(kind: str) -> None:
    for path, html in pages(kind, "fr"):
        assert FETCHED.findall(html) == [], path
        assert 0 < sum(len(css) for css in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)) <= MOST_CSS_BYTES, path


@pytest.mark.parametrize("kind", PATHS)
def test_queries_of_a_warm_process(kind: str, settings: Any) -> None:
    settings.GENERATION_SECONDS = 60
    list(pages(kind, "de"))
    with CaptureQueriesContext(connection) as captured:
        asked = len(list(pages(kind, "de")))
    # Looking for the paths is the test's own query.
    assert len(captured) <= asked * MOST_QUERIES[kind] + 1


def test_a_gzip_reader_gets_a_small_page_too() -> None:
    """Old phones and some proxies know no brotli."""
    for path, html in pages("home", "fr"):
        assert len(encode(html.encode(), "gzip", QUICK)) <= MOST_BYTES, path
