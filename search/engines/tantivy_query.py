"""Writes a query plan and filters as tantivy queries. Words are analysed by `search.analysis`, fields hold its terms."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from tantivy import FieldType, Occur, Query, Schema

from search.analysis import analyzer, folded_term
from search.documents import Filters
from search.engines.base import BODY_WEIGHT, NEAR_SCORE, NEED_SCORE, PLACE_SCORE, TIE_BREAKER, TITLE_WEIGHT, TYPO_WEIGHT, field_names
from search.plan import FOLDED, Alternative, Clause, QueryPlan


def terms_of(alternative: Alternative) -> list[str]:
    """The index terms of an alternative's words in its language."""
    if alternative.language == FOLDED:
        return [folded_term(word) for word in alternative.words]
    whole_terms_of = analyzer(alternative.language).whole_terms_of
    return [term for word in alternative.words for term in whole_terms_of(word)]


class QueryWriter:
    """Writes queries for one schema. `is_known(field, term)`: whether any document has the term (a typing error is looked for only if not)."""

    def __init__(self, schema: Schema, is_known: Callable[[str, str], bool]) -> None:
        self.schema = schema
        self.is_known = is_known

    def _in_field(self, name: str, terms: Sequence[str], *, phrase: bool) -> Query:
        if len(terms) == 1:
            return Query.term_query(self.schema, name, terms[0], "freq")
        if phrase:
            return Query.phrase_query(self.schema, name, list(terms), slop=1)
        return Query.boolean_query([(Occur.Must, Query.term_query(self.schema, name, term, "freq")) for term in terms])

    def _alternative(self, alternative: Alternative) -> Iterator[Query]:
        terms = terms_of(alternative)
        if not terms:
            return
        for name, weight in zip(field_names(alternative.language), (TITLE_WEIGHT, BODY_WEIGHT), strict=True):
            if all(self.is_known(name, term) for term in terms):
                query = self._in_field(name, terms, phrase=alternative.phrase)
                yield Query.boost_query(query, alternative.weight * weight)

    def _typo(self, word: str) -> Iterator[Query]:
        """Words one letter away (two in a long word)."""
        term = folded_term(word)
        for name in field_names(FOLDED):
            yield Query.boost_query(Query.fuzzy_term_query(self.schema, name, term, distance=2 if len(term) > 8 else 1), TYPO_WEIGHT)

    def clause(self, clause: Clause) -> Query:
        """The best of the clause's alternatives."""
        queries = [query for alternative in clause.alternatives for query in self._alternative(alternative)]
        if clause.typo_of and not queries:
            queries.extend(self._typo(clause.typo_of))
        if clause.countries:
            queries.append(Query.const_score_query(self._any("countries", clause.countries), PLACE_SCORE * clause.place_weight))
        if clause.needs:
            queries.append(Query.const_score_query(self._any("needs", clause.needs), NEED_SCORE))
        if not queries:
            return Query.empty_query()
        return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, TIE_BREAKER)

    def words(self, plan: QueryPlan) -> Query:
        """Documents that match enough of the plan's clauses."""
        clauses = [(Occur.Should, self.clause(clause)) for clause in plan.clauses]
        words = Query.boolean_query(clauses, minimum_number_should_match=plan.required)
        places = [(Occur.Should, self.clause(clause)) for clause in plan.places]
        if not places or len(places) == len(clauses):
            return words
        there = Query.const_score_query(Query.boolean_query(places), 0.0)
        return Query.boolean_query([(Occur.Must, words), (Occur.Must, there)])

    def near(self, plan: QueryPlan) -> list[tuple[Occur, Query]]:
        """What raises a text without being asked for: the reader's own country."""
        return [(Occur.Should, Query.const_score_query(self._any("countries", plan.near), NEAR_SCORE))] if plan.near else []

    # -- filters --------------------------------------------------------------------------------------------------------------

    def _any(self, name: str, values: Sequence[str]) -> Query:
        """Documents with one of the values. One alone is read as it goes; several are first gathered over the whole index."""
        if len(values) == 1:
            return Query.term_query(self.schema, name, values[0], "basic")
        return Query.term_set_query(self.schema, name, list(values))

    def _range(self, name: str, *, above: int | None = None, up_to: int | None = None) -> Query:
        """Values > `above` and <= `up_to`."""
        return Query.range_query(self.schema, name, FieldType.Integer, None if above is None else above + 1, up_to)

    def _state(self, state: str, moment: int) -> Query:
        gone = self._range("gone_at", up_to=moment)
        if state == "gone":
            return gone
        if state == "stale":
            inside: list[tuple[Occur, Query]] = [(Occur.Must, self._range("stale_from", up_to=moment))]
        elif state == "fresh":
            inside = [(Occur.Must, self._range("check_from", above=moment))]
        else:
            inside = [(Occur.Must, self._range("check_from", up_to=moment)), (Occur.MustNot, self._range("stale_from", up_to=moment))]
        return Query.boolean_query([*inside, (Occur.MustNot, gone)])

    def filters(self, filters: Filters, now: datetime) -> list[tuple[Occur, Query]]:
        """The conditions that every hit fulfils; a deleted document's tombstone never does, for it has no visibility."""
        moment = int(now.timestamp())
        wanted = [self._any("visibility", filters.visibilities)]
        lists = {"countries": filters.countries, "needs": filters.needs, "kind": filters.kinds, "language": filters.languages}
        wanted.extend(self._any(name, values) for name, values in lists.items() if values)
        wanted.extend(Query.term_query(self.schema, "tags", tag, "basic") for tag in filters.tags)
        if filters.states:
            wanted.append(Query.boolean_query([(Occur.Should, self._state(state, moment)) for state in filters.states]))
        if filters.official is not None:
            wanted.append(Query.term_query(self.schema, "is_official", filters.official, "basic"))
        if filters.since is not None:
            wanted.append(self._range("published_at", above=filters.since - 1))
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in wanted]
