"""What waits for a person, and what was decided: append-only, chained, with erasable texts beside it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Realm
from accounts.identifiers import new_long_id
from accounts.models import ProfileVersion, User
from countries.models import Country
from forum.models import Post, PostVersion
from moderation.enums import Action, Ground, ItemState, Priority, SubjectKind
from moderation.querysets import DecisionQuerySet, ReviewItemQuerySet


class ReviewItem(models.Model):
    """One thing under review and the version that is read. At most one that is not decided per thing."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    realm = models.CharField(max_length=8, choices=Realm.choices, default=Realm.LIVE)
    subject = models.CharField(max_length=8, choices=SubjectKind.choices)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="review_items")
    version = models.ForeignKey(PostVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(ProfileVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="review_items")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=16, default="und")
    kind = models.CharField(max_length=8, blank=True, default="")
    need = models.CharField(max_length=16, blank=True, default="")
    priority = models.CharField(max_length=1, choices=Priority.choices, default=Priority.NORMAL)
    is_edit = models.BooleanField(default=False)
    escalated = models.BooleanField(default=False)
    findings = models.JSONField(default=list, blank=True)
    opened_at = models.DateTimeField()
    target_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("review item")
        verbose_name_plural = _("review items")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="moderation_item_state"),
            models.CheckConstraint(
                condition=Q(subject="post", post__isnull=False, version__isnull=False, profile__isnull=True)
                | Q(subject="profile", post__isnull=True, version__isnull=True, profile__isnull=False),
                name="moderation_item_one_subject",
            ),
            models.UniqueConstraint(fields=["post"], condition=Q(post__isnull=False) & ~Q(state="decided"), name="moderation_one_undecided_per_post"),
            models.UniqueConstraint(
                fields=["profile"], condition=Q(profile__isnull=False) & ~Q(state="decided"), name="moderation_one_undecided_per_profile"
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False) | (~Q(state="decided") & Q(decided_at__isnull=True)),
                name="moderation_decided_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "opened_at", "id"], condition=Q(state="open"), name="moderation_queue"),
            models.Index(fields=["country", "priority", "opened_at", "id"], condition=Q(state="open"), name="moderation_queue_country"),
            models.Index(fields=["language", "priority", "opened_at", "id"], condition=Q(state="open"), name="moderation_queue_language"),
            models.Index(fields=["opened_at"], condition=Q(state="open"), name="moderation_oldest"),
            models.Index(fields=["-decided_at", "-id"], condition=Q(state="decided"), name="moderation_history"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.public_id}"


class Decision(models.Model):
    """Append-only (a trigger refuses UPDATE and DELETE): ids, codes, times and salted digests. Texts live in DecisionText."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    realm = models.CharField(max_length=8, choices=Realm.choices, default=Realm.LIVE)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=16, choices=Action.choices)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=ItemState.choices)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True, default="")
    actor_ref = models.CharField(max_length=10, help_text=_("Pseudonymous id of who decided (User.audit_ref)."))
    automated = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    item_revision = models.PositiveIntegerField()
    version_number = models.PositiveIntegerField()
    text_digest = models.CharField(max_length=64)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    reverts = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reverted_by")
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField(help_text=_("End of the undo window: mails leave from then on."))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(condition=Q(action__in=Action.values), name="moderation_decision_action"),
            models.CheckConstraint(condition=Q(ground__in=["", *Ground.values]), name="moderation_decision_ground"),
            models.CheckConstraint(condition=~Q(action="undo") | Q(reverts__isnull=False), name="moderation_undo_reverts"),
        ]
        indexes = [
            models.Index(fields=["item", "-id"], name="moderation_of_item"),
            models.Index(fields=["realm", "id"], name="moderation_of_realm"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.public_id}"


class DecisionText(models.Model):
    """Facts, note to the author and snapshot of what was decided on; erasable: the chain keeps the digest alone."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="text")
    salt = models.CharField(max_length=32)
    facts = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    internal_note = models.TextField(blank=True, default="")
    snapshot = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.decision_id)

    def payload(self) -> dict[str, Any]:
        """Return what the digest covers."""
        return {"facts": self.facts, "note": self.note, "internal_note": self.internal_note, "snapshot": self.snapshot}


class DecisionSeal(models.Model):
    """One link of a realm's chain: previous hash and own hash of a decision, in id order; append-only too."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="seal", primary_key=True)
    realm = models.CharField(max_length=8, choices=Realm.choices)
    position = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["realm", "position"], name="moderation_seal_position")]

    def __str__(self) -> str:
        return self.hash
