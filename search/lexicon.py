"""Loads the language data (`search/data/analysis/*.toml`): the one source of both the Elasticsearch settings and the embedded analysis."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("fr", "nl", "de", "en")
DATA = Path(__file__).parent / "data" / "analysis"

# Letters that Unicode does not take apart; the same replacements as Lucene's ASCII folding.
_FOLDED_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
    | {"ð": "d", "þ": "th", "ı": "i"}
)
_VOWELS_BEFORE_UE = frozenset("aeiouyq")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How one language is analysed: the steps in order and the words of each step, in the form they have when that step sees them."""

    language: str
    chain: tuple[str, ...]
    stemmer: str
    elision: frozenset[str]
    stop: frozenset[str]
    protected: frozenset[str]
    heads: frozenset[str]
    overrides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Common:
    """What all languages share: replaced characters and the sizes for taking compounds apart."""

    characters: Mapping[str, str]
    min_word_size: int
    min_subword_size: int
    max_subword_size: int


def fold(word: str) -> str:
    """`word` without accents and with ligatures taken apart ("Œuvre" → "OEuvre", "Perú" → "Peru"); letters of other scripts stay as they are."""
    if word.isascii():
        return word
    return "".join(map(_fold_letter, word.translate(_FOLDED_LETTERS)))


@lru_cache(maxsize=2_000)
def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)
    return "".join(part for part in base if not unicodedata.combining(part)) if base[0].isascii() else letter


def normalise_german(word: str) -> str:
    """One spelling for umlauts: "Rückholung", "Rueckholung" and "Ruckholung" all give "ruckholung" (Lucene's german_normalization)."""
    out: list[str] = []
    after_umlautable = False
    previous = ""
    for letter in word:
        if letter == "e" and after_umlautable:
            after_umlautable = False
            previous = "e"
            continue
        after_umlautable = letter in "ao" or (letter == "u" and previous not in _VOWELS_BEFORE_UE)
        out.append({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}.get(letter, letter))
        previous = "e" if letter in "äöü" else letter
    return "".join(out)


def _forms(word: str, language: str) -> tuple[str, ...]:
    """The forms under which a step of `language` may meet a word of the data files."""
    if language == "de":
        return (normalise_german(word),)
    return (word, fold(word)) if fold(word) != word else (word,)


def _words(listed: str, language: str) -> frozenset[str]:
    return frozenset(form for word in listed.split() for form in _forms(word, language))


def _overrides(listed: Mapping[str, str], language: str) -> Mapping[str, str]:
    """Raises ValueError when two keys, without their accents, say different things."""
    found: dict[str, str] = {}
    for word, stem in listed.items():
        for form in _forms(word, language):
            if found.setdefault(form, stem) != stem:
                raise ValueError(f"{language}: {form!r} is mapped twice, to {found[form]!r} and {stem!r}")
    return MappingProxyType(found)


def _read(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def lexicon(language: str) -> Lexicon:
    """The data of one of `LANGUAGES`. Raises KeyError for another."""
    if language not in LANGUAGES:
        raise KeyError(language)
    data = _read(language)
    elision: Iterable[str] = data.get("elision", ())
    return Lexicon(
        language=language,
        chain=tuple(data["chain"]),
        stemmer=data["stemmer"],
        elision=frozenset(elision),
        stop=_words(data["stop"], language),
        protected=_words(data["protected"], language),
        heads=_words(data.get("heads", ""), language),
        overrides=_overrides(data["overrides"], language),
    )


@cache
def common() -> Common:
    """The data that all languages share."""
    data = _read("common")
    return Common(characters=MappingProxyType(data["characters"]), **data["decompounder"])
