"""Keyset paging: an opaque cursor names the last row that a page showed. No OFFSET, no COUNT, no primary key in an address."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.identifiers import ALPHABET

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST = datetime(2200, 1, 1, tzinfo=UTC)
SEPARATOR = "."


class BadCursor(ValueError):
    """The text is no cursor of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: after the row with this moment and public id."""

    moment: datetime
    public_id: str

    def __str__(self) -> str:
        number = (self.moment - EPOCH) // MICROSECOND
        digits = ""
        while number:
            number, digit = divmod(number, 32)
            digits = ALPHABET[digit] + digits
        return f"{digits}{SEPARATOR}{self.public_id}"


def parse_cursor(text: str) -> Cursor:
    """Return the cursor that `text` writes. Raises BadCursor."""
    digits, separator, public_id = text.partition(SEPARATOR)
    if not separator or not 1 <= len(digits) <= 12 or not 1 <= len(public_id) <= 10 or set(digits + public_id) - set(ALPHABET):
        raise BadCursor(text)
    number = 0
    for digit in digits:
        number = number * 32 + ALPHABET.index(digit)
    if number > (LAST - EPOCH) // MICROSECOND:
        raise BadCursor(text)
    return Cursor(EPOCH + number * MICROSECOND, public_id)


def after(cursor: Cursor, *, moment: str, tie: str, rows: QuerySet[Any], newest_first: bool) -> Q:
    """Return the condition for what follows `cursor` in the order (`moment`, `tie`); `rows` holds what the public id names.

    Written as a range on `moment` first, so that the index of the order is entered at the cursor. A row that was deleted since
    leaves the moment alone to say where it stood.
    """
    past, beyond = ("lte", "lt") if newest_first else ("gte", "gt")
    own = rows.filter(public_id=cursor.public_id).values("pk")[:1]
    return Q(**{f"{moment}__{past}": cursor.moment}) & (Q(**{f"{moment}__{beyond}": cursor.moment}) | Q(**{f"{tie}__{beyond}": own}))
