"""Misspelt names: the nearest known keys to a word, from an array in memory."""

import threading
from collections import defaultdict
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


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Keys that a typo may mean, by length; and the words with which names of several words begin."""

    token: object
    keys: frozenset[str]
    by_length: dict[int, list[str]]
    undoubled: dict[str, list[str]]
    beginnings: frozenset[str]
    longest: int

    def near(self, word: str) -> dict[str, int]:
        """Keys that `word` may be a typo of, with the number of mistakes: doubled letters ("Marroko") count as one mistake,
        else the keys at the least distance, at most one, from ten letters two."""
        doubled = self.undoubled.get(undouble(word))
        if doubled:
            return dict.fromkeys(doubled, 1)
        mistakes = 2 if len(word) >= _TWO_MISTAKES_FROM else 1
        best: dict[str, int] = {}
        for length in range(max(_SHORTEST_KEY, len(word) - mistakes), len(word) + mistakes + 1):
            found = process.extract(word, self.by_length.get(length, ()), scorer=OSA.distance, score_cutoff=mistakes, limit=_MOST)
            best.update({key: int(distance) for key, distance, _ in found if _plausible(word, key, int(distance))})
        least = min(best.values(), default=0)
        return {key: distance for key, distance in best.items() if distance == least}


def undouble(word: str) -> str:
    """`word` with every run of the same letter as one."""
    return "".join(letter for letter, _ in groupby(word))


def _plausible(word: str, key: str, distance: int) -> bool:
    """The first letter is rarely the wrong one: in short words and with two mistakes it must be right."""
    return word[0] == key[0] or (distance == 1 and len(word) > SHORTEST_WORD)


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
    undoubled: dict[str, list[str]] = defaultdict(list)
    several = PlaceName.objects.filter(key__contains=" ").order_by().values_list("key", flat=True).distinct()
    by_length: dict[int, list[str]] = defaultdict(list)
    for key in sorted(targets):
        by_length[len(key)].append(key)
        if len(key) >= SHORTEST_WORD:
            undoubled[undouble(key)].append(key)
    beginnings, longest = set(), 1
    for key in several.iterator(chunk_size=2_000):
        beginnings.add(key.partition(" ")[0])
        longest = max(longest, key.count(" ") + 1)
    return NameIndex(token, targets, dict(by_length), dict(undoubled), frozenset(beginnings), min(longest, 6))
