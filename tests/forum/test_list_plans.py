"""Every filter combination that a list offers walks an index in its order, on both databases: nothing is sorted, nothing else is read.

PostgreSQL decides by figures, so the table is filled and counted in the transaction of the test, and what it would rather do with a small
table is switched off. The rows come from a fixed seed: the figures are the same at every run.
"""

import re
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from bench.filling import fill_once
from bench.plans import plan_as_if_large
from bench.steps import combinations
from forum.filters import PAGE_SIZE, read_filter
from forum.models import ForumListing

pytestmark = pytest.mark.django_db
POSTS = 2_000


@pytest.fixture
def filled() -> None:
    fill_once(POSTS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            plan_as_if_large(cursor)


def index_of(asked: dict[str, Any]) -> str:
    """Return the name of the index that stands for a combination."""
    parts = [
        "forum",
        "gone" if asked.get("state") == "gone" else "list",
        *(["kind"] if "kind" in asked else []),
        *(["lang"] if "language" in asked else []),
        asked["sort"],
    ]
    return "_".join(parts)


def plan_of(asked: dict[str, Any]) -> str:
    return str(read_filter(asked).rows()[: PAGE_SIZE + 1].explain())


def indexes_in(plan: str) -> list[str]:
    """Return the indexes of the list table that a plan walks."""
    return re.findall(r"(?:USING INDEX|Index (?:Only )?Scan (?:Backward )?using) (forum_(?:list|gone)_\w+|forum_listing_once)", plan)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("sort", ["newest", "confirmed"])
def test_every_combination_walks_its_index_in_order(sort: str) -> None:
    wrong = {}
    for query in combinations():
        asked = QueryDict(query).dict()
        if asked["sort"] != sort:
            continue
        plan = plan_of(asked)
        found, wanted = indexes_in(plan), index_of(asked)
        if "TEMP B-TREE" in plan or "Sort" in plan or not is_good(found, wanted, asked):
            wrong[query] = (wanted, plan)
    assert wrong == {}


def is_good(found: list[str], wanted: str, asked: dict[str, Any]) -> bool:
    """SQLite takes the index of the combination. PostgreSQL may take a wider one of the same rows in the same order where few rows are left:
    those of a country or a need, and tombstones, which are a handful among all (the indexes named gone hold nothing else)."""
    if connection.vendor == "sqlite":
        return found == [wanted]
    few = bool({"country", "need"} & set(asked)) or asked.get("state") == "gone"
    same_rows = found[0].split("_")[1] == wanted.split("_")[1] if few and len(found) == 1 else found == [wanted]
    return same_rows and found[0].endswith(asked["sort"])


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("query", ["kind=tip&sort=newest", "language=de&sort=confirmed", "country=PE&need=borders&sort=newest", "sort=newest"])
def test_a_further_page_enters_the_index_at_its_cursor(query: str) -> None:
    asked = QueryDict(query).dict()
    first = read_filter(asked)
    row = first.rows()[3]
    plan = plan_of(asked | {"page": first.cursor_after(row)})
    assert indexes_in(plan) == [index_of(asked)], plan
    assert re.search(r"newest_at<|confirmed_at<|newest_at <=|confirmed_at <=", plan), plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_no_index_is_for_a_combination_that_no_list_offers() -> None:
    kinds = {index_of(QueryDict(query).dict()) for query in combinations()}
    assert {index.name for index in ForumListing._meta.indexes} == kinds
    assert len(kinds) == 16


def test_combinations_are_all_that_a_list_offers() -> None:
    found = {tuple(sorted(QueryDict(query).dict())) for query in combinations()}
    names = ["country", "need", "kind", "language", "state", "since"]
    wanted = {tuple(sorted([*(n for n, used in zip(names, flags, strict=True) if used), "sort"])) for flags in product([0, 1], repeat=6)}
    assert found == wanted
    assert all(not read_filter(QueryDict(query).dict()).errors for query in combinations())
