"""When a statement must be confirmed and when it is probably outdated (DATA.md, Decisions on validity)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.enums import KIND_LIFE, NEED_LIFE, NO_NEED_LIFE


@dataclass(frozen=True, slots=True)
class Dates:
    """`check_from` ≤ `stale_from`: from then on "to be confirmed", then "may be outdated"."""

    check_from: datetime
    stale_from: datetime


def life_of(kind: str, needs: Iterable[str]) -> timedelta:
    """Return the shortest life of the needs; an offer lives 72 h and a question 48 h at most."""
    lives = [NEED_LIFE[need] for need in needs] or [NO_NEED_LIFE]
    if kind in KIND_LIFE:
        lives.append(KIND_LIFE[kind])
    return min(lives)


def dates_for(*, kind: str, needs: Iterable[str], confirmed_at: datetime, validity_until: datetime | None) -> Dates:
    """Return the two dates: one life after the last confirmation (never after `validity_until`), and one more life later."""
    life = life_of(kind, needs)
    check_from = confirmed_at + life
    if validity_until is not None:
        check_from = min(check_from, validity_until)
    return Dates(check_from=check_from, stale_from=check_from + life)
