"""Who should hear what and why (intents), and what the worker remembers: its pulse, and when a sweep is due."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.identifiers import new_long_id
from accounts.models import User
from notifications.enums import IntentKind, IntentState
from notifications.querysets import IntentQuerySet

# Named here, where the type checker reads it each time: nothing else leads it from its cache to a manager that `as_manager()` makes in
# another module (no model of ours points back at an intent, so that this module is checked alone).
IntentManager = models.Manager.from_queryset(IntentQuerySet)


class Intent(models.Model):
    """One thing that one person is to be told, once. Holds ids alone: the job reads the texts again when it sends."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=IntentKind.choices)
    decision_ref = models.CharField(max_length=10, help_text=_("Public id of the decision."))
    language = models.CharField(max_length=2, choices=Language.choices)
    state = models.CharField(max_length=10, choices=IntentState.choices, default=IntentState.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = IntentManager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["kind", "decision_ref", "user"], name="notifications_intent_once"),
            models.CheckConstraint(condition=Q(kind__in=IntentKind.values), name="notifications_intent_kind"),
            models.CheckConstraint(condition=Q(state__in=IntentState.values), name="notifications_intent_state"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notifications_intent_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["not_before"], condition=Q(state__in=["waiting", "sending"]), name="notifications_intent_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.decision_ref} {self.state}"


class WorkerPulse(models.Model):
    """When a worker was last alive: its tasks keep their lease while it beats; the health page reads the newest."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker_id


class SweepRun(models.Model):
    """When a periodic sweep is due next: workers take it by moving the time, so that it runs once however many there are."""

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name
