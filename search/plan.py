"""Turns the words of a reader into a plan that every engine can carry out: clauses, each with its alternatives.

A clause is one thing the reader named (a word, a term of the thesaurus, a place); its alternatives are ways a text may say it. Engines give
each clause the score of its best alternative and want `required` clauses to match.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.analysis import analyzer, folded_term, split_words
from search.documents import PlaceHint, SearchQuery
from search.lexicon import LANGUAGES
from search.thesaurus import LONGEST_TERM, Concept, Thesaurus, key_of

FOLDED = ""
MOST_WORDS = 24
MOST_EXPANSIONS = 16
_QUOTED = re.compile(r'["“”«»„]([^"“”«»„]{1,200})["“”«»„]')

# How much an alternative counts beside the word as the reader wrote it, in the language of the query. Chosen on one half of the judged
# queries, confirmed on the other (bench/search_quality.py).
READER_LANGUAGE = 0.8
WRITTEN_FOLDED = 0.8
SAME_CONCEPT = 0.7
OTHER_LANGUAGE = 0.75
ONE_OF_SEVERAL = 0.35
COMPOUND_PARTS = 0.6
# A text about the country need not name it, so that its name in the text says little more; the name of a town says more than its country.
COUNTRY_NAMED = 0.5
COUNTRY_OF_TOWN = 0.7
PLACE_RELAXED = 2.0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that a text of `language` may have (`FOLDED`: of any language): all of them, one after the other if `phrase`."""

    words: tuple[str, ...]
    language: str
    weight: float
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing named in the query. `typo_of`: the word to search with errors allowed.

    Also matched by a text about one of `countries` (with `place_weight`), or by one that helps with one of `needs`, whatever its words. Of the
    clauses with `is_place` one must match unless the plan is relaxed: who names Lima is not helped by what else is cancelled in Beirut.
    """

    alternatives: tuple[Alternative, ...]
    countries: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    typo_of: str = ""
    place_weight: float = 1.0
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """All clauses, how many must match, and whether words may have typing errors. `near`: countries whose texts stand a little higher."""

    clauses: tuple[Clause, ...]
    languages: tuple[str, ...]
    required: int
    near: tuple[str, ...] = ()
    is_relaxed: bool = False

    @property
    def places(self) -> tuple[Clause, ...]:
        """The clauses of which one must match."""
        return () if self.is_relaxed else tuple(clause for clause in self.clauses if clause.is_place)

    def relaxed(self) -> "QueryPlan":
        """The same plan for when too little was found: one clause is enough, and the place that was named weighs more than any other word."""
        clauses = tuple(replace(clause, place_weight=clause.place_weight * PLACE_RELAXED) for clause in self.clauses)
        return replace(self, clauses=clauses, required=1, is_relaxed=True)


def required_clauses(count: int) -> int:
    """All of one or two, all but one of three or four, then six in ten."""
    if count <= 2:
        return count
    return count - 1 if count <= 4 else math.ceil(count * 0.6)


def query_language(words: Sequence[str], reader: str, thesaurus: Thesaurus) -> str:
    """The language the words are most likely in: its small words and terms of this field weigh; the reader's language wins a tie."""
    scores = {}
    for language in LANGUAGES:
        of = analyzer(language)
        small = sum(of.is_stop(word) for word in words)
        terms = sum(bool(thesaurus.concepts_of(of.whole_terms_of(word), language)) for word in words)
        scores[language] = small + 0.9 * terms + (0.5 if language == reader else 0)
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > 0 else reader


def _needs(concepts: Sequence[Concept]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(concept.need for concept in concepts if concept.need))


class _Builder:
    def __init__(self, query: SearchQuery, thesaurus: Thesaurus) -> None:
        self.thesaurus = thesaurus
        self.places = {tuple(map(folded_term, split_words(hint.text))): hint for hint in query.places}
        words = split_words(query.words)[:MOST_WORDS]
        language = query_language(words, query.language, thesaurus)
        known = [code for code in (language, query.language) if code in LANGUAGES]
        self.languages = tuple(dict.fromkeys(known)) or LANGUAGES
        self.text = query.words

    # -- alternatives -----------------------------------------------------------------------------------------------------

    def _written(self, words: tuple[str, ...], weight: float = 1.0, *, phrase: bool = False) -> Iterator[Alternative]:
        for position, language in enumerate(self.languages):
            yield Alternative(words, language, weight * (READER_LANGUAGE if position else 1.0), phrase)
        yield Alternative(words, FOLDED, weight * WRITTEN_FOLDED, phrase)

    def _expansions(self, concepts: list[Concept], words: tuple[str, ...], weight: float) -> Iterator[Alternative]:
        for concept in concepts:
            for variant in concept.variants:
                if variant.words != words:
                    factor = SAME_CONCEPT if variant.language in self.languages else OTHER_LANGUAGE
                    yield Alternative(variant.words, variant.language, weight * factor, phrase=len(variant.words) > 1)

    def _concepts(self, words: Sequence[str]) -> list[Concept]:
        """In the languages of the query, else in any other: a reader of French may paste one Dutch word."""
        for language in (*self.languages, *LANGUAGES):
            if found := self.thesaurus.concepts_of(key_of(words, language), language):
                return found
        return []

    def _compound(self, word: str, *, has_concept: bool) -> Iterator[Alternative]:
        for language in self.languages:
            parts = tuple(analyzer(language).parts_of(word))
            if len(parts) > 1:
                yield Alternative(parts, language, COMPOUND_PARTS)
            if not has_concept:
                for part in parts:
                    yield Alternative((part,), language, ONE_OF_SEVERAL)
                    yield from self._expansions(self.thesaurus.concepts_of(key_of([part], language), language), (part,), ONE_OF_SEVERAL)

    # -- clauses ----------------------------------------------------------------------------------------------------------

    def _word(self, word: str) -> Clause:
        concepts = self._concepts([word])
        alternatives = [*self._written((word,)), *self._compound(word, has_concept=bool(concepts))]
        alternatives.extend(list(self._expansions(concepts, (word,), 1.0))[:MOST_EXPANSIONS])
        return Clause(tuple(alternatives), needs=_needs(concepts), typo_of=word if len(word) >= 5 and word.isalpha() else "")

    def _term(self, words: tuple[str, ...], concepts: list[Concept]) -> Clause:
        alternatives = list(self._written(words))
        alternatives.extend(list(self._expansions(concepts, words, 1.0))[:MOST_EXPANSIONS])
        for word in words:
            alternatives.extend(self._written((word,), ONE_OF_SEVERAL))
            alternatives.extend(list(self._expansions(self._concepts([word]), (word,), ONE_OF_SEVERAL))[:MOST_EXPANSIONS])
        return Clause(tuple(dict.fromkeys(alternatives)), needs=_needs(concepts))

    def _place(self, words: tuple[str, ...], hint: PlaceHint) -> Clause:
        named, meant = (COUNTRY_NAMED, 1.0) if hint.is_country else (1.0, COUNTRY_OF_TOWN)
        return Clause(tuple(self._written(words, named)), countries=hint.countries, place_weight=meant, is_place=hint.is_sure)

    def _next(self, words: Sequence[str]) -> tuple[int, Clause]:
        """The clause for the longest beginning of `words` that means something together, and how many words it took."""
        for length in range(min(LONGEST_TERM, len(words)), 0, -1):
            span = tuple(words[:length])
            if hint := self.places.get(tuple(map(folded_term, span))):
                return length, self._place(span, hint)
            if length > 1 and (concepts := self._concepts(span)):
                return length, self._term(span, concepts)
        return 1, self._word(words[0])

    def clauses(self) -> Iterator[Clause]:
        text = self.text
        for quoted in _QUOTED.findall(text):
            if words := tuple(split_words(quoted)[:MOST_WORDS]):
                yield Clause(tuple(self._written(words, phrase=True)))
        rest = split_words(_QUOTED.sub(" ", text))[:MOST_WORDS]
        first = analyzer(self.languages[0])
        meaning = [word for word in rest if not first.is_stop(word)] or rest
        while meaning:
            length, clause = self._next(meaning)
            yield clause
            meaning = meaning[length:]


def build_plan(query: SearchQuery, thesaurus: Thesaurus) -> QueryPlan:
    """The plan for a query; without clauses when it has no words."""
    builder = _Builder(query, thesaurus)
    clauses = tuple(dict.fromkeys(builder.clauses()))
    near = () if any(clause.countries for clause in clauses) else query.reader_countries
    return QueryPlan(clauses, builder.languages, required_clauses(len(clauses)), near)
