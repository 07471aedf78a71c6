"""The nightly comparison: ids and revisions of the database against those of an index; what differs is written or deleted again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from search.documents import SearchDocument, document_key
from search.engines.base import Engine
from search.extensions import SEARCH_SOURCES, SearchSource, source_named

READ_AT_ONCE = 500
# So many documents are written before an engine's lock is given back: tasks must not wait longer than their time limit.
WRITE_AT_ONCE = 5_000
SYNC_TASKS = {"search.tasks.sync_topic": "topic", "search.tasks.sync_notice": "notice"}
SYNC_ANY_TASK = "search.tasks.sync_document"

Row = tuple[str, int]
"""Name of a source and primary key."""
Revisions = tuple[int | None, int | None]
"""Of one row in the database and in the index; None where it is not."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one index differs from the database. `waiting`: rows whose task is still queued, which is no drift."""

    engine: str
    documents: int
    indexed: int
    drift: dict[Row, Revisions]
    waiting: int = 0

    @property
    def missing(self) -> list[Row]:
        """Searchable, but not in the index."""
        return [row for row, (_, there) in self.drift.items() if there is None]

    @property
    def outdated(self) -> list[Row]:
        """In the index with another revision than the database has."""
        return [row for row, (here, there) in self.drift.items() if here is not None and there is not None]

    @property
    def surplus(self) -> dict[Row, int]:
        """In the index, but not searchable (any more), with the revision that is there."""
        return {row: there for row, (here, there) in self.drift.items() if here is None and there is not None}


def compare(engine: Engine) -> Comparison:
    """Compare an index with the database. Raises EngineUnavailable.

    The two are read one after the other while people write, so that what differs is looked at twice, and only what differs in the same way
    both times, with no task on its way, counts.
    """
    different, documents, indexed = _differences(engine)
    if not different:
        return Comparison(engine.name, documents, indexed, {})
    engine.refresh()
    again, documents, indexed = _differences(engine)
    confirmed = {row: revisions for row, revisions in again.items() if different.get(row) == revisions}
    on_their_way = _waiting_rows() if confirmed else set()
    drift = {row: revisions for row, revisions in confirmed.items() if row not in on_their_way}
    return Comparison(engine.name, documents, indexed, drift, waiting=len(confirmed) - len(drift))


def _differences(engine: Engine) -> tuple[dict[Row, Revisions], int, int]:
    """What differs, how many rows are searchable, how many are indexed."""
    there: dict[str, dict[int, int]] = defaultdict(dict)
    for key, revision in engine.ids_with_revisions():
        name, _, number = key.rpartition("-")
        there[name][int(number)] = revision
    indexed = sum(map(len, there.values()))
    different: dict[Row, Revisions] = {}
    documents = 0
    for source in list(SEARCH_SOURCES):
        found = there[source.name]
        for pk, revision in _rows_of(source):
            documents += 1
            in_index = found.pop(pk, None)
            if in_index != revision:
                different[source.name, pk] = (revision, in_index)
    different |= {(name, pk): (None, revision) for name, rest in there.items() for pk, revision in rest.items()}
    return different, documents, indexed


def _rows_of(source: SearchSource) -> Iterator[tuple[int, int]]:
    after = 0
    while rows := source.revisions(after, READ_AT_ONCE * 10):
        yield from rows
        after = rows[-1][0]


def _waiting_rows() -> set[Row]:
    """Rows whose task is queued or running. A dead letter is not: its row is drift."""
    busy = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    jobs = busy.filter(task_path__in=[*SYNC_TASKS, SYNC_ANY_TASK]).order_by().values_list("task_path", "args_kwargs")
    rows = set()
    for path, arguments in jobs.iterator():
        args = arguments["args"]
        rows.add((SYNC_TASKS[path], args[0]) if path in SYNC_TASKS else (args[0], args[1]))
    return rows


def slices(documents: Iterable[SearchDocument]) -> Iterator[Iterator[SearchDocument]]:
    """The documents in parts, each to be written in one go before the next is asked for; no part is held in memory."""
    iterator = iter(documents)
    for first in iterator:
        yield chain([first], islice(iterator, WRITE_AT_ONCE - 1))


def heal(engine: Engine, comparison: Comparison) -> int:
    """Delete what must not be found, then write what is missing or outdated; returns how many rows that were.

    Every write carries its revision, so that healing can't undo what a task did meanwhile. A document that is *newer* than the database
    (restored from an older backup) therefore stays: only `rebuild_index --from-scratch` or a new data epoch removes that safely.
    """
    engine.delete([(document_key(*row), revision) for row, revision in comparison.surplus.items()])
    pks: dict[str, list[int]] = defaultdict(list)
    for name, pk in chain(comparison.missing, comparison.outdated):
        pks[name].append(pk)
    for name, wanted in pks.items():
        for documents in slices(chain.from_iterable(source_named(name).documents(some) for some in _in_groups(wanted))):
            engine.index(documents)
    engine.refresh()
    return len(comparison.drift)


def _in_groups(pks: list[int]) -> Iterable[list[int]]:
    return (pks[at : at + READ_AT_ONCE] for at in range(0, len(pks), READ_AT_ONCE))
