"""The interface of all search engines, and what they share: plan, relax, rank, fetch, highlight."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.analysis import VERSION as ANALYSIS_VERSION
from search.documents import OFFICIAL, WINDOW, Candidate, SearchDocument, SearchHit, SearchPage, SearchQuery
from search.highlight import Wanted, best_fragment, highlight, wanted_terms
from search.plan import FOLDED, QueryPlan, build_plan
from search.ranking import Ranked, rank
from search.thesaurus import Thesaurus, default_thesaurus

# What a clause scores in a title and in a body; for a country or a need meant by the words, whatever words the text has; for the reader's own
# country, when the words name none; and for a word with a typing error.
TITLE_WEIGHT = 2.5
BODY_WEIGHT = 1.0
PLACE_SCORE = 4.0
NEED_SCORE = 1.5
NEAR_SCORE = 1.0
TYPO_WEIGHT = 0.3
TIE_BREAKER = 0.1
# Fewer hits than this with all words: texts with some of the words are shown too.
RELAX_BELOW = 10


Facets = Mapping[str, Mapping[str, int]]


class EngineUnavailable(RuntimeError):
    """The engine can't answer now: server down, index not built. The caller takes the simple engine."""


class NoUsableIndex(EngineUnavailable):
    """The engine is there, its index is not, or is damaged: building it anew helps."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found by words and filters: at most `WINDOW` candidates, all counted. `exact`: the total is a true count.

    `count_facets` gives the counts per filter value; it is asked only when this is what the page shows.
    """

    candidates: Sequence[Candidate] = ()
    total: int = 0
    count_facets: Callable[[], Facets] = dict
    exact: bool = True


def field_names(language: str) -> tuple[str, str]:
    """The fields for title and body of a language; of all languages together for `FOLDED`."""
    return ("title", "body") if language == FOLDED else (f"title_{language}", f"body_{language}")


def index_hash(definition: Any, epoch: str) -> str:
    """Ten characters that change with the mapping, the language data, the analysis code and the data epoch (raised by a restore)."""
    text = json.dumps([definition, ANALYSIS_VERSION, epoch], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def is_official(document: SearchDocument) -> bool:
    """Whether a document is the official word."""
    return document.entity == OFFICIAL


class Engine(ABC):
    """One search index. Writing is idempotent; a document never replaces a newer revision of itself."""

    name: str = ""
    is_degraded = False

    def __init__(self, *, thesaurus: Thesaurus | None = None) -> None:
        self._thesaurus = thesaurus

    @property
    def thesaurus(self) -> Thesaurus:
        """The one given, else the shipped one."""
        return self._thesaurus or default_thesaurus()

    # -- life of the index ------------------------------------------------------------------------------------------------

    @abstractmethod
    def ready(self) -> bool:
        """Whether the index of this code and data epoch is built and answers."""

    @abstractmethod
    def prepare(self) -> None:
        """Makes the index of this code if it is missing; writes go there from now on, reads not before `activate`."""

    @abstractmethod
    def activate(self) -> None:
        """Lets reads use the index of this code and removes older ones."""

    @abstractmethod
    def drop(self) -> None:
        """Removes every index of this installation. It can be rebuilt from the database."""

    # -- writing ------------------------------------------------------------------------------------------------------------

    @abstractmethod
    def index(self, documents: Iterable[SearchDocument]) -> int:
        """Writes documents that `prepared()` made safe; returns how many were written (not those older than what is there)."""

    @abstractmethod
    def delete(self, keys: Iterable[tuple[str, int | None]]) -> None:
        """Removes documents by (key, revision); with a revision, older ones can't come back."""

    @abstractmethod
    def refresh(self) -> None:
        """Makes what was written visible to the next search."""

    @abstractmethod
    def ids_with_revisions(self) -> Iterator[tuple[str, int]]:
        """Key and revision of every document, for the nightly comparison with the database."""

    # -- searching ----------------------------------------------------------------------------------------------------------

    @abstractmethod
    def find(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> Found:
        """The best `WINDOW` candidates by words under the query's filters; the newest first when the plan has no clauses."""

    @abstractmethod
    def fetch(self, candidates: Sequence[Candidate]) -> list[SearchDocument | None]:
        """The documents of some candidates, in their order; None for one that was deleted meanwhile."""

    def search(self, query: SearchQuery, *, now: datetime) -> SearchPage:
        """One page of results. Raises EngineUnavailable."""
        plan = build_plan(query, self.thesaurus)
        found, ordered, relaxed = self._find_enough(plan, query, now)
        chosen = ordered[query.offset : query.offset + query.limit]
        documents = self.fetch([candidate for candidate, _ in chosen])
        scores = [score for _, score in chosen]
        end = query.offset + query.limit
        return SearchPage(
            hits=tuple(_hits(documents, scores, plan, query.language)),
            total=found.total,
            total_is_exact=found.exact,
            facets=found.count_facets() if query.with_facets else {},
            next_offset=end if end < min(len(ordered), WINDOW) else None,
            engine=self.name,
            is_relaxed=relaxed,
            is_degraded=self.is_degraded,
        )

    def _find_enough(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> tuple[Found, list[Ranked], bool]:
        """What was found, in its order, and whether texts with only some of the words are among it: they stand after all others."""
        found = self.find(plan, query, now)
        if not plan.clauses:
            return found, [(candidate, 0.0) for candidate in found.candidates], False
        if found.total >= RELAX_BELOW:
            return found, rank(found.candidates, now), False
        more = self.find(plan.relaxed(), query, now)
        if more.total <= found.total:
            return found, rank(found.candidates, now), False
        first = {candidate.identity for candidate in found.candidates}
        best, rest = (rank([each for each in more.candidates if (each.identity in first) is wanted], now) for wanted in (True, False))
        return more, best + rest, True


def _hits(documents: Sequence[SearchDocument | None], scores: Sequence[float], plan: QueryPlan, reader: str) -> Iterator[SearchHit]:
    by_language: dict[str, Wanted] = {}
    for found, score in zip(documents, scores, strict=True):
        if found is None:
            continue
        document = found.shown_in(reader)
        language = document.language
        wanted = by_language.get(language) or by_language.setdefault(language, wanted_terms(plan, language))
        yield SearchHit(document, round(score, 4), highlight(document.title, wanted), best_fragment(document.body, wanted))
