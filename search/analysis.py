"""Cuts texts into index terms, per language, as the Elasticsearch settings generated from the same data do; used by the other engines.

A text is cleaned once (`clean`), cut into words (`words`), and each word gives one or more terms (`Analyzer.terms_of`): more than
one where a compound is taken apart. `folded_terms` is the form common to all languages.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from search.lexicon import LANGUAGES, Lexicon, common, fold, lexicon, normalise_german
from search.stemming import stemmer

# Raised whenever the code of the analysis changes what is indexed: it is part of the index name.
VERSION = 3
LONGEST_WORD = 255

# Words as the standard tokenizer (Unicode text segmentation) finds them: an apostrophe or a full stop joins letters, a comma joins digits.
# Chinese and Japanese have no spaces: there each ideograph is a word of its own.
_IDEOGRAPHS = "\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER_OR_DIGIT, _ANY, _LETTER = (rf"[^\W{out}{_IDEOGRAPHS}]" for out in ("_", "", r"\d_"))
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|_*{_LETTER_OR_DIGIT}{_ANY}*(?:[.':,;](?:(?<={_LETTER}[.':])(?={_LETTER})|(?<=\d[.,';])(?=\d)){_ANY}+)*")
_JOINED = re.compile(rf"{_LETTER}[.':]{_LETTER}|\d[.,';]\d")
_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPHS}]")
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@cache
def _replaced_characters() -> dict[int, str]:
    return str.maketrans(dict(common().characters))


def clean(text: str) -> str:
    """`text` in composed Unicode, without control characters, null bytes and broken surrogates. Every text passes here before any engine sees it."""
    return unicodedata.normalize("NFC", _UNSAFE.sub(" ", text))


def words_as_written(text: str) -> list[str]:
    """The words of a cleaned text with straight apostrophes."""
    return _WORD.findall(text)


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a piece of such a text is a word of its own there, neither the end nor the beginning of a longer one."""
    found = _WORD.match(text, start)
    if not found or found.end() != end:
        return False
    before = text[start - 1] if start else " "
    if (before.isalnum() or before == "_") and not (_IDEOGRAPH.match(before) or _IDEOGRAPH.match(text, start)):
        return False
    return start < 2 or not _JOINED.match(text, start - 2)


def split_words(text: str) -> list[str]:
    """The words of a text alone, with the characters of no width taken out: what is indexed."""
    return _WORD.findall(clean(text).translate(_replaced_characters()))


def _without_elision(word: str, articles: frozenset[str]) -> str:
    head, mark, rest = word.partition("'")
    return rest if mark and rest and head.lower() in articles else word


def _without_possessive(word: str) -> str:
    return word[:-2] if len(word) > 2 and word[-2] == "'" and word[-1] in "sS" else word


def _parts(word: str, heads: frozenset[str]) -> list[str]:
    """The longest head that begins at each place of a long word (Lucene's dictionary_decompounder, longest match only)."""
    sizes = common()
    if len(word) < sizes.min_word_size:
        return []
    found = []
    for start in range(len(word) - sizes.min_subword_size + 1):
        longest = min(sizes.max_subword_size, len(word) - start)
        for size in range(longest, sizes.min_subword_size - 1, -1):
            if word[start : start + size] in heads:
                found.append(word[start : start + size])
                break
    return found


class Analyzer:
    """The terms of one language. `split`: also the parts of compounds (documents yes, queries no)."""

    def __init__(self, language: str) -> None:
        self.data: Lexicon = lexicon(language)
        self._stem: Callable[[str], str] = stemmer(self.data.stemmer)
        self._folds_first = self.data.chain.index("folding") < self.data.chain.index("stemmer")
        self.terms_of = lru_cache(maxsize=200_000)(self._terms_of)
        self.whole_terms_of = lru_cache(maxsize=20_000)(self._whole_terms_of)

    def _base(self, word: str) -> str:
        """`word` after the steps before the stop list."""
        if self.data.elision:
            word = _without_elision(word, self.data.elision)
        word = word.lower()
        if "possessive" in self.data.chain:
            word = _without_possessive(word)
        return normalise_german(word) if "normalization" in self.data.chain else word

    def _term(self, word: str) -> str:
        stem = self.data.overrides.get(word)
        if stem is None:
            stem = word if word in self.data.protected else self._stem(fold(word) if self._folds_first else word)
        return fold(stem)

    def _terms_of(self, word: str) -> tuple[str, ...]:
        base = self._base(word)
        if base in self.data.stop or len(base) > LONGEST_WORD:
            return ()
        return tuple(self._term(part) for part in (base, *_parts(base, self.data.heads)))

    def _whole_terms_of(self, word: str) -> tuple[str, ...]:
        base = self._base(word)
        return () if base in self.data.stop or len(base) > LONGEST_WORD else (self._term(base),)

    def is_stop(self, word: str) -> bool:
        """Whether a word carries no meaning of its own in this language."""
        return self._base(word) in self.data.stop

    def parts_of(self, word: str) -> list[str]:
        """The words that a compound is made of as far as the list of heads knows them; empty for a simple word."""
        base = self._base(word)
        return [part for part in _parts(base, self.data.heads) if part != base]

    def terms(self, text: str) -> list[str]:
        """The terms of a text, in order, for a document."""
        terms_of = self.terms_of
        return [term for word in split_words(text) for term in terms_of(word)]


@cache
def analyzer(language: str) -> Analyzer:
    """The analyzer of one of `LANGUAGES`. Raises KeyError for another."""
    return Analyzer(language)


@lru_cache(maxsize=200_000)
def folded_term(word: str) -> str:
    """The form of a word that all languages share: no article, no capitals, no accents, never shortened by a stemmer."""
    base = _without_possessive(_without_elision(word, lexicon("fr").elision).lower())
    return fold(base)[:LONGEST_WORD]


def folded_form(word: str) -> str:
    """`folded_term` as one of the forms of a word: never taken for a term of a language."""
    return f"={folded_term(word)}"


@cache
def forms_of(language: str) -> Callable[[str], tuple[str, ...]]:
    """What gives every form under which a word of a text in this language can be found: folded, and as terms of the language."""
    terms_of = analyzer(language).terms_of if is_indexed_language(language) else None

    @lru_cache(maxsize=50_000)
    def forms(word: str) -> tuple[str, ...]:
        return (folded_form(word), *terms_of(word)) if terms_of else (folded_form(word),)

    return forms


def folded_terms(text: str) -> list[str]:
    """The folded terms of a text, in order; nothing is left out."""
    return [folded_term(word) for word in split_words(text)]


def is_indexed_language(language: str) -> bool:
    """Whether a language has an analyzer of its own; texts in others are found by their folded words."""
    return language in LANGUAGES
