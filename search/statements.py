"""One statement for the rows of several sources, written by Django once and kept: later calls put other ids into it.

Writing the union costs the ORM several times what the database needs to answer it, and every page of results asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models.sql.compiler import SQLCompiler

from search.documents import WINDOW
from search.extensions import Presenter

# Statements are made for so many ids of each source; fewer are filled up by repeating one.
SIZES = (20, WINDOW)
# No row has such an id: where one stands in the parameters, the id of a row belongs.
_FIRST_PLACE = -1_000_000


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL, its parameters with places for ids, and what makes values of Python of the columns (SQLite has no dates)."""

    sql: str
    parameters: tuple[Any, ...]
    converters: Mapping[int, Any]


def fetch_rows(pks_of: Mapping[Presenter, Sequence[int]], visibilities: Sequence[str], language: str) -> list[tuple[Any, ...]]:
    """The rows of all presenters for their ids, in one query; none when there are no ids."""
    wanted = {present: list(dict.fromkeys(pks)) for present, pks in pks_of.items() if pks}
    if not wanted:
        return []
    size = next(size for size in SIZES if size >= max(map(len, wanted.values())))
    statement = _statement(tuple(wanted), tuple(visibilities), language, size, connection.vendor)
    ids = [pk for pks in wanted.values() for pk in (pks + pks[:1] * size)[:size]]
    parameters = [ids[_FIRST_PLACE - value] if _is_place(value) else value for value in statement.parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        rows = cursor.fetchall()
    return [_converted(row, statement.converters) for row in rows]


def _is_place(value: Any) -> bool:
    return type(value) is int and value <= _FIRST_PLACE


def _converted(row: Sequence[Any], converters: Mapping[int, Any]) -> tuple[Any, ...]:
    values = list(row)
    for at, (functions, expression) in converters.items():
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)


@lru_cache(maxsize=64)
def _statement(presenters: tuple[Presenter, ...], visibilities: tuple[str, ...], language: str, size: int, vendor: str) -> _Statement:
    """`vendor` keeps the statements of two databases apart."""
    places = (range(_FIRST_PLACE - at * size, _FIRST_PLACE - (at + 1) * size, -1) for at in range(len(presenters)))
    queries = [present(list(ids), visibilities, language) for present, ids in zip(presenters, places, strict=True)]
    compiler: SQLCompiler = queries[0].union(*queries[1:], all=True).query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    return _Statement(sql, tuple(parameters), compiler.get_converters(columns))
