"""Erasure: the texts of decisions about a person go, with their salts; the chain keeps digests that say nothing any more."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from moderation.models import DecisionText, ReviewItem


@transaction.atomic
def erase_texts(*, user: User) -> int:
    """Destroy facts, notes and snapshots of every decision about texts of `user`; returns how many. The decisions themselves stay."""
    ReviewItem.objects.filter(author=user).exclude(findings=[]).update(findings=[])
    return DecisionText.objects.filter(decision__item__author=user, erased_at__isnull=True).update(
        salt="", facts="", note="", internal_note="", snapshot={}, erased_at=timezone.now()
    )
