"""Writes intents in the transaction of the decision, and takes them back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from notifications.enums import IntentKind, IntentState
from notifications.models import Intent


def intend(*, user: User, kind: str, decision_ref: str, language: str, not_before: datetime) -> Intent:
    """Store that `user` is to be told about a decision, once; a second call returns the first row."""
    # Stored first and looked for only when it was there: a decision is new, and one query less is spent on each.
    try:
        with transaction.atomic():
            return Intent.objects.create(user=user, kind=kind, decision_ref=decision_ref, language=language, not_before=not_before)
    except IntegrityError:
        return Intent.objects.get(user=user, kind=kind, decision_ref=decision_ref)


def cancel_waiting(*, decision_refs: Iterable[str], kind: str = IntentKind.DECISION) -> int:
    """Take back what was not sent yet about these decisions; the rows stay and say so. Returns how many."""
    waiting = Intent.objects.waiting().filter(kind=kind, decision_ref__in=list(decision_refs))
    return waiting.update(state=IntentState.CANCELLED, cancelled_at=timezone.now())


def left_behind(*, patience: timedelta, now: datetime | None = None) -> list[int]:
    """Return intents that should have been sent long ago, and note that they were found, so that each is found once per `patience`."""
    now = now or timezone.now()
    found = list(Intent.objects.left_behind(before=now - patience).order_by("not_before").values_list("pk", flat=True)[:500])
    Intent.objects.filter(pk__in=found).update(not_before=now)
    return found
