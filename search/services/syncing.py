"""Keeps the engines equal to the database: one document (`sync`), or all of them (`rebuild`)."""

from collections.abc import Callable, Iterator

from search.documents import SearchDocument, document_key
from search.engines.base import Engine, EngineUnavailable, NoUsableIndex
from search.engines.registry import all_engines
from search.extensions import SEARCH_SOURCES, SearchSource, source_named
from search.services.comparing import READ_AT_ONCE, Comparison, compare, heal, slices
from search.services.memory import give_back_memory

Progress = Callable[[str, int], None]


def sync(name: str, pk: int, revision: int) -> bool:
    """Read the row again: what the world may find is written to every engine, anything else is deleted there. Says whether it is searchable.

    `revision` is the one that the row had when this was queued: with it a deletion can't remove something newer, and nothing older comes
    back later. Raises EngineUnavailable, so that the queue tries again; UnknownSource.
    """
    documents = source_named(name).documents([pk])
    for engine in all_engines():
        if documents:
            engine.index(documents)
        else:
            engine.delete([(document_key(name, pk), revision)])
    return bool(documents)


def searchable_documents(source: SearchSource, after: int = 0) -> Iterator[SearchDocument]:
    """Every document of a source (of rows with a primary key above `after`), some hundred rows in memory."""
    while rows := source.revisions(after, READ_AT_ONCE):
        yield from source.documents([pk for pk, _ in rows])
        after = rows[-1][0]


def append(name: str, after: int) -> int:
    """Write the rows of a source with a primary key above `after` to every engine: what an import has added. Returns how many documents.

    Memory stays the same whatever their number; comparing the whole index would need some for each row. Raises EngineUnavailable, UnknownSource.
    """
    written = 0
    for engine in all_engines():
        if not engine.ready():
            raise EngineUnavailable("there is no index yet")
        for documents in slices(searchable_documents(source_named(name), after)):
            written += engine.index(documents)
            give_back_memory()
        engine.refresh()
    return written


def compare_or_rebuild(engine: Engine) -> tuple[Comparison, int | None]:
    """Compare; build the index anew where there is none that can be read: never built, removed, damaged, or that of an older release.

    Returns the comparison, and how many documents were written if it was built. Raises EngineUnavailable when the engine does not answer: an
    index that nobody can look at is never thrown away.
    """
    try:
        if engine.ready():
            return compare(engine), None
    except NoUsableIndex:
        engine.drop()
    written = rebuild(engine)
    return compare(engine), written


def rebuild(engine: Engine, *, progress: Progress | None = None) -> int:
    """Fill the index of this code, beside the one that readers use, then let them use it. Returns how many documents were written.

    What changes meanwhile is written to the new index by its own task; the comparison at the end catches what neither saw.
    """
    engine.prepare()
    written = 0
    for source in list(SEARCH_SOURCES):
        for documents in slices(searchable_documents(source)):
            written += engine.index(documents)
            give_back_memory()
            if progress:
                progress(source.name, written)
    engine.refresh()
    heal(engine, compare(engine))
    engine.activate()
    return written
