"""The cross-language thesaurus of this field: which words of fr, nl, de and en mean the same. Used by the query builder on every engine alike.

Entries come from `search/data/thesaurus.csv`; a caller may add entries of its own (staff's), no index has to be rebuilt for them.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forum.enums import Need
from search.analysis import analyzer, split_words
from search.lexicon import LANGUAGES

PATH = Path(__file__).parent / "data" / "thesaurus.csv"
LONGEST_TERM = 4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a concept: the words as written, and the index terms of its language."""

    language: str
    words: tuple[str, ...]
    key: Key


@dataclass(frozen=True, slots=True)
class Concept:
    """What the variants have in common. `need`: the need of the forum that a text about it most often has; empty for none."""

    name: str
    variants: tuple[Variant, ...]
    need: str = ""


def key_of(words: Iterable[str], language: str) -> Key:
    """The index terms of some words in one language; words without meaning of their own fall away."""
    whole_terms_of = analyzer(language).whole_terms_of
    return tuple(term for word in words for term in whole_terms_of(word))


def make_concept(name: str, variants: Mapping[str, str], need: str = "") -> Concept:
    """A concept from `{"fr": "vol|vol aérien", …}`.

    Raises ValueError for a need that the forum does not have, and when a variant has no word to search or more than `LONGEST_TERM`.
    """
    if need and need not in Need.values:
        raise ValueError(f"{name}: there is no need {need!r}")
    made = []
    for language in LANGUAGES:
        for text in filter(None, (part.strip() for part in variants.get(language, "").split("|"))):
            words = tuple(split_words(text))
            key = key_of(words, language)
            if not 1 <= len(key) <= LONGEST_TERM:
                raise ValueError(f"{name}: {text!r} ({language}) has {len(key)} searchable words, 1 to {LONGEST_TERM} are possible")
            made.append(Variant(language, words, key))
    return Concept(name, tuple(made), need)


class Thesaurus:
    """Looks terms up. Immutable; build a new one when the entries change."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._by_key: dict[tuple[str, Key], list[Concept]] = {}
        self.concepts = tuple(concepts)
        for concept in self.concepts:
            for variant in concept.variants:
                entries = self._by_key.setdefault((variant.language, variant.key), [])
                if concept not in entries:
                    entries.append(concept)

    def concepts_of(self, key: Key, language: str) -> list[Concept]:
        """The concepts that a sequence of index terms names in one language."""
        return self._by_key.get((language, key), [])


@cache
def shipped_concepts() -> tuple[Concept, ...]:
    """The concepts of `thesaurus.csv`."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return tuple(make_concept(row["concept"], row, row["need"]) for row in csv.DictReader(file))


@cache
def default_thesaurus() -> Thesaurus:
    """The thesaurus that the program ships."""
    return Thesaurus(shipped_concepts())
