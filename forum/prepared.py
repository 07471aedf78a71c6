"""Queries of the pages that most people read: written to SQL once, then asked again with other values.

The ORM writes the same statement anew for every request. For the few rows of a page that costs several times what the database needs
to answer them, and a third of what the whole page costs (docs/performance.md). A query that is prepared here stays an ordinary queryset:
its rows, related objects and conversions are made by Django.
"""

import threading
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, QuerySet, Value, prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
# Statements that one query may have in one thread: readers choose filters, and no choice of theirs may fill the memory.
MOST_SHAPES = 32


class Place(Value):
    """Stands in a query for a value of `output_field` that comes when it is asked. Goes wherever an expression may be compared with."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(None, output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Write a parameter, and be it until the value is known."""
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """Return the value of this place as the database takes it. Raises KeyError when it was not given."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class _Statement:
    """One queryset and its SQL, for one thread: its compiler belongs to the connection of that thread."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(using=queryset.db)
        self._sql, self._parameters = self._compiler.as_sql()
        queryset.query.get_compiler = lambda *_args, **_kwargs: self._compiler  # type: ignore[method-assign]

    def filled(self, values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and its parameters with these values in their places."""
        connection = self._compiler.connection
        return self._sql, tuple(each.filled(values, connection) if isinstance(each, Place) else each for each in self._parameters)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask with these values."""
        statement = self.filled(values)
        self._compiler.as_sql = lambda *_args, **_kwargs: statement  # type: ignore[method-assign]
        rows: Iterable[Any] = self._queryset._iterable_class(self._queryset)  # type: ignore[attr-defined,assignment]
        found = list(rows)
        prefetch_related_objects(found, *self._queryset._prefetch_related_lookups)  # type: ignore[attr-defined]
        return found


class _Kept(threading.local):
    """The statements of the running thread by shape, those asked last. A thread that gets another connection writes them anew."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._statement = lru_cache(maxsize=MOST_SHAPES)(lambda _connection, shape: _Statement(make(*shape)))

    def statement(self, *shape: Hashable) -> _Statement:
        """Return the statement of a shape on the connection that the thread has now."""
        return self._statement(connections[DEFAULT_DB_ALIAS], shape)


class Prepared(Generic[Row]):
    """A queryset that is written once for each shape it takes.

    `make` gets the shape (positional: whatever changes the SQL, such as which filters are set) and returns a queryset with a `Place`
    for every value. A value that is null, a list, or a slice changes the SQL: it is shape."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._kept = _Kept(make)

    def __call__(self, *shape: Hashable, **values: Any) -> list[Row]:
        """Return the rows with what the queryset reads beside them. Raises KeyError for a place without a value."""
        return self._kept.statement(*shape).rows(values)

    def statement(self, *shape: Hashable, **values: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL with its parameters, for tests that look at its plan."""
        return self._kept.statement(*shape).filled(values)
