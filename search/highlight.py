"""Marks what the reader searched in a title and in the best sentences of a text, as pieces of plain text: no HTML is made here.

Works on the stored text with the same analysis as the index, so that every engine marks alike.
"""

import re
from collections.abc import Iterable, Iterator

from search.analysis import Word, analyzer, folded_term, is_indexed_language, words
from search.documents import Part
from search.plan import FOLDED, Alternative, QueryPlan

FRAGMENT = 220
LONGEST_TEXT = 8_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


class Wanted:
    """What to mark in texts of one language: its index terms, and folded words. Remembers each word, texts repeat them."""

    def __init__(self, language: str, terms: frozenset[str], folded: frozenset[str]) -> None:
        self.terms = terms
        self.folded = folded
        self._terms_of = analyzer(language).terms_of if is_indexed_language(language) else None
        self._known: dict[str, str] = {}

    def match(self, word: str) -> str:
        """The wanted term that a word of the text stands for; empty when it stands for none."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._match(word)
        return found

    def _match(self, word: str) -> str:
        folded = folded_term(word)
        if folded in self.folded:
            return folded
        if self._terms_of is None or self.terms.isdisjoint(self._terms_of(word)):
            return ""
        return next(term for term in self._terms_of(word) if term in self.terms)


def wanted_terms(plan: QueryPlan, language: str) -> Wanted:
    """What the plan looks for in texts of `language`."""
    alternatives: Iterable[Alternative] = [each for clause in plan.clauses for each in clause.alternatives]
    folded = frozenset(folded_term(word) for each in alternatives if each.language == FOLDED for word in each.words)
    if not is_indexed_language(language):
        return Wanted(language, frozenset(), folded)
    whole_terms_of = analyzer(language).whole_terms_of
    terms = frozenset(term for each in alternatives if each.language == language for word in each.words for term in whole_terms_of(word))
    return Wanted(language, terms, folded)


def _matches(text: str, wanted: Wanted) -> list[tuple[Word, str]]:
    match = wanted.match
    return [(Word(word, start, end), term) for word, start, end in words(text) if (term := match(word))]


def _parts(text: str, marks: Iterable[Word]) -> Iterator[Part]:
    at = 0
    for word in marks:
        if word.start > at:
            yield Part(text[at : word.start])
        yield Part(text[word.start : word.end], is_match=True)
        at = word.end
    if at < len(text):
        yield Part(text[at:])


def highlight(text: str, wanted: Wanted) -> tuple[Part, ...]:
    """The whole text in pieces, the wanted words marked."""
    return tuple(_parts(text, (word for word, _ in _matches(text, wanted))))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _best_start(text: str, marks: list[tuple[Word, str]]) -> int:
    """Where the sentence begins from which a fragment's length shows most different wanted words; the first of equals."""
    best, best_count = 0, 0
    for start, end in _sentences(text):
        inside = [(word.start, term) for word, term in marks if start <= word.start < start + FRAGMENT]
        if not inside or inside[0][0] >= max(end, start + 1):
            continue
        count = len({term for _, term in inside}) * 10 + len(inside)
        if count > best_count:
            best, best_count = start, count
    if best_count == 0 and marks:
        return max(0, marks[0][0].start - FRAGMENT // 3)
    return best


def _cut(text: str, start: int) -> tuple[int, int]:
    """A piece of at most `FRAGMENT` characters from `start` that ends between words."""
    end = start + FRAGMENT
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", start + FRAGMENT // 2, end)
    return start, space if space > 0 else end


def best_fragment(text: str, wanted: Wanted) -> tuple[Part, ...]:
    """The best sentences of a text in pieces, at most `FRAGMENT` characters, "…" where something is left out."""
    text = text[:LONGEST_TEXT]
    marks = _matches(text, wanted)
    start, end = _cut(text, _best_start(text, marks))
    piece = text[start:end]
    inside = [Word(word.text, word.start - start, word.end - start) for word, _ in marks if word.start >= start and word.end <= end]
    parts = list(_parts(piece, inside))
    if start > 0:
        parts.insert(0, Part("… "))
    if end < len(text):
        parts.append(Part(" …"))
    return tuple(parts)
