"""Review afterwards: where every crisis that covers a text says so, a trusted author is published at once, by the system's hand."""

from django.db import transaction

from accounts.enums import Trust
from accounts.models import User
from accounts.services import system_user
from crisis.enums import ReviewRegime
from crisis.models import Crisis
from forum.enums import ALWAYS_REVIEWED_OFFERS, Kind
from forum.models import Post
from forum.visibility import Restriction
from moderation.enums import Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.permissions import refused_by_state
from moderation.services.deciding import Words, carry_out, load_locked, standing_of

HOLDING_SEVERITY = 2


def reviewed_afterwards(*, realm: str, codes: list[str], crisis_id: int | None = None) -> bool:
    """Say whether each of the countries is covered by open crises that all ask for review afterwards. No country: no."""
    crises = Crisis.objects.open_in(realm).order_by("pk").prefetch_related("crisiscountry_set", "crisisregion_set")
    asked = [
        Restriction(
            crisis.review_regime,
            crisis.scope,
            tuple(row.country_id for row in crisis.crisiscountry_set.all()),
            tuple(row.region for row in crisis.crisisregion_set.all()),
            crisis.pk,
        )
        for crisis in crises
    ]

    def regimes(code: str) -> set[str]:
        return {crisis.regime for crisis in asked if crisis.covers([code], crisis_id)}

    return bool(codes) and all(regimes(code) == {ReviewRegime.POST.value} for code in codes)


def _must_wait(item: ReviewItem, post: Post) -> bool:
    """Say whether a person must read the text first, whatever the regime: the cheap rules, without a query."""
    author: User = post.author
    if author.trust != Trust.TRUSTED or author.is_minor or post.source or author.archive_source:
        return True
    if any(finding["severity"] >= HOLDING_SEVERITY for finding in item.findings):
        return True
    return item.state != ItemState.OPEN


def _always_reviewed(item: ReviewItem) -> bool:
    """Offers of shelter, transport and money are read before publication (PRODUCT.md)."""
    version = item.version
    if version is None or version.kind != Kind.OFFER:
        return False
    return bool(ALWAYS_REVIEWED_OFFERS & {row.need for row in version.need_rows.all()})


def publish_if_trusted(*, item: ReviewItem, post: Post) -> Decision | None:
    """Publish a text that was just submitted, where nothing asks a person to read it first; returns the automated decision or None.

    Runs inside the transaction that stored the text, so that nobody sees it half done.
    """
    if _must_wait(item, post):
        return None
    version = item.version
    assert version is not None  # noqa: S101 - a constraint of the table
    codes = [row.country_id for row in version.country_rows.all()] if post.is_first else list(post.topic.country_codes)
    if _always_reviewed(item) or not reviewed_afterwards(realm=item.realm, codes=codes, crisis_id=version.crisis_id):
        return None
    action = Action.APPROVE_EDIT if item.is_edit else Action.APPROVE
    with transaction.atomic():
        locked = load_locked(item.pk)
        standing = standing_of(locked, last=False)
        if refused_by_state(locked, action, standing) is not None:
            return None
        decision = carry_out(locked, action, actor=system_user(), standing=standing, words=Words(), automated=True)
    # The caller holds this object and answers with it: it must not say "waiting" about what everybody can read.
    post.refresh_from_db()
    return decision
