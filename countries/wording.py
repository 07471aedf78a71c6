"""Ordinary words against names of places: what `words.csv` and the guard of frequent words say about one word in one text."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from countries import dataset

_ALL_NOUNS_IN_CAPITALS = "de"


class Rule(StrEnum):
    """How a name that is also a word may count (head of `data/words.csv`); in order from mild to strict."""

    NONE = ""
    LOWER = "lower"
    NAME = "name"
    CAPITAL = "capital"
    NEVER = "never"


class Verdict(StrEnum):
    """What a written form counts as."""

    PLACE = "place"
    DOUBTFUL = "doubtful"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a form stands in its text: the whole text, one of a few words, with a capital that means something."""

    alone: bool
    nearly_alone: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class Guard:
    """The words of the tables, read once. `phrases`: the words with which rules of several words begin, and how many the longest has."""

    rules: dict[str, dict[str, Rule]]
    phrases: dict[str, int]
    no_airport: frozenset[str]
    frequent: frozenset[str]
    frequent_codes: dict[str, frozenset[str]]


@cache
def guard() -> Guard:
    """The committed tables. Raises `ReferenceDataDamaged`."""
    rules: dict[str, dict[str, Rule]] = {}
    no_airport = set()
    for row in dataset.table("words.csv"):
        if row["rule"] == "code":
            no_airport.add(row["key"])
            continue
        for language in row["languages"].split():
            rules.setdefault(row["key"], {})[language] = Rule(row["rule"])
    phrases: dict[str, int] = {}
    for key in rules:
        first, several, _ = key.partition(" ")
        if several:
            phrases[first] = max(phrases.get(first, 0), key.count(" ") + 1)
    frequent: dict[str, dict[str, list[str]]] = dataset.read(dataset.GUARD_SET).rows
    return Guard(
        rules,
        phrases,
        frozenset(no_airport),
        frozenset(word for words in frequent.get("words", {}).values() for word in words),
        {language: frozenset(codes) for language, codes in frequent.get("codes", {}).items()},
    )


def rule_of(key: str, language: str) -> Rule:
    """The rule for `key` in a text of `language`; of an unknown language only that the word is doubtful, if it is in any."""
    by_language = guard().rules.get(key)
    if not by_language:
        return Rule.NONE
    if language:
        return by_language.get(language, Rule.NONE)
    return Rule.NAME


def verdict_on_name(key: str, language: str, setting: Setting) -> Verdict:
    """Whether a name counts as a place where it stands, is doubtful there, or is a word."""
    rule = rule_of(key, language)
    if rule is Rule.NONE:
        return Verdict.PLACE
    if rule is Rule.NEVER:
        return Verdict.WORD
    if rule is Rule.CAPITAL and language == _ALL_NOUNS_IN_CAPITALS and not setting.alone:
        return Verdict.WORD
    if setting.capital:
        return Verdict.PLACE if rule is Rule.LOWER else Verdict.DOUBTFUL
    return Verdict.DOUBTFUL if setting.nearly_alone and rule is not Rule.CAPITAL else Verdict.WORD


def verdict_on_abbreviation(setting: Setting) -> Verdict:
    """Whether up to three letters count as a country ("VS", "UK"): in capitals, or alone."""
    return Verdict.PLACE if setting.capital or setting.alone else Verdict.WORD


def verdict_on_airport(key: str, language: str, setting: Setting, *, known: bool) -> Verdict:
    """Whether three letters count as an airport: in capitals, or alone; usual abbreviations and words only alone in capitals.

    The code of an airport that is not `known` is a question in a very short text, and nothing in a sentence."""
    if is_common_code(key, language):
        return Verdict.DOUBTFUL if setting.alone and setting.capital else Verdict.WORD
    if known or setting.alone:
        return verdict_on_abbreviation(setting)
    return Verdict.DOUBTFUL if setting.capital and setting.nearly_alone else Verdict.WORD


def is_common_code(key: str, language: str) -> bool:
    """Whether the letters are a usual abbreviation, or a frequent word of `language` (of any, when it is not known)."""
    known = guard()
    if key in known.no_airport:
        return True
    languages = [language] if language else list(known.frequent_codes)
    return any(key in known.frequent_codes.get(code, ()) for code in languages)
