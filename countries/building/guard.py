"""Frequent words that are, or are one typo from, a name of a place: what the typo search must leave alone.

Reads the Python package wordfreq, which only this module needs (it is not among the development packages: `pip install wordfreq`)."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA
from wordfreq import top_n_list, zipf_frequency

from countries import dataset
from countries.enums import LANGUAGES, PlaceKind
from countries.folding import fold_word
from countries.naming import MAIN_AIRPORT, Name, all_names

_WORDS_READ = 45_000
_FREQUENT = 4.3
_USUAL = 3.0
_SHORTEST = 4
_TWO_MISTAKES_FROM = 9
_TYPO_KINDS = frozenset({PlaceKind.COUNTRY, PlaceKind.CAPITAL, PlaceKind.CITY, PlaceKind.DEMONYM})


def guard_rows() -> dict[str, dict[str, list[str]]]:
    """`words`: by language the frequent words near to a name that is not at home there; `codes`: frequent words that are airport codes."""
    names = all_names(
        dataset.read("cldr").rows,
        dataset.read("geonames").rows,
        dataset.read("airports").rows,
        {name: dataset.table(name) for name in dataset.OWN_TABLES},
        frozenset(),
    )
    codes = [name for name in names if name.kind == PlaceKind.AIRPORT and name.is_code]
    targets = [name for name in names if not name.is_code and name.kind in _TYPO_KINDS and " " not in name.key]
    return {
        "words": {language: near_words(language, targets) for language in LANGUAGES},
        "codes": {language: frequent_codes(language, codes) for language in LANGUAGES},
    }


def frequent_codes(language: str, codes: Iterable[Name]) -> list[str]:
    """Codes that are frequent words of `language`; of small airports also less frequent words."""
    return sorted(c.key for c in codes if zipf_frequency(c.key, language) >= (_FREQUENT if c.weight >= MAIN_AIRPORT else _USUAL))


def near_words(language: str, targets: Iterable[Name]) -> list[str]:
    """Frequent words of `language` at typo distance from a target, or equal to a form that only GeoNames lists."""
    by_length: dict[int, list[str]] = defaultdict(list)
    at_home = {name.key for name in targets if name.data_set in {"cldr", "own"} or name.weight >= 80}
    for key in sorted({name.key for name in targets}):
        by_length[len(key)].append(key)
    kept = set()
    for word in top_n_list(language, _WORDS_READ):
        key = fold_word(word)
        if key.isalpha() and len(key) >= _SHORTEST and key not in at_home and _is_near(key, by_length):
            kept.add(key)
    return sorted(kept)


def _is_near(word: str, by_length: dict[int, list[str]]) -> bool:
    mistakes = 2 if len(word) >= _TWO_MISTAKES_FROM else 1
    return any(
        process.extractOne(word, by_length[length], scorer=OSA.distance, score_cutoff=mistakes)
        for length in range(len(word) - mistakes, len(word) + mistakes + 1)
        if length in by_length
    )
