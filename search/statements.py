"""One statement for the rows of several sources, written by Django once and kept (`forum.prepared`): later calls put other ids into it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from forum.prepared import Place, Prepared
from search.documents import WINDOW
from search.extensions import Presenter

# Statements are made for so many ids of each source; fewer are filled up by repeating one.
SIZES = (20, WINDOW)


def _name(source: int, number: int) -> str:
    return f"id_{source}_{number}"


def _union(presenters: tuple[Presenter, ...], visibilities: tuple[str, ...], language: str, size: int) -> QuerySet[Any, Any]:
    """The rows of all presenters, with places for `size` ids of each."""
    queries = []
    for source, present in enumerate(presenters):
        places: Any = [Place(_name(source, number), BigIntegerField()) for number in range(size)]
        queries.append(present(places, visibilities, language))
    return queries[0].union(*queries[1:], all=True)


_prepared: Prepared[Any] = Prepared(_union)


def fetch_rows(pks_of: Mapping[Presenter, Sequence[int]], visibilities: Sequence[str], language: str) -> list[tuple[Any, ...]]:
    """The rows of all presenters for their ids, in one query; none when there are no ids."""
    wanted = {present: list(dict.fromkeys(pks)) for present, pks in pks_of.items() if pks}
    if not wanted:
        return []
    size = next(size for size in SIZES if size >= max(map(len, wanted.values())))
    ids = {_name(source, number): pk for source, pks in enumerate(wanted.values()) for number, pk in enumerate((pks + pks[:1] * size)[:size])}
    return _prepared(tuple(wanted), tuple(visibilities), language, size, **ids)
