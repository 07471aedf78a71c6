"""Reading intents: which are due, which were left behind."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from notifications.enums import IntentState


class IntentQuerySet(models.QuerySet[Any]):
    """Chains over intents."""

    def waiting(self) -> Self:
        """Return those that nobody is sending."""
        return self.filter(state=IntentState.WAITING)

    def left_behind(self, *, before: datetime) -> Self:
        """Return waiting or half-sent intents that should have left before a moment: their job was lost."""
        unsent = models.Q(state=IntentState.WAITING) | models.Q(state=IntentState.SENDING, claimed_at__lt=before)
        return self.filter(unsent, not_before__lt=before)
