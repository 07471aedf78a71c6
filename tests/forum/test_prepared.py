"""Prepared queries: written once a thread and shape, the same answers as the ORM's, other values every time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import BigIntegerField, CharField, Count, DateTimeField, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from bench.plans import faults
from forum.models import Confirmation, Post, Topic
from forum.prepared import MOST_SHAPES, Place, Prepared
from forum.thread import APART, DAYS, REPLIES, read_thread
from tests.factories import make_post, make_reply

pytestmark = pytest.mark.django_db


def _posts(*fields: str) -> QuerySet[Any, Any]:
    posts = Post.objects.filter(topic=Place("topic", BigIntegerField())).select_related("author").order_by("pk")
    return posts.values_list(*fields) if fields else posts


def test_other_values_give_other_rows() -> None:
    ask = Prepared(_posts)
    one, two = make_post(status="published"), make_post(status="published")
    reply = make_reply(topic=one.topic, status="published")
    assert ask(topic=one.topic_id) == [one, reply]
    assert ask(topic=two.topic_id) == [two]
    assert ask(topic=0) == []


def test_rows_carry_their_related_objects(django_assert_num_queries: Any) -> None:
    ask = Prepared(_posts)
    post = make_post(status="published")
    name = post.author.display_name
    with django_assert_num_queries(1):
        assert ask(topic=post.topic_id)[0].author.display_name == name


def test_each_shape_is_written_once() -> None:
    made: list[tuple[str, ...]] = []

    def make(*fields: str) -> QuerySet[Any, Any]:
        made.append(fields)
        return _posts(*fields)

    ask = Prepared(make)
    post = make_post(status="published")
    for _ in range(3):
        assert ask("public_id", topic=post.topic_id) == [(post.public_id,)]
        assert ask("status", "signed_as", topic=post.topic_id) == [("published", "")]
    assert made == [("public_id",), ("status", "signed_as")]


def test_the_second_question_writes_no_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Prepared(_posts)
    post = make_post(status="published")
    ask(topic=post.topic_id)
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda *_a, **_k: pytest.fail("written again"))
    assert ask(topic=post.topic_id) == [post]


def test_a_missing_value_is_an_error_not_a_null() -> None:
    ask = Prepared(_posts)
    make_post(status="published")
    with pytest.raises(KeyError, match="topic"):
        ask()


def test_another_thread_has_statements_of_its_own() -> None:
    """A compiler belongs to the connection of its thread."""
    ask = Prepared(_posts)
    ask(topic=0)
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(ask._kept._statement.cache_info().currsize))
    thread.start()
    thread.join()
    assert seen == [0]
    assert ask._kept._statement.cache_info().currsize == 1


def test_another_connection_of_the_thread_gets_statements_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that was kept would go on asking the database of the connection before."""
    made: list[bool] = []

    def make() -> QuerySet[Any, Any]:
        made.append(True)
        return _posts()

    ask = Prepared(make)
    first, second = connections[DEFAULT_DB_ALIAS], connections.create_connection(DEFAULT_DB_ALIAS)
    ask(topic=0)
    monkeypatch.setattr("forum.prepared.connections", {DEFAULT_DB_ALIAS: second})
    ask(topic=0)
    assert len(made) == 2
    monkeypatch.setattr("forum.prepared.connections", {DEFAULT_DB_ALIAS: first})
    ask(topic=0)
    assert len(made) == 2


def test_no_choice_of_a_reader_fills_the_memory() -> None:
    ask = Prepared(lambda limit: _posts()[:limit])
    for limit in range(1, MOST_SHAPES + 10):
        assert ask(limit, topic=0) == []
    assert ask._kept._statement.cache_info().currsize == MOST_SHAPES


def test_what_is_read_beside_the_rows_comes_with_them(django_assert_num_queries: Any) -> None:
    ask = Prepared(lambda: _posts().prefetch_related("versions"))
    post = make_post(status="published")
    with django_assert_num_queries(2):
        assert [version.number for version in ask(topic=post.topic_id)[0].versions.all()] == [1]


def test_text_is_a_parameter_never_sql() -> None:
    ask = Prepared(lambda: Topic.objects.filter(place=Place("place", CharField())).order_by("pk"))
    post = make_post(status="published", place="Lima' OR 1=1 --")
    make_post(status="published", place="Lima")
    assert [topic.pk for topic in ask(place="Lima' OR 1=1 --")] == [post.topic_id]
    assert ask(place="' OR 1=1 --") == []
    assert ask(place="%s") == []


def test_moments_are_compared_as_moments() -> None:
    ask = Prepared(lambda: Topic.objects.filter(published_at__gte=Place("since", DateTimeField())).order_by("pk"))
    post = make_post(status="published")
    now = timezone.now()
    assert [topic.pk for topic in ask(since=now - timedelta(hours=1))] == [post.topic_id]
    assert ask(since=now + timedelta(hours=1)) == []


def test_groups_are_counted_anew() -> None:
    words = Confirmation.objects.filter(post=Place("post", BigIntegerField())).values_list("kind").annotate(n=Count("pk")).order_by("kind")
    ask = Prepared(lambda: words)
    post = make_post(status="published")
    assert ask(post=post.pk) == []
    Confirmation.objects.create(post=post, kind="worked", happened_date=timezone.localdate())
    assert ask(post=post.pk) == [("worked", 1)]


@pytest.mark.parametrize(("query", "shape"), [(APART, (True,)), (APART, (False,)), (REPLIES, (True, True)), (REPLIES, (False, False)), (DAYS, ())])
def test_queries_of_the_topic_page_use_an_index(query: Prepared[Any], shape: tuple[bool, ...]) -> None:
    """The plan of the very statement that the page sends."""
    values = {"topic": 1, "answer": 1, "moment": timezone.now(), "public_id": "", "post": 1, "since": timezone.now()}
    sql, parameters = query.statement(*shape, **values)
    assert faults([(sql, parameters)]) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            assert [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN")] == []


def test_a_thread_is_read_anew_after_a_reply() -> None:
    first = make_post(status="published")
    assert read_thread(first).replies == []
    reply = make_reply(topic=first.topic, status="published")
    assert read_thread(first).replies == [reply]
