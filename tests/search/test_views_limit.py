"""Too many searches: 429 with the words kept and the time to wait; what the cache answers, or nobody searched for, is not counted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts import rates
from pages.middleware.anonymous_cache import shelf
from search import views
from tests.factories import UserFactory, make_post
from tests.search.asking import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]
LANGUAGES = ("fr", "nl", "de", "en")


@pytest.fixture(autouse=True)
def _two_an_hour(settings: Any) -> Iterator[None]:
    settings.RATE_LIMITS = {"search": {"account": "2/h", "address": "2/h"}}
    for forget in (cache.clear, rates.meter.clear, shelf.clear):
        forget()
    yield
    for forget in (cache.clear, rates.meter.clear, shelf.clear):
        forget()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what an engine was asked."""
    asked: list[str] = []
    original = views.find

    def find(query: Any, **kwargs: Any) -> Any:
        asked.append(query.text)
        return original(query, **kwargs)

    monkeypatch.setattr(views, "find", find)
    return asked


def ask(client: Client, words: str, language: str = "en", **options: Any) -> Any:
    with override(language):
        return client.get(reverse("search"), {"q": words}, **options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_third_search_is_429_with_the_words_kept(searched: list[str], language: str) -> None:
    client = Client()
    assert [ask(client, word, language).status_code for word in ("cusco", "lima")] == [200, 200]
    answer = ask(client, "kaboul <b>", language)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer["Cache-Control"] == "no-store"
    assert f'<html lang="{language}"' in page
    assert 'value="kaboul &lt;b&gt;"' in page
    assert answer["Retry-After"] in page
    assert 'role="alert"' in page
    assert searched == ["cusco", "lima"]


def test_who_is_in_danger_still_finds_the_number_of_the_chosen_country(searched: list[str]) -> None:
    client = Client()
    for word in ("cusco", "lima"):
        ask(client, word)
    answer = client.get("/en/search/?q=help&country=PE")
    assert answer.status_code == 429
    assert 'href="tel:' in answer.content.decode()
    assert searched == ["cusco", "lima"]


def test_programs_get_problem_details(searched: list[str]) -> None:
    client = Client()
    for word in ("cusco", "lima"):
        ask(client, word)
    answer = ask(client, "kabul", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer.json()["status"] == 429


def test_what_the_anonymous_cache_answers_is_not_counted(searched: list[str]) -> None:
    for _ in range(20):
        assert ask(Client(), "cusco").status_code == 200
    assert searched == ["cusco"]
    assert ask(Client(), "lima").status_code == 200
    # Over the limit: what the cache holds is still served.
    assert ask(Client(), "kabul").status_code == 429
    assert ask(Client(), "cusco").status_code == 200


def test_a_refusal_is_not_kept_for_others(settings: Any, searched: list[str]) -> None:
    for word in ("cusco", "lima"):
        ask(Client(), word)
    assert ask(Client(), "kabul").status_code == 429
    assert ask(Client(), "kabul", REMOTE_ADDR="203.0.113.77").status_code == 200


@pytest.mark.parametrize("path", ["/en/search/", "/en/search/?q=", "/en/search/?q=%ff", "/en/search/?q=x&country=ZZ", "/en/search/?page=7"])
def test_what_reaches_no_engine_is_not_counted(searched: list[str], path: str) -> None:
    client = Client()
    for _ in range(5):
        assert client.get(path).status_code in {200, 400}
    assert ask(client, "cusco").status_code == 200
    assert searched == ["cusco"]


def test_members_have_a_budget_of_their_own(signed_in: Callable[..., Client], searched: list[str]) -> None:
    for word in ("one", "two"):
        ask(Client(), word)
    assert ask(Client(), "three").status_code == 429
    member, other = signed_in(UserFactory()), signed_in(UserFactory())
    assert [ask(member, word).status_code for word in ("a", "b", "c")] == [200, 200, 429]
    assert ask(other, "a").status_code == 200


def test_reading_goes_on_without_a_limit(searched: list[str]) -> None:
    post = make_post(status="published")
    build()
    post.topic.refresh_from_db()
    client = Client()
    for word in ("one", "two", "three"):
        ask(client, word)
    for address in ("/en/", "/en/topics/", f"/en/topics/{post.topic.public_id}-{post.topic.slug}/", "/en/countries/peru/", "/en/search/"):
        assert client.get(address).status_code == 200
