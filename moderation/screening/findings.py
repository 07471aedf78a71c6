"""What goes into a phase and what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Severity: a remark, a risk that a person must look at before anything is public, an emergency.
NOTE, RISK, URGENT = 1, 2, 3
# More marks of one sort than this say nothing new; the rest of a text that consists of marks is not stored.
FINDINGS_MAX = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """What a phase saw: its code, severity, and where in which field. `detail` is a code of our own, never words of the text."""

    code: str
    severity: int
    field: str = "body"
    start: int = 0
    end: int = 0
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the form that is stored with a review item."""
        return {"code": str(self.code), "severity": self.severity, "field": self.field, "start": self.start, "end": self.end, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Screened:
    """The text that the phases read, and what they may know about it and its author: facts, so that they ask no database."""

    title: str
    body: str
    language: str
    countries: tuple[str, ...] = ()
    repeats: bool = False
    published_before: bool = True
    is_profile: bool = False

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield the name and words of each field that holds any."""
        for name, words in (("title", self.title), ("body", self.body)):
            if words:
                yield name, words
