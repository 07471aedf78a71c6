"""The simple engine, for when the other one is down: words and beginnings of words in folded texts, the newest `WINDOW` matches, no stemming.

It says that it is simple (`is_degraded`), and asks the database once a search, twice when not all words are found together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q

from search.analysis import folded_term, folded_terms
from search.documents import OFFICIAL, WINDOW, Candidate, Filters, SearchDocument, SearchQuery
from search.engines.base import TITLE_WEIGHT, Engine, Facets, Found
from search.models import SearchText
from search.plan import Clause, QueryPlan

BATCH = 500
SHORTEST_BEGINNING = 4
NEAR_POINTS = 0.25
PLACE_POINTS = 2 * TITLE_WEIGHT


def _needle(word: str) -> str:
    """What to look for in a folded text: a whole short word, or the beginning of a longer one."""
    folded = folded_term(word)
    return f" {folded}" if len(folded) >= SHORTEST_BEGINNING else f" {folded} "


def _needles(clause: Clause) -> list[list[str]]:
    """Each alternative as the pieces that must all be there."""
    found = [[_needle(word) for word in alternative.words] for alternative in clause.alternatives]
    return [pieces for at, pieces in enumerate(found) if pieces and pieces not in found[:at]]


def _clause_condition(clause: Clause) -> Q:
    condition = Q()
    for pieces in _needles(clause):
        every = Q()
        for piece in pieces:
            every &= Q(folded__contains=piece)
        condition |= every
    for mark in _meant(clause):
        condition |= Q(marks__contains=mark)
    return condition


def _meant(clause: Clause) -> list[str]:
    """The marks of texts that a clause means, whatever their words."""
    return [_mark("country", country) for country in clause.countries] + [_mark("need", need) for need in clause.needs]


def _mark(kind: str, value: str) -> str:
    """A filter value as a word between spaces."""
    return f" {kind}_{value.lower()} "


def _marks(document: SearchDocument) -> str:
    listed = {"country": document.countries, "need": document.needs, "kind": (document.kind,), "language": (document.language,), "tag": document.tags}
    marks = [_mark(kind, value).strip() for kind, values in listed.items() for value in values if value]
    return f" {' '.join([*marks, 'official' if document.entity == OFFICIAL else 'citizen'])} "


def _folded(*texts: str) -> str:
    return f" {' '.join(term for text in texts for term in folded_terms(text))} "


def _row(document: SearchDocument) -> SearchText:
    title = _folded(*(title for _, title, _ in document.texts()))
    words = _folded(*(text for _, *texts in document.texts() for text in texts))
    return SearchText(
        key=document.key,
        revision=document.revision,
        is_live=True,
        visibility=document.visibility,
        published_at=document.published_at,
        folded_title=title,
        folded=words,
        marks=_marks(document),
        check_from=document.check_from,
        stale_from=document.stale_from,
        gone_at=document.gone_at,
        document=document.as_json(),
    )


def _state(state: str, moment: int) -> Q:
    gone = Q(gone_at__isnull=False, gone_at__lte=moment)
    if state == "gone":
        return gone
    past = Q(stale_from__isnull=False, stale_from__lte=moment)
    if state == "stale":
        return past & ~gone
    if state == "fresh":
        return Q(check_from__gt=moment) & ~gone
    return Q(check_from__lte=moment) & ~past & ~gone


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q())


def _filter_condition(filters: Filters, now: datetime) -> Q:
    """All filters; several values of one filter mean any of them, several tags mean all."""
    listed = {"country": filters.countries, "need": filters.needs, "kind": filters.kinds, "language": filters.languages}
    condition = Q(is_live=True, visibility__in=filters.visibilities)
    for kind, values in listed.items():
        condition &= _any(Q(marks__contains=_mark(kind, value)) for value in values)
    for tag in filters.tags:
        condition &= Q(marks__contains=_mark("tag", tag))
    condition &= _any(_state(state, int(now.timestamp())) for state in filters.states)
    if filters.official is not None:
        condition &= Q(marks__contains=" official " if filters.official else " citizen ")
    if filters.since is not None:
        condition &= Q(published_at__gte=filters.since)
    return condition


def _facets(documents: Iterable[SearchDocument], now: datetime) -> Facets:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("countries", "needs", "kind", "language", "state", "official")}
    for document in documents:
        counts["countries"].update(document.countries)
        counts["needs"].update(document.needs)
        counts["kind"].update(filter(None, [document.kind]))
        counts["language"].update(filter(None, [document.language]))
        counts["state"].update(filter(None, [document.state(now)]))
        counts["official"].update(["true" if document.entity == OFFICIAL else "false"])
    return {name: dict(counter) for name, counter in counts.items()}


def _meant_points(row: SearchText, clause: Clause) -> float:
    """What a text is worth for what it is about, whatever its words: much for the country that was named, a little for a need."""
    if any(_mark("country", country) in row.marks for country in clause.countries):
        return PLACE_POINTS * clause.place_weight
    return 1.0 if any(mark in row.marks for mark in _meant(clause)) else 0.0


def _relevance(row: SearchText, plan: QueryPlan) -> float:
    """One point for each clause in the text, more in the title, most for the place that was named."""
    points = 0.0
    for clause in plan.clauses:
        alternatives = _needles(clause)
        written = 0.0
        if any(all(piece in row.folded_title for piece in pieces) for pieces in alternatives):
            written = TITLE_WEIGHT
        elif any(all(piece in row.folded for piece in pieces) for pieces in alternatives):
            written = 1.0
        points += max(written, _meant_points(row, clause))
    return points + NEAR_POINTS if any(_mark("country", country) in row.marks for country in plan.near) else points


class DatabaseEngine(Engine):
    """Searches `SearchText`. Only the newest `WINDOW` rows are looked at, totals and counts end there."""

    name = "database"
    is_degraded = True

    def ready(self) -> bool:
        return True

    def prepare(self) -> None:
        """The table is made by the migrations."""

    def activate(self) -> None:
        """There is one table, readers see it at once."""

    def drop(self) -> None:
        SearchText.objects.all().delete()

    def refresh(self) -> None:
        """Rows are visible when their transaction ends."""

    # -- writing ------------------------------------------------------------------------------------------------------------

    def index(self, documents: Iterable[SearchDocument]) -> int:
        written = 0
        iterator = iter(documents)
        while batch := [document.prepared() for document in islice(iterator, BATCH)]:
            written += self._write([_row(document) for document in batch])
        return written

    def delete(self, keys: Iterable[tuple[str, int | None]]) -> None:
        wanted = dict(keys)
        SearchText.objects.filter(key__in=[key for key, revision in wanted.items() if revision is None]).delete()
        self._write([SearchText(key=key, revision=revision, is_live=False) for key, revision in wanted.items() if revision is not None])

    def _write(self, rows: Sequence[SearchText]) -> int:
        """Rows that are not older than what is there; the lock keeps two tasks from overtaking each other."""
        if not rows:
            return 0
        names = [field.name for field in SearchText._meta.concrete_fields if field.name not in {"id", "key"}]
        with transaction.atomic():
            known = SearchText.objects.select_for_update().filter(key__in=[row.key for row in rows])
            there = {row.key: row.revision for row in known.only("key", "revision")}
            newer = {row.key: row for row in rows if there.get(row.key, -1) <= row.revision}
            SearchText.objects.bulk_create(newer.values(), update_conflicts=True, unique_fields=["key"], update_fields=names)
        return len(newer)

    def ids_with_revisions(self) -> Iterator[tuple[str, int]]:
        yield from SearchText.objects.filter(is_live=True).order_by("pk").values_list("key", "revision").iterator()

    # -- searching ----------------------------------------------------------------------------------------------------------

    def find(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> Found:
        words = Q()
        for clause in plan.clauses:
            one = _clause_condition(clause)
            words = words | one if plan.is_relaxed else words & one
        rows = SearchText.objects.filter(_filter_condition(query.filters, now), words)
        newest = list(rows.order_by("-published_at", "pk")[:WINDOW])
        documents = [SearchDocument.from_json(row.document) for row in newest]
        candidates = [_candidate(document, _relevance(row, plan)) for row, document in zip(newest, documents, strict=True)]
        return Found(candidates, len(candidates), lambda: _facets(documents, now), exact=len(candidates) < WINDOW)

    def fetch(self, candidates: Sequence[Candidate]) -> list[SearchDocument | None]:
        return [candidate.address for candidate in candidates]


def _candidate(document: SearchDocument, relevance: float) -> Candidate:
    names = ("published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count", "is_answered")
    values: dict[str, Any] = {name: getattr(document, name) for name in names}
    return Candidate(address=document, relevance=relevance, identity=document.key, is_official=document.entity == OFFICIAL, **values)
