"""Somebody may be dying, in danger now, or about to end their life: the text goes to the top of the queue.

The phrases (data/life.toml) are first-person or speak of somebody here and now. A general advice ("if somebody bleeds, call 112"), a figure
of speech ("dood van de honger") or a report of the past must not raise the alarm every day, or nobody would answer it.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from moderation.enums import FindingCode
from moderation.screening.findings import URGENT, Finding, Screened

DATA = Path(__file__).resolve().parent.parent / "data" / "life.toml"


def fold(words: str) -> str:
    """Return text without accents, case and typographic apostrophes, each character in its place, so that positions stay true."""
    letters = (unicodedata.normalize("NFD", c)[:1] or c for c in words)
    folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in letters)
    return folded.replace("’", "'").replace("ʼ", "'").replace("\u00a0", " ").replace("\u202f", " ").replace("\n", " ")


@functools.cache
def phrases() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return (what raises the alarm, what takes it back when it stands around the same words), compiled once.

    All languages at once: people in danger mix them, and a short cry for help has no certain language.
    """
    data = tomllib.loads(DATA.read_text())
    alarms = "|".join(phrase for language in data["alarm"].values() for phrase in language)
    quiet = "|".join(phrase for language in data["quiet"].values() for phrase in language)
    return re.compile(rf"(?<!\w)(?:{alarms})(?!\w)"), re.compile(rf"(?<!\w)(?:{quiet})")


def _sentence(folded: str, start: int, end: int) -> str:
    """Return the sentence around a match: what makes it conditional or figurative stands there."""
    before = max(folded.rfind(mark, 0, start) for mark in ".!?;")
    after = [at for mark in ".!?;" if (at := folded.find(mark, end)) >= 0]
    return folded[before + 1 : min(after, default=len(folded))]


def threat_to_life(text: Screened) -> Iterator[Finding]:
    """Mark each sentence that says that a life is in danger now."""
    alarm, quiet = phrases()
    for field, words in text.fields():
        folded = fold(words)
        for match in alarm.finditer(folded):
            if not quiet.search(_sentence(folded, match.start(), match.end())):
                yield Finding(FindingCode.THREAT_TO_LIFE, URGENT, field, match.start(), match.end())
