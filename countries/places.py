"""Places in a text: `resolve_place` finds countries, capitals, airports and peoples by name, in four languages and with typos.

One indexed query for all groups of words. It never chooses between meanings: a candidate that is not `exact` is a question to a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from countries.enums import MatchReason, PlaceKind
from countries.folding import Word, words
from countries.lookup import NameRow, rows_of
from countries.naming import MAIN_AIRPORT
from countries.typos import NameIndex, index, may_be_typo
from countries.wording import Setting, Verdict, guard, verdict_on_abbreviation, verdict_on_airport, verdict_on_name

_MOST_CHARACTERS = 4_000
_MOST_WORDS = 200
_NEARLY_ALONE = 3
_NEARLY_ALONE_IN_QUERY = 6
_TYPO_WORDS = 12
_TYPO_GROUP = 3
_TYPO_LOSS = 10
_CODE_LENGTH = 3
_SENTENCE_END = ".!?…\n"
_BEFORE_WORD = " \t\"'«“„(¿¡-"


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One meaning of one form in the text; `start` and `end` are where it stands."""

    country_code: str
    kind: str
    label: str
    matched: str
    reason: str
    weight: int
    start: int
    end: int
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    first: int
    size: int
    key: str


def resolve_place(text: str, language: str, *, typos: bool = True, is_query: bool = False) -> list[PlaceCandidate]:
    """Candidates for the places that `text` names, in the order of the text, the strongest meaning first.

    `language` is that of the text ("" when not known). Only the first 200 words are read; misspelt names are looked for in
    texts of up to 12 words (a query, a title, a place field). In a query nobody types capitals: names that are words too ("lima") are a
    question in up to 6 words, not only in 3."""
    written = text[:_MOST_CHARACTERS]
    read = words(written, _MOST_WORDS)
    if not read:
        return []
    known = index()
    exact = list(_groups(read, known))
    near = _typo_keys(read, known) if typos and len(read) <= _TYPO_WORDS else {}
    keys = {group.key for group in exact} | {key for found in near.values() for key in found}
    if not keys:
        return []
    rows = rows_of(keys)
    reader = _Reader(written, read, language, rows, _NEARLY_ALONE_IN_QUERY if is_query else _NEARLY_ALONE)
    reader.take_exact(exact)
    reader.take_typos(near)
    return reader.candidates()


def _groups(read: list[Word], known: NameIndex) -> Iterator[_Group]:
    """Groups of words that are a name, longest first."""
    for first, word in enumerate(read):
        for size in range(min(known.beginnings.get(word.key, 1), len(read) - first), 1, -1):
            group = _group(read, first, size)
            if group.key in known.names:
                yield group
        if word.key in known.names:
            yield _Group(first, 1, word.key)


def _group(read: list[Word], first: int, size: int) -> _Group:
    return _Group(first, size, " ".join(word.key for word in read[first : first + size]))


def _typo_keys(read: list[Word], known: NameIndex) -> dict[_Group, dict[str, int]]:
    """Near keys by group: single words, and pairs and triples of a very short text."""
    longest = _TYPO_GROUP if len(read) <= 2 * _TYPO_GROUP else 1
    suspect = [word.key not in known.targets and may_be_typo(word.key) for word in read]
    found: dict[_Group, dict[str, int]] = {}
    for size in range(min(longest, len(read)), 0, -1):
        for first in range(len(read) - size + 1):
            group = _group(read, first, size)
            if group.key not in known.targets and any(suspect[first : first + size]):
                near = {key: mistakes for key, mistakes in known.near(group.key).items() if size == 1 or " " in key}
                if near:
                    found[group] = near
    return found


class _Reader:
    """One reading of one text: which words are taken, and by what."""

    def __init__(self, text: str, read: list[Word], language: str, rows: dict[str, list[NameRow]], nearly_alone: int) -> None:
        self._text = text
        self._read = read
        self._language = language
        self._rows = rows
        self._nearly_alone = nearly_alone
        self._taken = [False] * len(read)
        self._found: list[PlaceCandidate] = []
        self._shouting = text.isupper() and not all(len(word.key) == _CODE_LENGTH for word in read)

    def take_exact(self, groups: Iterable[_Group]) -> None:
        """Names as written; phrases that are no place ("lima beans") take their words away first."""
        self._take_phrases()
        for group in groups:
            if group.key in self._rows and self._is_free(group):
                self._take(group, self._rows[group.key], 0)

    def take_typos(self, near: dict[_Group, dict[str, int]]) -> None:
        """Misspelt names among the words that nothing has taken."""
        for group, keys in near.items():
            if self._is_free(group):
                rows = [row for key in keys for row in self._rows.get(key, ()) if not row.is_code]
                self._take(group, rows, min(keys.values()))

    def candidates(self) -> list[PlaceCandidate]:
        """What was found, each meaning once, in the order of the text."""
        once: dict[tuple[str, str, str], PlaceCandidate] = {}
        for candidate in self._found:
            once.setdefault((candidate.country_code, candidate.kind, candidate.matched.casefold()), candidate)
        return sorted(once.values(), key=lambda candidate: (candidate.start, -candidate.weight))

    def _take_phrases(self) -> None:
        known = guard()
        for first, word in enumerate(self._read):
            for size in range(2, min(known.phrases.get(word.key, 1), len(self._read) - first) + 1):
                group = _group(self._read, first, size)
                if group.key in known.rules and verdict_on_name(group.key, self._language, self._setting(group)) is Verdict.WORD:
                    self._mark(group)

    def _take(self, group: _Group, rows: list[NameRow], mistakes: int) -> None:
        verdicts = [(row, self._verdict(group, row)) for row in rows]
        meanings = _strongest(_without_airports(self._at_home([row for row, verdict in verdicts if verdict is not Verdict.WORD])))
        if not meanings:
            return
        doubtful = len(meanings) > 1 or any(row in meanings and verdict is Verdict.DOUBTFUL for row, verdict in verdicts)
        reason = MatchReason.AMBIGUOUS if doubtful else MatchReason.TYPO if mistakes else MatchReason.EXACT
        self._mark(group)
        self._found += [self._candidate(group, row, reason, mistakes) for row in meanings]

    def _verdict(self, group: _Group, row: NameRow) -> Verdict:
        if row.is_code and not self._read[group.first].written.replace(".", "").isascii():
            return Verdict.WORD
        if not row.is_code:
            return verdict_on_name(group.key, self._language, self._setting(group))
        if row.kind == PlaceKind.AIRPORT:
            return verdict_on_airport(group.key, self._language, self._code_setting(group), known=row.weight >= MAIN_AIRPORT)
        return verdict_on_abbreviation(self._code_setting(group))

    def _at_home(self, rows: list[NameRow]) -> list[NameRow]:
        """Meanings in the text's own language shut out those of the other languages ("Island" in a German text)."""
        own = [row for row in rows if row.language == self._language]
        if not self._language or not own:
            return rows
        return [row for row in rows if row.language in ("", self._language)]

    def _candidate(self, group: _Group, row: NameRow, reason: MatchReason, mistakes: int) -> PlaceCandidate:
        start, end = self._read[group.first].start, self._read[group.first + group.size - 1].end
        weight = max(row.weight - _TYPO_LOSS * mistakes, 1)
        return PlaceCandidate(row.country, row.kind, row.label, self._text[start:end], reason.value, weight, start, end, row.place)

    def _setting(self, group: _Group) -> Setting:
        alone = group.size == len(self._read)
        written = self._read[group.first + group.size - 1].written
        capital = written[0].isupper() and not self._shouting and (alone or not self._begins_sentence(group))
        return Setting(alone, len(self._read) <= max(self._nearly_alone, group.size), capital)

    def _code_setting(self, group: _Group) -> Setting:
        """A code counts by all its capitals, wherever it stands, unless the whole text shouts."""
        setting = self._setting(group)
        return replace(setting, capital=self._read[group.first].written.isupper() and (setting.alone or not self._shouting))

    def _begins_sentence(self, group: _Group) -> bool:
        after_last = self._read[group.first - 1].end if group.first else 0
        between = self._text[after_last : self._read[group.first].start].rstrip(_BEFORE_WORD)
        return between[-1] in _SENTENCE_END if between else not group.first

    def _is_free(self, group: _Group) -> bool:
        return not any(self._taken[group.first : group.first + group.size])

    def _mark(self, group: _Group) -> None:
        self._taken[group.first : group.first + group.size] = [True] * group.size


def _without_airports(rows: list[NameRow]) -> list[NameRow]:
    """Where the letters are also the abbreviation of a country ("RDC"), an airport of that code is not meant."""
    return [row for row in rows if row.kind != PlaceKind.AIRPORT] if any(row.is_code and row.kind == PlaceKind.COUNTRY for row in rows) else rows


def _strongest(rows: Iterable[NameRow]) -> list[NameRow]:
    """The strongest meaning of each country."""
    best: dict[str, NameRow] = {}
    for row in rows:
        if row.country not in best or best[row.country].weight < row.weight:
            best[row.country] = row
    return sorted(best.values(), key=lambda row: -row.weight)
