"""What is searchable: each table that has documents in the index registers a source here, in its app's `AppConfig.ready()`.

The forum and the official notices are registered by this app; `pages` adds country pages and standing pages. A source that changes calls
`search.tasks.sync_document.enqueue(name, pk, revision)` inside the transaction of the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from search.documents import SearchDocument

Presenter = Callable[[Sequence[int], Sequence[str], str], QuerySet[Any, Any]]


class UnknownSource(LookupError):
    """No source of this name is registered."""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One table with searchable rows. `name` is the first part of its documents' keys: `SearchDocument.source`, else `.entity`.

    `documents(pks)`: a document for each of these rows that the world may find now; none for the others (they are deleted from the index).
    `revisions(after, limit)`: the next (pk, revision) of all such rows with a pk above `after`, in the order of the pk.
    `address(document, language)`: the path of its page in an interface language.
    `present(pks, visibilities, language)`: what a page in this language shows beside a hit, read when it is shown (`search.shown`); a hit
    without a row is not shown. None where the index alone decides. Its SQL is kept (`search.statements`): it may depend on its arguments only,
    never on the moment.
    """

    name: str
    documents: Callable[[Sequence[int]], list[SearchDocument]]
    revisions: Callable[[int, int], list[tuple[int, int]]]
    address: Callable[[SearchDocument, str], str]
    present: Presenter | None = None


SEARCH_SOURCES: list[SearchSource] = []


def register(source: SearchSource) -> None:
    """Add a source, or replace the one of the same name (an app that is made ready twice)."""
    SEARCH_SOURCES[:] = [other for other in SEARCH_SOURCES if other.name != source.name] + [source]


def source_named(name: str) -> SearchSource:
    """The source of this name. Raises UnknownSource."""
    for source in SEARCH_SOURCES:
        if source.name == name:
            return source
    raise UnknownSource(name)


def source_of(document: SearchDocument) -> SearchSource:
    """The source that made a document. Raises UnknownSource (an index may hold documents of a version that had more sources)."""
    return source_named(document.source or document.entity)
