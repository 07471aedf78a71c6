"""`find`: what the search page, the command and later the API ask. One way from typed words to rows that may be shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from countries.enums import MatchReason, PlaceKind
from countries.places import PlaceCandidate, resolve_place
from search.documents import OFFICIAL, Filters, Part, PlaceHint, SearchDocument, SearchHit, SearchPage, SearchQuery
from search.engines import registry
from search.extensions import UnknownSource, source_of
from search.shown import Shown, shown_rows

# Filter of a query → its counts in an answer.
FACET_OF = {"countries": "countries", "needs": "needs", "kinds": "kind", "languages": "language", "states": "state", "official": "official"}

# From this weight on a name that is also an ordinary word is taken for the place (countries, capitals).
SURE_WEIGHT = 80


@dataclass(frozen=True, slots=True)
class Result:
    """One hit as a page shows it. `row` is what the database says of it now; None for a source that leaves it to the index."""

    document: SearchDocument
    title: tuple[Part, ...]
    fragment: tuple[Part, ...]
    language: str
    score: float
    row: Shown | None

    @property
    def is_official(self) -> bool:
        """Whether the State says it."""
        return self.document.entity == OFFICIAL

    @property
    def signed_as(self) -> str:
        """Whose function signs an official text; empty where it is the ministry as a whole."""
        return self.row.signed_as if self.row else ""

    @property
    def published_at(self) -> datetime | None:
        """The day that stands beside an official text; None where it has none to show."""
        return self.row.confirmed_at if self.row else None

    def address(self, language: str) -> str:
        """The path of its page in an interface language."""
        return source_of(self.document).address(self.document, language)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words of the query that name a place, and the places they may mean, the most likely first."""

    text: str
    start: int
    end: int
    candidates: tuple[PlaceCandidate, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Codes of all countries that may be meant."""
        return tuple(dict.fromkeys(candidate.country_code for candidate in self.candidates))

    @property
    def reason(self) -> str:
        """Whether the words were exact, misspelt or ambiguous (`MatchReason`)."""
        return self.candidates[0].reason

    @property
    def hint(self) -> PlaceHint:
        """What an engine should know of it."""
        is_country = all(candidate.kind in {PlaceKind.COUNTRY, PlaceKind.DEMONYM} for candidate in self.candidates)
        return PlaceHint(self.text, self.countries, is_country, self.is_sure)

    @property
    def is_sure(self) -> bool:
        """Whether one country is meant: its name, or a word that means little else ("Lima", but not a village called as a verb)."""
        return len(self.countries) == 1 and (self.reason != MatchReason.AMBIGUOUS or self.candidates[0].weight >= SURE_WEIGHT)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: results that may be shown, counts per filter value, and how the words were understood."""

    query: SearchQuery
    page: SearchPage
    results: tuple[Result, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    meanings: tuple[Meaning, ...] = ()

    @property
    def total(self) -> int:
        """How many there are; hits of this page that left the public pages a moment ago are not counted."""
        return max(self.page.total - (len(self.page.hits) - len(self.results)), 0)

    @property
    def country(self) -> str:
        """The one country that the search is about: of its filter, else of its words; empty when there is none or several."""
        if codes := self.query.filters.countries:
            return codes[0] if len(codes) == 1 else ""
        named = {code for meaning in self.meanings if meaning.is_sure for code in meaning.countries}
        return named.pop() if len(named) == 1 else ""


def find(query: SearchQuery, *, now: datetime | None = None) -> Answer:
    """Search. Places are read from the words here; an engine that is down is replaced by the simple one (`page.is_degraded`).

    Costs one query for the places and one for what is shown.
    """
    now = now or timezone.now()
    meanings = tuple(understand_places(query.words, query.language))
    hints = tuple(meaning.hint for meaning in meanings)
    query = replace(query, places=hints)
    page = registry.search(query, now=now)
    rows = shown_rows(_known(page.hits), query.filters.visibilities, query.language)
    results = tuple(result for hit in page.hits if (result := _result(hit, rows)))
    return Answer(query, page, results, _facets(query, page, now), meanings)


def understand_places(text: str, language: str) -> Iterator[Meaning]:
    """The places that a query names, group by group of its words."""
    groups: dict[tuple[int, int], list[PlaceCandidate]] = {}
    for candidate in resolve_place(text, language, is_query=True) if text else ():
        groups.setdefault((candidate.start, candidate.end), []).append(candidate)
    for (start, end), candidates in groups.items():
        yield Meaning(text[start:end], start, end, tuple(candidates))


def _known(hits: Iterable[SearchHit]) -> Iterator[SearchDocument]:
    """Documents whose source this program has; an index of another version may hold others."""
    for hit in hits:
        try:
            source_of(hit.document)
        except UnknownSource:
            continue
        yield hit.document


def _result(hit: SearchHit, rows: Mapping[str, Shown]) -> Result | None:
    """The hit as it may be shown; None when it may not. Where the index lags behind, its text gives way to the database's."""
    document = hit.document
    try:
        needs_row = source_of(document).present is not None
    except UnknownSource:
        return None
    row = rows.get(document.key)
    if row is None:
        return None if needs_row else Result(document, hit.title, hit.fragment, document.language, hit.score, None)
    if row.gone_at is not None:
        return Result(document, (Part(row.title),), (), row.language, hit.score, row)
    if row.revision != document.revision:
        return Result(replace(document, title=row.title), (Part(row.title),), (Part(row.summary),), row.language, hit.score, row)
    return Result(document, hit.title, hit.fragment, document.language, hit.score, row)


def _facets(query: SearchQuery, page: SearchPage, now: datetime) -> Mapping[str, Mapping[str, int]]:
    """Counts per value. A filter that is set is counted as if it were not: its other values show what they would give."""
    counts = dict(page.facets)
    if not query.with_facets:
        return counts
    for name in chosen_filters(query.filters):
        wider = replace(query, filters=without(query.filters, name), limit=1, offset=0)
        counts[FACET_OF[name]] = registry.search(wider, now=now).facets.get(FACET_OF[name], {})
    return counts


def chosen_filters(filters: Filters) -> Sequence[str]:
    """The filters with counts that are set."""
    return [name for name in FACET_OF if getattr(filters, name) not in ((), None)]


def without(filters: Filters, name: str) -> Filters:
    """The filters with one of them open."""
    return replace(filters, **{name: None if name == "official" else ()})  # type: ignore[arg-type]
