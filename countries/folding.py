"""One way to fold a name or a text to search keys: lower case, no accents, words separated by one space."""

import re
import unicodedata
from dataclasses import dataclass

_LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ı": "i",
        "þ": "th",
        "ħ": "h",
        "ŋ": "n",
        "ʻ": None,
        "ʼ": None,
        "‘": "'",
        "’": "'",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# A letter may carry its accent as a character of its own (texts typed on some systems).
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its key, as written, and where it stands."""

    key: str
    written: str
    start: int
    end: int


def fold_word(word: str) -> str:
    """`word` in lower case without accents; letters that Unicode does not decompose (ø, œ, ł) are spelled out."""
    if word.isascii():
        return word.lower()
    lowered = unicodedata.normalize("NFC", word).casefold().translate(_LETTERS)
    return "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))


def fold(name: str) -> str:
    """The search key of a whole name: "Côte d’Ivoire" becomes "cote d ivoire", "U.S.A." becomes "usa"."""
    return " ".join(word.key for word in words(name))


def fold_german(name: str) -> str:
    """The key as typed without umlauts: "Österreich" becomes "oesterreich". Equal to `fold` where there is none."""
    return fold(unicodedata.normalize("NFC", name).casefold().translate(_UMLAUTS))


def words(text: str, limit: int | None = None) -> list[Word]:
    """The words of `text` in order, at most `limit`; initials with full stops ("U.S.A.") are one word."""
    found: list[Word] = []
    position = 0
    for initials in _INITIALS.finditer(text):
        _collect(text, position, initials.start(), found)
        if limit is not None and len(found) > limit:
            break
        written = initials.group()
        found.append(Word(fold_word(written.replace(".", "")), written, initials.start(), initials.end()))
        position = initials.end()
    _collect(text, position, len(text), found)
    return found if limit is None else found[:limit]


def _collect(text: str, start: int, end: int, found: list[Word]) -> None:
    for match in _WORD.finditer(text, start, end):
        key = fold_word(match.group())
        if key:
            found.append(Word(key, match.group(), match.start(), match.end()))
