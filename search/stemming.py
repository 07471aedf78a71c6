"""Light stemmers of French and German (J. Savoy, University of Neuchâtel), as Lucene has them; English comes from Snowball.

Written as tables of rules so that the embedded engine cuts words exactly as Elasticsearch does; `tests/search` compares both on the server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import tantivy

from search.dutch import stem_dutch


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a word longer than `over` ends with `suffix`: drop `cut` letters and append `add`. `last`: no further rule."""

    over: int
    suffix: str
    cut: int
    add: str = ""
    last: bool = True


_FRENCH = (
    _Rule(9, "issement", 7, "r"),
    _Rule(8, "issant", 5, "r"),
    _Rule(6, "ivement", 7, "if"),
    _Rule(6, "ement", 4),
    _Rule(11, "ficatrice", 7, "er"),
    _Rule(10, "ficateur", 6, "er"),
    _Rule(9, "catrice", 7, "quer"),
    _Rule(8, "cateur", 6, "quer"),
    _Rule(8, "atrice", 6, "er"),
    _Rule(7, "ateur", 5, "er"),
    _Rule(6, "trice", 4, "eur", last=False),
    _Rule(5, "ième", 4),
    _Rule(7, "teuse", 3, "r"),
    _Rule(6, "teur", 2, "r"),
    _Rule(5, "euse", 2),
    _Rule(8, "ère", 3, "er"),
    _Rule(7, "ive", 2, "f"),
    _Rule(4, "folle", 3, "u"),
    _Rule(4, "molle", 3, "u"),
    _Rule(9, "nnelle", 5),
    _Rule(9, "nnel", 3),
    _Rule(4, "ète", 3, "et", last=False),
    _Rule(8, "ique", 4, last=False),
    _Rule(8, "esse", 3),
    _Rule(7, "inage", 3),
    _Rule(9, "ualisation", 9, "el"),
    _Rule(9, "isation", 7),
    _Rule(9, "isateur", 7),
    _Rule(8, "ation", 5),
    _Rule(8, "ition", 5),
)
_FRENCH_LETTERS = str.maketrans("àáâôèéêùûîç", "aaaoeeeuuic")
_GERMAN_LETTERS = str.maketrans("äàáâöòóôïìíîüùúû", "aaaaooooiiiiuuuu")
_GERMAN_ST = frozenset("bdfghklmnt")


def _singular(word: str) -> str:
    if len(word) > 5 and word.endswith("x"):
        if word[-3:-1] == "au" and word[-4] != "e":
            word = word[:-2] + "lx"
        word = word[:-1]
    for ending in "xs":
        if len(word) > 3 and word.endswith(ending):
            word = word[:-1]
    return word


def _without_doubles(word: str) -> str:
    kept = [word[0]]
    kept.extend(letter for before, letter in pairwise(word) if letter != before or not letter.isalpha())
    return "".join(kept)


def _french_ending(word: str) -> str:
    if len(word) > 4:
        word = _without_doubles(word.translate(_FRENCH_LETTERS))
    if len(word) > 4 and word.endswith("ie"):
        word = word[:-2]
    if len(word) > 4:
        word = word.removesuffix("r")
        word = word.removesuffix("e")
        word = word.removesuffix("e")
        if word[-1] == word[-2] and word[-1].isalpha():
            word = word[:-1]
    return word


def stem_french(word: str) -> str:
    """The light stem of a lowercase French word ("annulations" → "anul")."""
    word = _singular(word)
    for rule in _FRENCH:
        if len(word) > rule.over and word.endswith(rule.suffix):
            word = word[: -rule.cut] + rule.add
            if rule.last:
                break
    return _french_ending(word)


def _german_first(word: str) -> str:
    if len(word) > 5 and word.endswith("ern"):
        return word[:-3]
    if len(word) > 4 and word[-2:] in {"em", "en", "er", "es"}:
        return word[:-2]
    if len(word) > 3 and (word.endswith("e") or (word.endswith("s") and word[-2] in _GERMAN_ST)):
        return word[:-1]
    return word


def _german_second(word: str) -> str:
    if len(word) > 5 and word.endswith("est"):
        return word[:-3]
    if len(word) > 4 and (word[-2:] in {"er", "en"} or (word.endswith("st") and word[-3] in _GERMAN_ST)):
        return word[:-2]
    return word


def stem_german(word: str) -> str:
    """The light stem of a lowercase German word ("Botschaften" → "botschaft")."""
    return _german_second(_german_first(word.translate(_GERMAN_LETTERS)))


@cache
def _english() -> Callable[[str], str]:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("english")).build()

    def stem(word: str) -> str:
        return analyzer.analyze(word)[0]

    return stem


def stemmer(name: str) -> Callable[[str], str]:
    """The stemmer under its Elasticsearch name (`light_french`, `light_german`, `dutch`, `porter2`). Raises KeyError for another name."""
    if name == "porter2":
        return _english()
    return {"light_french": stem_french, "light_german": stem_german, "dutch": stem_dutch}[name]
