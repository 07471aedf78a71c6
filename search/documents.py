"""What goes into an index and what comes out: documents, queries, hits. Plain frozen values, the same for every engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from search.analysis import clean

TOPIC = "topic"
OFFICIAL = "official"
STATES = ("fresh", "check", "stale", "gone")
PUBLIC = "public"
WINDOW = 200
LONGEST_QUERY = 400


class BadSearchQuery(ValueError):
    """The query is not one that the search page could have asked (a state or cursor that does not exist)."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One published topic or official text. Times are seconds since 1970 (UTC), so that engines compare plain integers."""

    entity: str
    pk: int
    public_id: str
    revision: int
    title: str
    body: str
    language: str
    external_id: str = ""
    url: str = ""
    countries: tuple[str, ...] = ()
    place: str = ""
    needs: tuple[str, ...] = ()
    kind: str = ""
    tags: tuple[str, ...] = ()
    visibility: str = PUBLIC
    published_at: int = 0
    check_from: int | None = None
    stale_from: int | None = None
    gone_at: int | None = None
    gone_reason: str = ""
    confirmed_count: int = 0
    disputed_count: int = 0
    reply_count: int = 0
    is_answered: bool = False
    translations: tuple[tuple[str, str, str], ...] = ()
    """Accepted translations: (language, title, body)."""
    source: str = ""
    """Which table `pk` is of, where an entity has several (`search.extensions`); the entity itself when empty."""

    @property
    def key(self) -> str:
        """The identity of the document in every index."""
        return document_key(self.source or self.entity, self.pk)

    def prepared(self) -> "SearchDocument":
        """The document as an engine may store it: cleaned texts, and for a dangerous tip nothing but its title (DATA.md, Posts)."""
        if self.gone_at is not None:
            return replace(self, title=clean(self.title), body="", place="", tags=(), translations=(), check_from=None, stale_from=None)
        translations = tuple((language, clean(title), clean(body)) for language, title, body in self.translations)
        return replace(self, title=clean(self.title), body=clean(self.body), place=clean(self.place), translations=translations)

    def texts(self) -> tuple[tuple[str, str, str], ...]:
        """(language, title, body) of the original and of each accepted translation."""
        return ((self.language, self.title, self.body), *self.translations)

    def shown_in(self, language: str) -> "SearchDocument":
        """An official text in the reader's language where it exists in it; a person's text always in its own (CONTRACT.md, Addresses)."""
        if self.entity != OFFICIAL or language == self.language:
            return self
        for known, title, body in self.translations:
            if known == language:
                return replace(self, language=language, title=title, body=body, translations=())
        return self

    def state(self, now: datetime) -> str:
        """The validity at `now`, one of `STATES`; empty for what has no validity (official texts)."""
        moment = int(now.timestamp())
        if self.gone_at is not None and self.gone_at <= moment:
            return "gone"
        if self.check_from is None:
            return ""
        if self.stale_from is not None and self.stale_from <= moment:
            return "stale"
        return "check" if self.check_from <= moment else "fresh"

    def as_json(self) -> dict[str, Any]:
        """A form that JSON can hold; `from_json` reads it back."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "SearchDocument":
        """The document from `as_json`, whatever lists JSON made of its tuples."""
        known = {item.name for item in fields(cls)}
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name in known}
        values["translations"] = tuple(tuple(entry) for entry in values.get("translations", ()))
        return cls(**values)


def document_key(entity: str, pk: int) -> str:
    """The identity of a document in every index; primary keys never leave the server, an index is inside."""
    return f"{entity}-{pk}"


def epoch_seconds(moment: datetime | None) -> int | None:
    """A date of the database as the whole seconds that an index stores."""
    return None if moment is None else int(moment.timestamp())


@dataclass(frozen=True, slots=True)
class PlaceHint:
    """Words of the query that name a place, and the countries they may mean.

    `is_country`: they name the country itself or its people. `is_sure`: they mean nothing else.
    """

    text: str
    countries: tuple[str, ...]
    is_country: bool = True
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the list to; empty means all. `since`: published from this second on."""

    countries: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    official: bool | None = None
    since: int | None = None
    visibilities: tuple[str, ...] = (PUBLIC,)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked. `language`: the reader's; `offset`: where the page starts among the best `WINDOW` hits."""

    text: str = ""
    language: str = ""
    filters: Filters = field(default_factory=Filters)
    places: tuple[PlaceHint, ...] = ()
    reader_countries: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    with_facets: bool = True

    def __post_init__(self) -> None:
        """Raises BadSearchQuery for a state, a limit or an offset that no page offers."""
        if unknown := set(self.filters.states) - set(STATES):
            raise BadSearchQuery(f"unknown state {sorted(unknown)[0]!r}")
        if not 1 <= self.limit <= WINDOW or not 0 <= self.offset <= WINDOW:
            raise BadSearchQuery("limit or offset out of range")

    @property
    def words(self) -> str:
        """The text as it is searched: cleaned, one line, at most `LONGEST_QUERY` characters."""
        return " ".join(clean(self.text[: LONGEST_QUERY * 4]).split())[:LONGEST_QUERY]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text and whether it is what the reader searched. Templates print each piece escaped, a match inside `<mark>`."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the best hits by words, with what the ranking needs to know of it. `address`: where its engine reads it; `identity`: which it is."""

    address: Any
    relevance: float
    identity: Any = None
    published_at: int = 0
    check_from: int | None = None
    stale_from: int | None = None
    gone_at: int | None = None
    confirmed_count: int = 0
    disputed_count: int = 0
    is_official: bool = False
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result: the document (its body only as far as `fragment` shows it), its score and its highlighted texts."""

    document: SearchDocument
    score: float
    title: tuple[Part, ...]
    fragment: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results. `is_relaxed`: few texts or none have all the words, these have some. `is_degraded`: answered by the simple engine."""

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    total_is_exact: bool = True
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    next_offset: int | None = None
    engine: str = ""
    is_relaxed: bool = False
    is_degraded: bool = False


def plain(parts: Iterable[Part]) -> str:
    """The text of highlighted parts, without the marks."""
    return "".join(part.text for part in parts)
