"""What the database was asked during a piece of work, and whether any of it reads a growing table from end to end."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from forum.models import Confirmation, ForumListing, Post, PostVersion, Topic, VersionCountry, VersionNeed
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem

GROWING = frozenset(
    model._meta.db_table
    for model in (Topic, Post, PostVersion, VersionCountry, VersionNeed, ForumListing, Confirmation, ReviewItem, Decision, DecisionText, DecisionSeal)
)
# What PostgreSQL would rather do with small tables: read them whole, sort them, join them by reading both sides.
ONLY_WHILE_SMALL = ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin", "enable_mergejoin")
COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
Statement = tuple[str, Any]


def asked(work: Callable[[], Any]) -> list[Statement]:
    """Do the work and return its statements with their parameters; those of transactions don't count."""
    found: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("(").upper().startswith(COUNTED):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        work()
    return found


def faults(statements: list[Statement]) -> list[str]:
    """Return one line for each statement that reads all of a growing table, or sorts more of it than it shows."""
    read = _postgresql if connection.vendor == "postgresql" else _sqlite
    found = []
    for sql, params in statements:
        if sql.lstrip("(").upper().startswith(("SELECT", "WITH")):
            found += [f"{fault}: {sql[:2000]}" for fault in read(sql, params)]
    return list(dict.fromkeys(found))


def _sqlite(sql: str, params: Any) -> Iterator[str]:
    """A walk in the order that is asked for ends at the LIMIT; every other one reads the whole table or index."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [str(row[3]) for row in cursor.fetchall()]
    names, ends = _aliases(sql), "LIMIT" in sql and "USE TEMP B-TREE FOR ORDER BY" not in steps
    for step in steps:
        words = step.split()
        table = names.get(words[1], words[1]) if words[0] == "SCAN" else ""
        if table in GROWING and not ends:
            yield step


def _aliases(sql: str) -> dict[str, str]:
    """Return the tables behind the short names that Django gives in subqueries."""
    words = sql.replace('"', "").replace("(", " ").replace(")", " ").split()
    return {words[at + 1]: word for at, word in enumerate(words[:-1]) if word in GROWING}


def plan_as_if_large(cursor: Any) -> None:
    """Let PostgreSQL plan, until the end of the transaction, as it does when tables are large: its figures of small ones change from run to run."""
    for setting in ONLY_WHILE_SMALL:
        cursor.execute(f"SET LOCAL {setting} = off")


def _postgresql(sql: str, params: Any) -> Iterator[str]:
    """Read the plan as it is when tables are large: where an index can be used, it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        plan_as_if_large(cursor)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    yield from _nodes(plan[0]["Plan"], limited=False)


def _nodes(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    limited = limited or node["Node Type"] == "Limit"
    if node.get("Relation Name") in GROWING:
        enters = "Index Cond" in node or "TID Cond" in node
        if not enters and not (limited and "Index" in node["Node Type"]):
            yield f"{node['Node Type']} of {node['Relation Name']}"
    for child in node.get("Plans", ()):
        yield from _nodes(child, limited=limited and node["Node Type"] not in {"Sort", "Aggregate", "Hash"})
