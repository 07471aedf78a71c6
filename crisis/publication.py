"""The generation number of what the public sees: raised in the transaction of every visible change, read by caches of each process."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Greatest

from crisis.models import PublicGeneration


@dataclass(slots=True)
class _Seen:
    number: int = -1
    read_at: float = float("-inf")


_seen = _Seen()


def raise_generation() -> None:
    """Make every cached public page of every process stale. Call inside the transaction of the change: it commits or falls with it.

    The number follows the clock, so that one which a transaction saw and rolled back never comes again for other content.
    """
    now = Value(time.time_ns() // 1_000)
    if not PublicGeneration.objects.filter(pk=1).update(number=Greatest(F("number") + 1, now)):
        PublicGeneration.objects.get_or_create(pk=1, defaults={"number": now.value})
    _seen.read_at = float("-inf")


def current_generation() -> int:
    """Return the generation, read from the database at most once in `GENERATION_SECONDS` (1 s: hidden text is gone within seconds)."""
    now = time.monotonic()
    if now - _seen.read_at >= settings.GENERATION_SECONDS:
        _seen.number = PublicGeneration.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        _seen.read_at = now
    return _seen.number
