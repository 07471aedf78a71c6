"""What changed between two versions of a text, word by word, and which of its particulars; and where the marks of screening stand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from moderation.marks import label_of

WORDS = re.compile(r"\s+|[^\s]+")
LINES = re.compile(r"[^\n]*\n?")
# Beyond so many words a comparison word by word takes too long for a page: whole lines are compared instead.
MOST_WORDS = 3_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text: `kind` is same, added or removed in a difference; `label` names the mark that it carries, if any."""

    text: str
    kind: str = "same"
    label: str = ""


def difference(before: str, after: str) -> list[Stretch]:
    """Return the pieces of both texts in order: what stayed, what was taken out, what was added."""
    cut = WORDS if max(len(before), len(after)) < MOST_WORDS * 6 else LINES
    old, new = [piece for piece in cut.findall(before) if piece], [piece for piece in cut.findall(after) if piece]
    pieces: list[Stretch] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            pieces.append(Stretch("".join(new[c:d])))
            continue
        if b > a:
            pieces.append(Stretch("".join(old[a:b]), "removed"))
        if d > c:
            pieces.append(Stretch("".join(new[c:d]), "added"))
    return pieces


def marked(words: str, findings: Iterable[Mapping[str, Any]], field: str) -> list[Stretch]:
    """Return a text in pieces, those that screening found with the label of the finding. Overlapping finds count once."""
    spots = sorted(
        (f["start"], f["end"], label_of(f["code"], f.get("detail", ""))) for f in findings if f["field"] == field and f["end"] > f["start"]
    )
    pieces, at = [], 0
    for start, end, label in spots:
        if start < at or end > len(words):
            continue
        if start > at:
            pieces.append(Stretch(words[at:start]))
        pieces.append(Stretch(words[start:end], label=label))
        at = end
    if at < len(words):
        pieces.append(Stretch(words[at:]))
    return pieces
