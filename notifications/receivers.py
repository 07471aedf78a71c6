"""Notifications hears what was decided and writes who is to be told, in the same transaction (DATA.md, Work to be done later)."""

from typing import Any

from django.dispatch import receiver

from moderation.models import Decision, ReviewItem
from moderation.signals import decision_made
from notifications.enums import IntentKind
from notifications.services.intents import cancel_waiting, intend
from notifications.tasks import deliver


@receiver(decision_made, dispatch_uid="notifications.intend")
def on_decision_made(sender: type, *, decision: Decision, item: ReviewItem, statement: bool, **_: Any) -> None:
    """The author hears of a decision when it can no longer be undone; an undo takes the word back before it was said."""
    if decision.reverts is not None:
        cancel_waiting(decision_refs=[decision.reverts.public_id])
    if statement:
        intent = intend(
            user=item.author,
            kind=IntentKind.DECISION,
            decision_ref=decision.public_id,
            language=decision.language,
            not_before=decision.effective_at,
        )
        deliver.using(run_after=decision.effective_at).enqueue(intent.pk)
