"""Sends what an intent says: claim it, read everything again, send, write that it left. The claim comes first, so that it leaves once."""

from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.utils import timezone

from moderation.models import Decision
from notifications.enums import IntentState
from notifications.mails import decision_mail
from notifications.models import Intent
from notifications.services.queue import backoff, lease

log = structlog.get_logger(__name__)


class IntentBusy(Exception):
    """Another worker is sending this now; the job looks again later."""


def _claim(intent_id: int, now: datetime) -> bool:
    """Take an intent for sending. One that a worker took and never finished is taken again; its mail keeps the same Message-ID."""
    free = Q(state=IntentState.WAITING, not_before__lte=now) | Q(state=IntentState.SENDING, claimed_at__lt=now - lease())
    claimed = Intent.objects.filter(free, pk=intent_id).update(state=IntentState.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    return claimed == 1


def _compose(intent: Intent) -> EmailMessage | None:
    """Return the mail, or None when nobody is to be told any more: the person left, or the decision was taken back."""
    user = intent.user
    decision = Decision.objects.select_related("item", "text", "reverted_by").filter(public_id=intent.decision_ref).first()
    gone = not user.is_active or user.erased_at or user.is_system or user.archive_source
    if decision is None or gone or hasattr(decision, "reverted_by"):
        return None
    return decision_mail(decision, language=intent.language, to=user.email, reference=intent.public_id)


def _back(intent: Intent, now: datetime) -> None:
    """Write that sending failed: again later, or never after the last attempt."""
    last = intent.attempts >= settings.TASK_MAX_ATTEMPTS
    state = IntentState.FAILED if last else IntentState.WAITING
    Intent.objects.filter(pk=intent.pk, state=IntentState.SENDING).update(state=state, not_before=now + backoff(intent.attempts))


def deliver_intent(intent_id: int, now: datetime | None = None) -> str:
    """Send one intent if it is due; return its state after. Raises IntentBusy, or what the mail server said: the job comes back."""
    now = now or timezone.now()
    if not _claim(intent_id, now):
        state = Intent.objects.filter(pk=intent_id).values_list("state", flat=True).first()
        if state == IntentState.SENDING:
            raise IntentBusy(intent_id)
        return state or IntentState.CANCELLED
    intent = Intent.objects.select_related("user").get(pk=intent_id)
    try:
        mail = _compose(intent)
        if mail is not None:
            mail.send()
    except Exception:
        _back(intent, now)
        raise
    done = {"state": IntentState.CANCELLED, "cancelled_at": now} if mail is None else {"state": IntentState.SENT, "sent_at": now}
    Intent.objects.filter(pk=intent_id, state=IntentState.SENDING).update(**done)
    log.info("intent_done", intent=intent.public_id, state=done["state"])
    return str(done["state"])
