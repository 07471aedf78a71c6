"""Marks what the reader searched in a title and in the best sentences of a text, as pieces of plain text: no HTML is made here.

Works on the stored text with the same analysis as the index, so that every engine marks alike. A page reads some twenty whole texts: their
different words are looked at once each, and only the wanted ones are searched for in the text.
"""

from collections.abc import Iterable, Iterator

from search.analysis import analyzer, folded_form, forms_of, is_word, words_as_written
from search.documents import Part
from search.plan import FOLDED, Alternative, QueryPlan

FRAGMENT = 220
LONGEST_TEXT = 8_000
_SENTENCE_ENDS = (". ", "! ", "? ", "… ", "\n")
# A different thing of the query in a fragment weighs as much as so many repetitions.
_DIFFERENT = 10

Mark = tuple[int, int, int]
"""Start and end of a wanted word, and the clause of the plan that it stands for."""


class Wanted:
    """What to mark in texts of one language: forms of words (`search.analysis.forms_of`), each with the number of its clause."""

    def __init__(self, language: str, clauses: dict[str, int]) -> None:
        self._forms = forms_of(language)
        self._clauses = clauses

    def marks(self, text: str) -> list[Mark]:
        """The wanted words of a text, in order."""
        text = text.replace("\u2019", "'")
        forms, is_foreign = self._forms, self._clauses.keys().isdisjoint
        wanted = [word for word in set(words_as_written(text)) if not is_foreign(forms(word))]
        return sorted(mark for word in wanted for mark in self._places(text, word))

    def _places(self, text: str, word: str) -> Iterator[Mark]:
        clause = next(self._clauses[form] for form in self._forms(word) if form in self._clauses)
        at = text.find(word)
        while at >= 0:
            after = at + len(word)
            if is_word(text, at, after):
                yield at, after, clause
            at = text.find(word, after)


def wanted_terms(plan: QueryPlan, language: str) -> Wanted:
    """What the plan looks for in texts of `language`; a word of two clauses counts for the first."""
    clauses: dict[str, int] = {}
    for number, clause in enumerate(plan.clauses, 1):
        for each in clause.alternatives:
            for form in _forms_wanted(each, language):
                clauses.setdefault(form, number)
    return Wanted(language, clauses)


def _forms_wanted(alternative: Alternative, language: str) -> Iterator[str]:
    if alternative.language == FOLDED:
        yield from map(folded_form, alternative.words)
    elif alternative.language == language:
        whole_terms_of = analyzer(language).whole_terms_of
        for word in alternative.words:
            yield from whole_terms_of(word)


def _parts(text: str, marks: Iterable[Mark], start: int, end: int) -> Iterator[Part]:
    """The piece of `text` between two places."""
    at = start
    for first, after, _ in marks:
        if first > at:
            yield Part(text[at:first])
        yield Part(text[first:after], is_match=True)
        at = after
    if at < end:
        yield Part(text[at:end])


def highlight(text: str, wanted: Wanted) -> tuple[Part, ...]:
    """The whole text in pieces, the wanted words marked."""
    return tuple(_parts(text, wanted.marks(text), 0, len(text)))


def _sentence_start(text: str, place: int) -> int:
    """Where the sentence of a word begins, or a little before the word where that is too far away to be shown."""
    start = max(found + len(end) if (found := text.rfind(end, 0, place)) >= 0 else 0 for end in _SENTENCE_ENDS)
    return start if place < start + FRAGMENT - FRAGMENT // 3 else place - FRAGMENT // 3


def _best_start(text: str, marks: list[Mark]) -> int:
    """Where the sentence begins from which a fragment shows most of what is wanted; the first of equals."""
    best, best_count, start = 0, 0, -1
    for first, (place, _, _) in enumerate(marks):
        if (found := _sentence_start(text, place)) == start:
            continue
        start = found
        shown = []
        for _, after, clause in marks[first:]:
            if after > start + FRAGMENT:
                break
            shown.append(clause)
        count = len(set(shown)) * _DIFFERENT + len(shown)
        if count > best_count:
            best, best_count = start, count
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
    marks = wanted.marks(text)
    start, end = _cut(text, _best_start(text, marks))
    parts = list(_parts(text, (mark for mark in marks if mark[0] >= start and mark[1] <= end), start, end))
    if start > 0:
        parts.insert(0, Part("… "))
    if end < len(text):
        parts.append(Part(" …"))
    return tuple(parts)
