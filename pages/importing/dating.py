"""The dates of an imported statement: its archive's words of readers, taken in order under the same rules as on the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.enums import ConfirmationKind
from forum.services.confirming import happened_at, moves_validity
from forum.validity import dates_for, life_of
from pages.importing.lines import ConfirmationLine


@dataclass(frozen=True, slots=True)
class Dating:
    """What confirmations make of a post's dates."""

    last_confirmed_at: datetime | None
    check_from: datetime
    stale_from: datetime


def date_post(
    *,
    kind: str,
    needs: Sequence[str],
    published_at: datetime,
    validity_until: datetime | None,
    words: Iterable[ConfirmationLine] = (),
    trusted: bool = False,
) -> Dating:
    """Return the dates of a post. `trusted`: the source says itself who was a member (an export of this site)."""
    last: datetime | None = None
    dates = dates_for(kind=kind, needs=needs, confirmed_at=published_at, validity_until=validity_until)
    check_from, stale_from = dates.check_from, dates.stale_from
    for word in sorted(words, key=lambda w: w.at):
        if not moves_validity(kind=word.kind, member=trusted and bool(word.by), needs=needs):
            continue
        moment = happened_at(word.day, word.at)
        if word.kind == ConfirmationKind.WORKED:
            if moment > (last or published_at):
                last = moment
                dates = dates_for(kind=kind, needs=needs, confirmed_at=moment, validity_until=validity_until)
                check_from, stale_from = dates.check_from, dates.stale_from
        elif moment < check_from:
            check_from, stale_from = moment, moment + life_of(kind, needs)
    return Dating(last, check_from, stale_from)
