"""Rows written past the ORM come back as the ORM would have written them; indexes and keys that were taken away come back too."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from bench.bulk import Table, bare, finish, write
from countries.models import Country
from forum.models import Confirmation, ForumListing, Post, Topic, VersionNeed
from moderation.models import Decision, DecisionSeal, ReviewItem
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 18, 12, 30, 5, tzinfo=UTC)
TRICKY = ["", "a,b", 'say "hello"', "two\nlines\r\n", "tab\there", "’é🙂", " space ", "NULL", "0"]


def schema_of(*models):
    """Return the indexes and foreign keys of some tables, by name."""
    with connection.cursor() as cursor:
        return {
            (model._meta.db_table, name, tuple(found["columns"]), found["unique"], found["foreign_key"])
            for model in models
            for name, found in connection.introspection.get_constraints(cursor, model._meta.db_table).items()
        }


@pytest.mark.parametrize("text", TRICKY)
def test_text_comes_back_as_it_was(text):
    table, author = Table(Topic), UserFactory()
    pk = table.new_pk()
    table.add(table.pattern(Topic()), id=pk, public_id="ABC234", author_id=author.pk, place=text, title=text)
    write([table])
    assert Topic.objects.values_list("place", "title").get(pk=pk) == (text, text)


def test_every_sort_of_value_comes_back():
    post = make_post(status="published")
    table = Table(ReviewItem)
    values = {"findings": [{"code": "é", "severity": 2}], "opened_at": AT, "target_at": AT, "decided_at": AT, "escalated": True, "revision": 7}
    pattern = table.pattern(ReviewItem(subject="post", state="decided", post=post, version=post.live_version, author=post.author))
    pk = table.new_pk()
    table.add(pattern, id=pk, public_id="ABCDEFGH23", country_id=None, **values)
    write([table])
    item = ReviewItem.objects.get(pk=pk)
    assert {name: getattr(item, name) for name in values} == values
    assert (item.country_id, item.is_edit, item.need, item.post_id) == (None, False, "", post.pk)


def test_days_and_empty_moments_come_back():
    post, table = make_post(status="published"), Table(Confirmation)
    pattern = table.pattern(Confirmation(post=post, kind="worked", happened_date=date(2026, 3, 18), created_at=AT))
    pk = table.new_pk()
    table.add(pattern, id=pk, public_id="ABCDEFGH23", user_id=None)
    write([table])
    word = Confirmation.objects.get(pk=pk)
    assert (word.happened_date, word.created_at, word.user) == (date(2026, 3, 18), AT, None)


def test_keys_go_on_behind_what_was_written():
    table, author = Table(Topic), UserFactory()
    assert table.new_pk() == table.new_pk() - 1
    pk = table.new_pk() + 500
    table.add(table.pattern(Topic()), id=pk, public_id="ABC234", author_id=author.pk)
    write([table])
    finish([table])
    assert Topic.objects.create(author=author).pk > pk


def test_what_was_written_is_not_written_again():
    table, author = Table(Topic), UserFactory()
    table.add(table.pattern(Topic()), id=table.new_pk(), public_id="ABC234", author_id=author.pk)
    write([table])
    write([table])
    assert Topic.objects.count() == 1


def test_constraints_hold_for_these_rows_too():
    table, author = Table(Topic), UserFactory()
    table.add(table.pattern(Topic()), id=table.new_pk(), public_id="ABC234", author_id=author.pk, status="published")
    with pytest.raises(Exception, match="forum_topic_published_complete"), transaction.atomic():
        write([table])
    assert not Topic.objects.exists()


def test_indexes_and_foreign_keys_come_back():
    models = [Topic, Post, ForumListing, VersionNeed, ReviewItem, Decision, DecisionSeal]
    make_post(status="published")
    before = schema_of(*models)
    assert any("forum_list_newest" in name for _table, name, *_rest in before)
    with bare([Table(model) for model in models]):
        meanwhile = schema_of(*models)
    assert meanwhile < before
    assert not any("forum_list_newest" in name for _table, name, *_rest in meanwhile)
    assert schema_of(*models) == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite checks no key that was switched off meanwhile")
def test_a_row_that_points_nowhere_is_refused_when_its_key_comes_back():
    table = Table(Topic)
    table.add(table.pattern(Topic()), id=table.new_pk(), public_id="ABC234", author_id=10**6)
    with pytest.raises(IntegrityError), transaction.atomic(), bare([table]):
        write([table])
    assert not Topic.objects.exists()


def test_other_tables_are_left_alone():
    before = schema_of(User, Country)
    with bare([Table(Topic)]):
        assert schema_of(User, Country) == before
