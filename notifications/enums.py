"""Words of notifications: why somebody is told, and how far the telling is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IntentKind(TextChoices):
    """Why somebody is told something. Each has its mail in templates/notifications/email/."""

    DECISION = "decision", _("A decision on your text")


class IntentState(TextChoices):
    """How far an intent is."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Not delivered")
