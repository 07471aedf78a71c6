"""What a visitor without account can fill or empty has a limit: kept texts fill the table of sessions, words of readers empty the cache."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts import rates
from crisis.publication import current_generation
from forum.models import Confirmation, Post, Topic
from forum.tokens import new_token
from forum.views.steps import LONGEST_OTHER, MOST_VALUES
from tests.factories import UserFactory, make_post
from tests.forum.pages import url

pytestmark = pytest.mark.django_db

OWN = {"origin": "http://testserver"}
TYPED = {
    "kind": "tip",
    "title": "Van Lima naar Cusco",
    "body": "De bus van zes uur rijdt weer.",
    "country": "PE",
    "needs": ["borders"],
    "step": "send",
}


@pytest.fixture(autouse=True)
def _two_an_hour(settings: Any) -> Iterator[None]:
    settings.RATE_LIMITS = {"confirm": {"account": "2/h", "address": "2/h"}, "keep": {"account": "", "address": "2/h"}}
    cache.clear()
    rates.meter.clear()
    yield
    cache.clear()
    rates.meter.clear()


@pytest.fixture
def topic() -> Topic:
    found: Topic = make_post(status="published").topic
    found.refresh_from_db()
    return found


def say(client: Client, topic: Topic, day: str = "today", **options: Any) -> Any:
    sent = {"kind": "worked", "day": day, "token": new_token(topic.public_id)}
    return client.post(url("topic_confirm", public_id=topic.public_id), sent, headers=OWN, **options)


def test_the_third_word_from_one_address_is_429_and_nothing_moves(client: Client, topic: Topic) -> None:
    assert [say(client, topic).status_code for _ in range(2)] == [302, 302]
    topic.refresh_from_db()
    before = (current_generation(), topic.worked_count, topic.last_confirmed_at, topic.revision)
    answer = say(client, topic, day="yesterday")
    topic.refresh_from_db()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer.context["form"].data["day"] == "yesterday"
    assert (current_generation(), topic.worked_count, topic.last_confirmed_at, topic.revision) == before
    assert Confirmation.objects.count() == 2


def test_the_token_of_a_refused_word_is_not_spent(client: Client, topic: Topic) -> None:
    for _ in range(2):
        say(client, topic)
    sent = {"kind": "worked", "day": "today", "token": new_token(topic.public_id)}
    place = url("topic_confirm", public_id=topic.public_id)
    assert client.post(place, sent, headers=OWN).status_code == 429
    rates.meter.clear()
    assert client.post(place, sent, headers=OWN).status_code == 302


def test_another_address_and_a_member_go_on(client: Client, topic: Topic, signed_in: Callable[..., Client]) -> None:
    for _ in range(3):
        say(client, topic)
    assert say(client, topic, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert say(signed_in(UserFactory()), topic).status_code == 302


def test_wrong_forms_are_not_counted(client: Client, topic: Topic) -> None:
    place = url("topic_confirm", public_id=topic.public_id)
    for _ in range(5):
        assert client.post(place, {"kind": "zz", "day": "today", "token": "x"}, headers=OWN).status_code == 400
    assert say(client, topic).status_code == 302


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_third_text_to_keep_is_429_and_opens_no_session(language: str) -> None:
    for _ in range(2):
        assert Client().post(url("write", language), TYPED).status_code == 302
    before = Session.objects.count()
    answer = Client().post(url("write", language), TYPED)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert f'<html lang="{language}"' in answer.content.decode()
    assert Session.objects.count() == before
    assert not Post.objects.exists()


def test_a_kept_text_is_bounded_in_every_field() -> None:
    client = Client()
    flood = {
        "title": "x" * 300_000,
        "body": "y" * 300_000,
        "needs": ["borders"] * 300,
        "step": "send",
        "countries": ["PE"] * 300,
        "extra": "z" * 100_000,
    }
    answer = client.post(url("post_edit", public_id="ABCDEFGHJK"), flood)
    assert answer.status_code == 302
    (kept,) = client.session["kept_texts"].values()
    assert set(kept) == {"title", "body", "needs", "countries"}
    assert len(kept["title"][0]) == LONGEST_OTHER
    assert len(kept["body"][0]) == 40_000
    assert len(kept["needs"]) == len(kept["countries"]) == MOST_VALUES
