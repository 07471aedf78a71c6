"""Writes a query plan and filters as Elasticsearch queries. The server analyses the words, with the analyzers made from the same data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query

from search.documents import Filters
from search.engines.base import BODY_WEIGHT, NEAR_SCORE, NEED_SCORE, PLACE_SCORE, TIE_BREAKER, TITLE_WEIGHT, TYPO_WEIGHT, field_names
from search.plan import FOLDED, Alternative, Clause, QueryPlan


def _alternative(alternative: Alternative) -> Iterator[Query]:
    text = " ".join(alternative.words)
    for name, weight in zip(field_names(alternative.language), (TITLE_WEIGHT, BODY_WEIGHT), strict=True):
        options: dict[str, Any] = {"query": text, "boost": alternative.weight * weight}
        if alternative.phrase and len(alternative.words) > 1:
            yield Q("match_phrase", **{name: {**options, "slop": 1}})
        else:
            yield Q("match", **{name: {**options, "operator": "and"}})


def _typo(word: str) -> Iterator[Query]:
    for name in field_names(FOLDED):
        options = {"query": word, "fuzziness": 2 if len(word) > 8 else 1, "prefix_length": 1, "max_expansions": 20, "boost": TYPO_WEIGHT}
        yield Q("match", **{name: options})


def _clause(clause: Clause, *, typos: bool) -> Query:
    queries = [query for alternative in clause.alternatives for query in _alternative(alternative)]
    if typos and clause.typo_of:
        queries.extend(_typo(clause.typo_of))
    if clause.countries:
        queries.append(_among("countries", clause.countries, PLACE_SCORE * clause.place_weight))
    if clause.needs:
        queries.append(_among("needs", clause.needs, NEED_SCORE))
    return Q("dis_max", queries=queries, tie_breaker=TIE_BREAKER)


def _among(name: str, values: Sequence[str], score: float) -> Query:
    return Q("constant_score", filter=Q("terms", **{name: list(values)}), boost=score)


def near_queries(plan: QueryPlan) -> list[Query]:
    """What raises a text without being asked for: the reader's own country."""
    return [_among("countries", plan.near, NEAR_SCORE)] if plan.near and plan.clauses else []


def words_query(plan: QueryPlan) -> Query:
    """Documents that match enough of the plan's clauses; typing errors only when too little was found without."""
    clauses = [_clause(clause, typos=plan.is_relaxed) for clause in plan.clauses]
    places = [_clause(clause, typos=False) for clause in plan.places]
    there = [Q("bool", should=places, minimum_should_match=1)] if places and len(places) < len(clauses) else []
    return Q("bool", should=clauses, minimum_should_match=plan.required, filter=there)


def _state(state: str, moment: int) -> Query:
    gone = Q("range", gone_at={"lte": moment})
    if state == "gone":
        return gone
    if state == "stale":
        return Q("bool", filter=[Q("range", stale_from={"lte": moment})], must_not=[gone])
    if state == "fresh":
        return Q("bool", filter=[Q("range", check_from={"gt": moment})], must_not=[gone])
    return Q("bool", filter=[Q("range", check_from={"lte": moment})], must_not=[gone, Q("range", stale_from={"lte": moment})])


def filter_queries(filters: Filters, now: datetime) -> list[Query]:
    """The conditions that every hit fulfils."""
    moment = int(now.timestamp())
    wanted = [Q("terms", visibility=list(filters.visibilities))]
    lists = {"countries": filters.countries, "needs": filters.needs, "kind": filters.kinds, "language": filters.languages}
    wanted.extend(Q("terms", **{name: list(values)}) for name, values in lists.items() if values)
    wanted.extend(Q("term", tags=tag) for tag in filters.tags)
    if filters.states:
        wanted.append(Q("bool", should=[_state(state, moment) for state in filters.states], minimum_should_match=1))
    if filters.official is not None:
        wanted.append(Q("term", is_official=filters.official))
    if filters.since is not None:
        wanted.append(Q("range", published_at={"gte": filters.since}))
    return wanted
