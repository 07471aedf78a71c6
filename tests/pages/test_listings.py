"""What home and country pages ask of the lists: the plans of the very statements that they send, and who sees what."""

from typing import Any

import pytest
from django.db import connection

from bench.plans import faults
from forum.enums import Kind
from forum.prepared import Prepared
from pages import listings, notices
from tests.factories import make_post

pytestmark = pytest.mark.django_db

ANYBODY = (False, False)
STATEMENTS: list[tuple[Prepared[Any], tuple[Any, ...]]] = [
    (listings.LISTED, (Kind.TIP, listings.CONFIRMED, 30, *ANYBODY)),
    (listings.LISTED, (Kind.QUESTION, listings.NEWEST_FIRST, 5, *ANYBODY)),
    (listings.LISTED, (Kind.OFFER, listings.NEWEST_FIRST, 5, False, True)),
    (listings.BEST_OF_EACH_NEED, ANYBODY),
    (notices.OF_COUNTRY, ()),
    (notices.FOR_EVERYBODY, ()),
]


@pytest.mark.parametrize(("query", "shape"), STATEMENTS[:4])
def test_every_range_of_the_lists_has_its_index(query: Prepared[Any], shape: tuple[Any, ...]) -> None:
    sql, parameters = query.statement(*shape, country="PE")
    assert faults([(sql, parameters)]) == []
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plan = [row[3] for row in cursor.fetchall()]
    assert not [line for line in plan if line.startswith("SCAN")], plan
    assert any("forum_list_kind" in line for line in plan), plan


@pytest.mark.parametrize(("query", "shape"), STATEMENTS)
def test_a_statement_asks_one_thing(query: Prepared[Any], shape: tuple[Any, ...], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert query(*shape, country="PE", code="PE") == []


def test_the_standing_of_a_reader_is_part_of_the_statement() -> None:
    """One kept for staff must never answer a visitor."""
    post = make_post(status="published", countries=["PE"])
    post.topic.listings.update(visibility="staff")
    assert [row.topic_id for row in listings.confirmed_tips("PE", reader={"member": True, "staff": True})] == [post.topic_id]
    assert listings.confirmed_tips("PE", reader={"member": True, "staff": False}) == []
    assert listings.confirmed_tips("PE") == []


def test_a_country_is_a_value_not_a_shape() -> None:
    make_post(status="published", countries=["PE"])
    listings.confirmed_tips("PE")
    kept = listings.LISTED._kept._statement.cache_info().currsize
    assert len(listings.confirmed_tips("PE")) == 1
    assert listings.confirmed_tips("BJ") == []
    assert listings.LISTED._kept._statement.cache_info().currsize == kept
