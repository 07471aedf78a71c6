"""Which countries typed names mean. One meaning is taken; several are a question to the author, never a silent choice (DATA.md, Places)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from countries import directory
from countries.enums import MatchReason
from countries.places import PlaceCandidate, resolve_place

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A name with several meanings, or one that we only think to know: the author chooses."""

    typed: str
    options: list[tuple[str, str]]
    message: Any


@dataclass(frozen=True, slots=True)
class Places:
    """Codes that were certain, and the first name that was not."""

    codes: list[str] = field(default_factory=list)
    question: Question | None = None


def read_places(typed: str, language: str, *, chosen: Collection[str] = ()) -> Places:
    """Return the countries that names with commas between them stand for; `chosen` answers an earlier question."""
    codes: list[str] = []
    for name in [part.strip() for part in typed.split(",") if part.strip()][:MOST_NAMES]:
        candidates = resolve_place(name, language)
        options = list(dict.fromkeys(candidate.country_code for candidate in candidates))
        if set(options) & set(chosen):
            continue
        if len(options) == 1 and _certain(candidates):
            codes.append(options[0])
            continue
        return Places(codes, _question(name, options, language))
    return Places(codes)


def _certain(candidates: list[PlaceCandidate]) -> bool:
    return all(candidate.reason == MatchReason.EXACT for candidate in candidates)


def _question(name: str, options: list[str], language: str) -> Question:
    if not options:
        message = format_lazy(_("We do not know “{name}”. Write a country or a large city, or leave it out."), name=name)
    else:
        message = format_lazy(_("“{name}” can mean several places. Choose one below."), name=name)
    return Question(name, [(code, directory.name(code, language)) for code in options], message)
