"""Triggers that make decisions and their seals append-only: the database itself refuses UPDATE, DELETE and (PostgreSQL) TRUNCATE.

Lifted in two places only: `remove_realm`, which refuses the live realm, and the flush of transactional tests. A later migration
that alters one of the tables drops its triggers on SQLite (Django copies the table there): it must call `create_guards` again;
`check_audit` says when they are missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = ("moderation_decision", "moderation_decisionseal")
MESSAGE = "append-only: a decision is never changed or removed"
FUNCTION = "moderation_refuse_change"


def _names(vendor: str) -> list[tuple[str, str, str]]:
    """Return (trigger, table, operation) of a vendor."""
    operations = ["UPDATE", "DELETE", "TRUNCATE"] if vendor == "postgresql" else ["UPDATE", "DELETE"]
    return [(f"{table}_no_{operation.lower()}", table, operation) for table in GUARDED for operation in operations]


def create_guards(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; those that exist already are made anew."""
    drop_guards(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for name, table, operation in _names(connection.vendor):
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()")
            else:
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {operation} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END")


def drop_guards(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, if they are there."""
    with connection.cursor() as cursor:
        for name, table, _operation in _names(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that should exist and do not, or are disabled."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, _table, _operation in _names(connection.vendor) if name not in present]


@contextmanager
def lifted_guards(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Run a block without the triggers; they stand again afterwards, whatever happened."""
    drop_guards(connection)
    try:
        yield
    finally:
        create_guards(connection)
