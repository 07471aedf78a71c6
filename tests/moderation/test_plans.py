"""Every order of the queue is entered through its index, on both databases: no sort of a growing table."""

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bench.plans import plan_as_if_large
from countries.models import Country
from forum.models import Post
from moderation.models import Decision, ReviewItem
from moderation.permissions import decisions_seen_by, reviewable_by
from moderation.queue import filtered
from tests.factories import make_post

pytestmark = pytest.mark.django_db

WAITING = 600


@pytest.fixture
def many_waiting(waiting):
    """Fill the queue with items of many countries and languages, and let PostgreSQL count them: its planner decides by figures."""
    first = waiting(countries=["BO"], language="fr")
    posts = [copy_of(first.post, public_id=f"{number:010d}", is_first=False, latest_version=None) for number in range(WAITING)]
    Post.objects.bulk_create(posts)
    codes = list(Country.objects.order_by("code").values_list("code", flat=True)[:50])
    items = [
        copy_of(
            first,
            post=post,
            public_id=f"{number:010d}",
            country_id=codes[number % 50],
            language=f"q{chr(97 + number % 20)}",
            opened_at=first.opened_at - timedelta(minutes=number),
        )
        for number, post in enumerate(posts)
    ]
    ReviewItem.objects.bulk_create(items)
    count_rows(ReviewItem)


@pytest.fixture
def many_decided(published):
    """Fill the log; the second item and the second realm have few rows in it."""
    first, second = published(), published()
    pattern = Decision.objects.of_item(first).first()
    Decision.objects.bulk_create(
        copy_of(pattern, public_id=f"{number:010d}", item=(first, second)[number == 7], realm=("live", "demo")[number % 200 == 0])
        for number in range(WAITING)
    )
    count_rows(Decision)
    return second


def count_rows(model):
    """Let PostgreSQL take its figures of a table, in the transaction of the test."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def copy_of(row, **changes):
    """Return an unsaved copy of a row."""
    same = copy(row)
    same.pk, same._state.adding = None, True
    for name, value in changes.items():
        setattr(same, name, value)
    return same


def plan(queryset):
    """Return how the database would read a queryset, in words; PostgreSQL is told that the table is not small."""
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            plan_as_if_large(cursor)
            cursor.execute(f"EXPLAIN {sql}", params)
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return "\n".join(str(row[3]) for row in cursor.fetchall())


def sorts(words):
    return "USE TEMP B-TREE FOR ORDER BY" in words or "Sort" in words.replace("Sort Key", "")


def supervisor(staff):
    return staff("supervisor")


@pytest.mark.usefixtures("many_waiting")
@pytest.mark.parametrize(
    ("chosen", "index"),
    [({}, "moderation_queue"), ({"country": "PE"}, "moderation_queue_country"), ({"language": "nl"}, "moderation_queue_language")],
)
def test_first_page_is_read_in_the_order_of_an_index(chosen, index, staff):
    items = filtered(reviewable_by(supervisor(staff)).waiting(), chosen, timezone.now()).in_order()[:26]
    words = plan(items)
    assert index in words
    assert not sorts(words)


@pytest.mark.usefixtures("many_waiting")
def test_further_pages_enter_the_index_at_their_key(staff):
    items = reviewable_by(supervisor(staff)).waiting().in_order().behind("2", timezone.now(), 5)[:26]
    words = plan(items)
    assert "moderation_queue" in words
    assert "priority" in words
    assert not sorts(words)


@pytest.mark.usefixtures("many_waiting")
def test_oldest_waiting_item_is_one_step_in_its_index():
    words = plan(ReviewItem.objects.waiting().order_by("opened_at").values("opened_at")[:1])
    assert "moderation_oldest" in words
    assert not sorts(words)


@pytest.mark.usefixtures("many_decided")
def test_history_is_read_backwards_by_key(staff):
    words = plan(decisions_seen_by(supervisor(staff)).order_by("-pk")[:51])
    assert not sorts(words)


def test_decisions_of_an_item_have_their_index(many_decided):
    words = plan(Decision.objects.of_item(many_decided)[:1])
    # Its own, or on SQLite that of the foreign key, which ends in the row's id as well.
    assert "moderation_of_item" in words or "moderation_decision_item_id" in words
    assert not sorts(words)


@pytest.mark.usefixtures("many_decided")
def test_what_is_not_sealed_yet_is_found_by_realm_and_id():
    words = plan(Decision.objects.filter(realm="demo", pk__gt=0).order_by("pk")[:1000])
    assert "moderation_of_realm" in words
    assert not sorts(words)


@pytest.mark.usefixtures("many_waiting")
def test_undecided_item_of_a_post_is_found_by_its_constraint():
    words = plan(ReviewItem.objects.undecided().filter(post=make_post()))
    assert "reviewitem" in words.lower()
    assert "SCAN moderation_reviewitem" not in words.replace("USING INDEX", "")


@pytest.mark.parametrize("minutes", [0, 60])
def test_behind_agrees_with_sorting_in_memory(minutes, waiting):
    moment = timezone.now() - timedelta(minutes=minutes)
    made = []
    for number in range(9):
        item = waiting()
        ReviewItem.objects.filter(pk=item.pk).update(priority="123"[number % 3], opened_at=moment - timedelta(minutes=number // 3))
        made.append(ReviewItem.objects.get(pk=item.pk))
    ordered = sorted(made, key=lambda i: (i.priority, i.opened_at, i.pk))
    assert list(ReviewItem.objects.in_order()) == ordered
    for at, item in enumerate(ordered):
        assert list(ReviewItem.objects.in_order().behind(item.priority, item.opened_at, item.pk)) == ordered[at + 1 :]
