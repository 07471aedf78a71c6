"""Writes rows past the ORM: lists of values, thousands at once. For benchmarks alone: no service of the site writes like this."""

import csv
import functools
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from accounts.identifiers import ALPHABET

# What COPY reads as NULL; no value of ours is written so.
NULL_IN_COPY = "\\N"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]


def scattered(number: int, length: int) -> str:
    """Return the public id of a number: never one for two numbers, and as scattered in its index as a random one."""
    bits = 5 * length
    value = (number * 0x2545F4914F6CDD1D + 0x1B873593) & ((1 << bits) - 1)
    return "".join(PAIRS[(value >> shift) & 1023] for shift in range(0, bits, 10))


@functools.lru_cache(maxsize=256)
def moment(value: datetime) -> str:
    """Return a moment, in UTC, as both databases take it. The rows of one post name the same few again and again."""
    return str(value)[:19]


def converters() -> dict[type, Callable[[Any], Any]]:
    """Return how values get the form that this database stores: moments (in UTC, to the second), flags as 0 and 1, lists as JSON."""
    nothing = NULL_IN_COPY if connection.vendor == "postgresql" else None
    return {
        type(None): lambda _: nothing,
        bool: int,
        date: str,
        datetime: moment,
        list: json.dumps,
        dict: json.dumps,
    }


class Table:
    """Rows of one model that wait to be written."""

    def __init__(self, model: type[Model]) -> None:
        fields = model._meta.concrete_fields
        pk = model._meta.pk
        self.model, self.name = model, model._meta.db_table
        self._names = [field.attname for field in fields]
        self._converters = converters()
        self._in_order = itemgetter(*self._names)
        self._columns = ", ".join(f'"{field.column}"' for field in fields)
        self._rows: list[tuple[Any, ...]] = []
        self._last = 0 if pk.is_relation else model._default_manager.aggregate(last=Max("pk"))["last"] or 0

    def new_pk(self) -> int:
        """Return the next free primary key."""
        self._last += 1
        return self._last

    def pattern(self, instance: Model) -> dict[str, Any]:
        """Return the values of an unsaved instance, from which its likes are added."""
        return self._plain({name: getattr(instance, name) for name in self._names})

    def _plain(self, values: dict[str, Any]) -> dict[str, Any]:
        known = self._converters.get
        return {name: convert(value) if (convert := known(type(value))) else value for name, value in values.items()}

    def add(self, pattern: dict[str, Any], **values: Any) -> None:
        """Let a row wait: the pattern with values of its own."""
        self._rows.append(self._in_order(pattern | self._plain(values)))

    def _copy(self, cursor: Any) -> None:
        text = io.StringIO()
        csv.writer(text).writerows(self._rows)
        with cursor.copy(f"COPY \"{self.name}\" ({self._columns}) FROM STDIN (FORMAT csv, NULL '{NULL_IN_COPY}')") as copy:
            copy.write(text.getvalue())

    def write(self, cursor: Any) -> None:
        """Write what waits."""
        if not self._rows:
            return
        if connection.vendor == "postgresql":
            self._copy(cursor)
        else:
            marks = ", ".join("?" * len(self._names))
            cursor.connection.executemany(f'INSERT INTO "{self.name}" ({self._columns}) VALUES ({marks})', self._rows)
        self._rows.clear()


@transaction.atomic
def write(tables: list[Table]) -> None:
    """Write what waits in all tables in one transaction: rows that point at each other in a circle are checked at its end."""
    with connection.cursor() as cursor:
        for table in tables:
            table.write(cursor)


# What PostgreSQL can do without meanwhile: foreign keys first, since some of them stand on an index.
KEYS_OF = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
INDEXES_OF = (
    "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)"
)
INDEXES_OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s"


def _found(cursor: Any, sql: str, table: str) -> list[tuple[str, str]]:
    cursor.execute(sql, [table])
    return list(cursor.fetchall())


def _take_away(cursor: Any, tables: list[Table]) -> list[str]:
    """Drop what a filling is faster without; returns the statements that bring it back."""
    names, back = [table.name for table in tables], []
    postgresql = connection.vendor == "postgresql"
    for name, definition in [row for t in names for row in _found(cursor, INDEXES_OF if postgresql else INDEXES_OF_SQLITE, t)]:
        cursor.execute(f'DROP INDEX "{name}"')
        back.append(definition)
    if postgresql:
        # Neither can be changed while checks of earlier rows are still to come.
        connection.check_constraints()
        for table, (name, definition) in [(t, row) for t in names for row in _found(cursor, KEYS_OF, t)]:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            back.append(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
    else:
        if not connection.in_atomic_block:
            # SQLite refuses it inside a transaction once something temporary was made.
            cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-200000")
        # SQLite looks for children of every new row while a circle is open: without an index through the whole table.
        connection.disable_constraint_checking()
    return back


@contextmanager
def bare(tables: list[Table]) -> Iterator[None]:
    """Take indexes and foreign keys away and bring them back at the end: sorted, or joined, once, which checks every row as well."""
    with connection.cursor() as cursor:
        back = _take_away(cursor, tables)
        yield
        connection.enable_constraint_checking()
        for sql in back:
            cursor.execute(sql)


def finish(tables: list[Table]) -> None:
    """Let the database give out primary keys behind those that were written, and count the rows: PostgreSQL plans by figures."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables]):
            cursor.execute(sql)
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f'ANALYZE "{table.name}"')
