"""The database is locked by another, or its disk is full: reading goes on, writing answers 503 and leaves nothing, a reload stores once."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from forum.models import Confirmation, Post, PostVersion, Topic
from forum.tokens import new_token
from moderation.models import Decision, ReviewItem
from tests.factories import UserFactory, make_post
from tests.forum.pages import url

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers and its own disk"),
]

TYPED = {
    "kind": "tip",
    "title": "Van Lima naar Cusco",
    "body": "De bus van zes uur rijdt weer. " * 600,
    "country": "PE",
    "needs": ["borders"],
    "step": "send",
    "key": "d" * 32,
}


@pytest.fixture
def other() -> Iterator[sqlite3.Connection]:
    """Return another connection, which takes the write lock as a long import does."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(Path(connection.settings_dict["NAME"]), isolation_level=None, timeout=5)

    yield other
    if other.in_transaction:
        other.execute("ROLLBACK")
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000")


@pytest.fixture
def full() -> Iterator[Callable[[], None]]:
    """Let the database grow no further, as on a full disk."""
    connection.ensure_connection()

    def fill() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            cursor.execute("PRAGMA freelist_count")
            free = cursor.fetchone()[0]
        for _ in range(free + 5):
            try:
                cache_row()
            except Exception:
                return
        raise AssertionError("the database still grows")

    def cache_row() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS filling (row TEXT)")
            cursor.execute("INSERT INTO filling VALUES (%s)", ["x" * 4_000])

    yield fill
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
        cursor.execute("DROP TABLE IF EXISTS filling")


def counts() -> list[int]:
    return [model._default_manager.count() for model in (Post, PostVersion, Topic, ReviewItem, Decision, Confirmation)]


def test_reading_goes_on_while_another_writes(other: sqlite3.Connection, signed_in: Callable[..., Client]) -> None:
    post = make_post(status="published")
    post.topic.refresh_from_db()
    member = signed_in(UserFactory())
    other.execute("BEGIN IMMEDIATE")
    place = url("topic", public_id=post.topic.public_id, slug=post.topic.slug)
    for address in (
        "/nl/",
        url("topic_list"),
        place,
        "/en/countries/peru/",
        "/en/search/?q=bus",
        "/en/topics/feed/",
        "/en/write/",
        "/en/account/login/",
    ):
        assert Client().get(address).status_code == 200, address
        assert member.get(address).status_code in {200, 302}, address


def test_a_text_is_503_while_another_writes_and_a_reload_stores_it_once(other: sqlite3.Connection, signed_in: Callable[..., Client]) -> None:
    member, before = signed_in(UserFactory()), counts()
    other.execute("BEGIN IMMEDIATE")
    answer = member.post(url("write", "en"), TYPED)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "load this page again" in answer.content.decode()
    assert counts() == before
    other.execute("ROLLBACK")
    assert [member.post(url("write", "en"), TYPED).status_code for _ in range(2)] == [302, 302]
    assert counts()[:4] == [n + 1 for n in before[:4]]


def test_a_word_is_503_while_another_writes(other: sqlite3.Connection, settings: Any) -> None:
    post = make_post(status="published")
    place, sent = url("topic_confirm", public_id=post.topic.public_id), {"kind": "worked", "day": "today", "token": new_token(post.topic.public_id)}
    other.execute("BEGIN IMMEDIATE")
    answer = Client().post(place, sent, headers={"origin": "http://testserver"})
    assert answer.status_code == 503
    assert not Confirmation.objects.exists()


def test_a_full_disk_stores_no_half_of_a_text(full: Callable[[], None], signed_in: Callable[..., Client]) -> None:
    member, before = signed_in(UserFactory()), counts()
    full()
    answer = member.post(url("write", "en"), TYPED)
    assert answer.status_code == 503
    assert "load this page again" in answer.content.decode()
    assert counts() == before
    assert Client().get("/nl/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    first, second = (member.post(url("write", "en"), TYPED) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert counts() == [n + 1 for n in before[:4]] + before[4:]
