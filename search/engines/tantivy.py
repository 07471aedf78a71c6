"""The embedded engine: a tantivy index in a directory named by its hash. Disposable, rebuilt from the database.

One process writes at a time (a file lock), every process reads. A deleted document leaves a tombstone with its revision and no text, so
that an older task can't bring it back; activating a new index leaves the tombstones behind.
"""

import fcntl
import json
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query, Schema, Searcher

from search.documents import WINDOW, Candidate, SearchDocument, SearchQuery
from search.engines.base import Engine, EngineUnavailable, Facets, Found, NoUsableIndex, index_hash
from search.engines.elasticsearch_mapping import analysis_settings
from search.engines.facets import facet_counts, facet_request
from search.engines.tantivy_query import QueryWriter
from search.engines.tantivy_schema import build_schema, schema_definition, to_tantivy, tombstone
from search.plan import QueryPlan
from search.thesaurus import Thesaurus

WRITER_MEMORY = 96_000_000
LOCK_SECONDS = 30.0


class TantivyEngine(Engine):
    """`directory` holds one folder per index; `epoch` is raised by a restore of the database."""

    name = "tantivy"

    def __init__(self, directory: Path, *, epoch: str = "1", thesaurus: Thesaurus | None = None) -> None:
        super().__init__(thesaurus=thesaurus)
        self.directory = directory
        self.path = directory / f"index-{index_hash([schema_definition(), analysis_settings()], epoch)}"
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] = (0, 0)

    # -- life of the index ------------------------------------------------------------------------------------------------

    @property
    def _marker(self) -> Path:
        return self.path / "activated"

    def ready(self) -> bool:
        return self._marker.is_file()

    def prepare(self) -> None:
        with self._lock():
            self.path.mkdir(parents=True, exist_ok=True)
            if not tantivy.Index.exists(str(self.path)):
                tantivy.Index(build_schema(), path=str(self.path))

    def activate(self) -> None:
        self._marker.touch()
        for other in self.directory.glob("index-*"):
            if other != self.path:
                shutil.rmtree(other, ignore_errors=True)

    def drop(self) -> None:
        self._index = None
        with self._lock():
            for path in self.directory.glob("index-*"):
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One writer in all processes. Raises EngineUnavailable when another one holds it too long."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "write.lock").open("w") as file:
            until = time.monotonic() + LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise EngineUnavailable("another process writes the search index") from None
                    time.sleep(0.02)
            yield

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """A damaged or half removed index is an engine that is down, never an error page; the next open starts afresh."""
        try:
            yield
        except (ValueError, OSError) as error:
            self._index = None
            raise NoUsableIndex(f"search index in {self.path}: {error}") from error

    def _open(self) -> tantivy.Index:
        """The index, reloaded when another process has written since."""
        try:
            state = (self.path / "meta.json").stat()
        except FileNotFoundError:
            self._index = None
            raise NoUsableIndex(f"no search index in {self.path}") from None
        seen = (state.st_mtime_ns, state.st_ino)
        if self._index is None:
            self._index = tantivy.Index.open(str(self.path))
            self._index.config_reader(reload_policy="manual")
            self._index.reload()
        elif seen != self._seen:
            self._index.reload()
        self._seen = seen
        return self._index

    # -- writing ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _writer(self) -> Iterator[tuple[tantivy.IndexWriter, Schema, Searcher]]:
        with self._lock():
            with self._readable():
                index = self._open()
                searcher = index.searcher()
                writer = index.writer(heap_size=WRITER_MEMORY, num_threads=1)
            try:
                yield writer, index.schema, searcher
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()

    def index(self, documents: Iterable[SearchDocument]) -> int:
        written = 0
        with self._writer() as (writer, schema, searcher):
            for document in documents:
                prepared = document.prepared()
                if _revision_in(searcher, schema, prepared.key) > prepared.revision:
                    continue
                writer.delete_documents_by_term("key", prepared.key)
                writer.add_document(to_tantivy(prepared))
                written += 1
        return written

    def delete(self, keys: Iterable[tuple[str, int | None]]) -> None:
        with self._writer() as (writer, schema, searcher):
            for key, revision in keys:
                there = _revision_in(searcher, schema, key)
                if revision is not None and there > revision:
                    continue
                writer.delete_documents_by_term("key", key)
                if revision is not None:
                    writer.add_document(tombstone(key, revision))

    def refresh(self) -> None:
        """Nothing to do: every search looks whether the index has changed."""

    def ids_with_revisions(self) -> Iterator[tuple[str, int]]:
        with self._readable():
            index = self._open()
            searcher = index.searcher()
            live = Query.term_query(index.schema, "live", True, "basic")
            hits = searcher.search(live, limit=max(searcher.num_docs, 1), count=False).hits
        for _, address in hits:
            with self._readable():
                stored = searcher.doc(address)
            yield str(stored["key"][0]), int(stored["revision"][0])

    # -- searching ----------------------------------------------------------------------------------------------------------

    def find(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> Found:
        if not self.ready():
            raise NoUsableIndex("the search index is not built")
        with self._readable():
            return self._find(plan, query, now)

    def _find(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> Found:
        index = self._open()
        searcher = index.searcher()
        writer = QueryWriter(index.schema, lambda name, term: searcher.doc_freq(name, term) > 0)
        conditions = writer.filters(query.filters, now)
        if plan.clauses:
            wanted = Query.boolean_query([(Occur.Must, writer.words(plan)), *writer.near(plan), *conditions])
            result = searcher.search(wanted, limit=WINDOW, count=True)
        else:
            wanted = Query.boolean_query(conditions)
            result = searcher.search(wanted, limit=WINDOW, count=True, order_by_field="published_at")

        def count_facets() -> Facets:
            with self._readable():
                return facet_counts(searcher.aggregate(wanted, facet_request(now)))

        return Found(_candidates(searcher, result.hits), _count(result), count_facets)

    def fetch(self, candidates: Sequence[Candidate]) -> list[SearchDocument | None]:
        with self._readable():
            return [_document(*candidate.address) for candidate in candidates]


def _document(searcher: Searcher, address: tantivy.DocAddress) -> SearchDocument:
    return SearchDocument.from_json(json.loads(searcher.doc(address)["document"][0]))


def _revision_in(searcher: Searcher, schema: Schema, key: str) -> int:
    """The revision of a document or of its tombstone in the index; -1 when it has neither."""
    hits = searcher.search(Query.term_query(schema, "key", key, "basic"), limit=1, count=False).hits
    if not hits:
        return -1
    value = searcher.fast_field_values("revision", [hits[0][1]])[0]
    return int(value) if value is not None else -1


def _candidates(searcher: Searcher, hits: Sequence[tuple[Any, Any]]) -> list[Candidate]:
    addresses = [address for _, address in hits]
    names = ("published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count", "is_official", "is_answered")
    columns = [searcher.fast_field_values(name, addresses) for name in names]
    found = []
    for (score, address), published, check, stale, gone, confirmed, disputed, official, answered in zip(hits, *columns, strict=True):
        found.append(
            Candidate(
                address=(searcher, address),
                identity=(address.segment_ord, address.doc),
                relevance=float(score or 0),
                published_at=int(published or 0),
                check_from=_whole(check),
                stale_from=_whole(stale),
                gone_at=_whole(gone),
                confirmed_count=int(confirmed or 0),
                disputed_count=int(disputed or 0),
                is_official=bool(official),
                is_answered=bool(answered),
            )
        )
    return found


def _count(result: Any) -> int:
    """All matches; the attribute is missing from the package's type hints."""
    return int(result.count or 0)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
