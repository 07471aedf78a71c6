"""Misspelt names: the nearest known keys to a word, from an array in memory."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from countries import directory
from countries.models import PlaceName
from countries.wording import guard

SHORTEST_WORD = 5
_SHORTEST_KEY = 4
_TWO_MISTAKES_FROM = 10
_MOST = 6
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class NameIndex:
    """What is known of all keys without asking the database.

    `names`: every key. `beginnings`: the words with which names of several words begin, and how many words the longest has. `targets`: keys that
    a typo may mean; `by_start` has them by first letter and length, `by_tail` without their first letter, `undoubled` without double letters.
    """

    token: object
    names: frozenset[str]
    beginnings: dict[str, int]
    targets: frozenset[str]
    by_start: dict[tuple[str, int], list[str]]
    by_tail: dict[str, list[str]]
    undoubled: dict[str, list[str]]

    def near(self, word: str) -> dict[str, int]:
        """Keys that `word` may be a typo of, with the number of mistakes: doubled letters ("Marroko") count as one mistake,
        else the keys at the least distance, at most one, from ten letters two."""
        doubled = self.undoubled.get(undouble(word))
        if doubled:
            return dict.fromkeys(doubled, 1)
        mistakes = 2 if len(word) >= _TWO_MISTAKES_FROM else 1
        best: dict[str, int] = {}
        for length in range(max(_SHORTEST_KEY, len(word) - mistakes), len(word) + mistakes + 1):
            keys = self.by_start.get((word[0], length), ())
            found = process.extract(word, keys, scorer=OSA.distance, score_cutoff=mistakes, limit=_MOST)
            best.update({key: int(distance) for key, distance, _ in found})
        if len(word) > SHORTEST_WORD:
            best.update(dict.fromkeys(self._wrong_beginnings(word), 1))
        least = min(best.values(), default=0)
        return {key: distance for key, distance in best.items() if distance == least}

    def _wrong_beginnings(self, word: str) -> Iterator[str]:
        """Keys that differ from `word` by its first letter: another one, one too many, one too few, or two in the wrong order.

        The first letter is rarely the wrong one: in short words, and beside another mistake, it must be right."""
        tail = word[1:]
        yield from self.by_tail.get(tail, ())
        yield from self.by_tail.get(word, ())
        yield from (key for key in (tail, word[1] + word[0] + word[2:]) if key in self.targets)


def undouble(word: str) -> str:
    """`word` with every run of the same letter as one."""
    return "".join(letter for letter, _ in groupby(word))


_lock = threading.Lock()
_current: list[NameIndex] = []


def index() -> NameIndex:
    """The index of the release in force; read again when the directory has changed."""
    token = directory.token()
    if not _current or _current[0].token != token:
        with _lock:
            _current[:] = [_read(token)]
    return _current[0]


def may_be_typo(word: str) -> bool:
    """Whether `word` is long enough to be a misspelt name and not a frequent word of one of the four languages."""
    return len(word) >= SHORTEST_WORD and word not in guard().frequent


def _read(token: object) -> NameIndex:
    targets = frozenset(PlaceName.objects.typo_targets().order_by().values_list("key", flat=True).distinct())
    names = frozenset(PlaceName.objects.order_by().values_list("key", flat=True).distinct().iterator(chunk_size=2_000))
    by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
    by_tail: dict[str, list[str]] = defaultdict(list)
    undoubled: dict[str, list[str]] = defaultdict(list)
    for key in sorted(targets):
        by_start[key[0], len(key)].append(key)
        if len(key) >= _SHORTEST_KEY:
            by_tail[key[1:]].append(key)
        if len(key) >= SHORTEST_WORD:
            undoubled[undouble(key)].append(key)
    beginnings: dict[str, int] = {}
    for key in names:
        first, several, _ = key.partition(" ")
        if several:
            beginnings[first] = min(max(beginnings.get(first, 0), key.count(" ") + 1), _LONGEST_NAME)
    return NameIndex(token, names, beginnings, targets, dict(by_start), dict(by_tail), dict(undoubled))
