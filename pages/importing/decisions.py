"""Review items and decisions of an import, in bulk: one parent decision for the run, one row for each post (DATA.md, Ids and imports)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from forum.enums import PostStatus
from forum.models import Post, PostVersion, Topic
from moderation.enums import Action, ItemState, Priority, SubjectKind
from moderation.models import Decision, DecisionText, ReviewItem
from moderation.screening import Screened, run_phases
from moderation.services.items import priority_of, target_of
from moderation.services.records import text_digest, write_decision
from moderation.subjects import author_language

STATES: dict[str, ItemState] = {PostStatus.PENDING: ItemState.OPEN, PostStatus.CHANGES_REQUESTED: ItemState.WITH_AUTHOR}


class RunDecision:
    """The parent decision of a run; written with the first item that the run touches."""

    def __init__(self, *, actor: User, facts: str) -> None:
        self.actor, self.facts = actor, facts
        self.row: Decision | None = None

    def of(self, item: ReviewItem) -> Decision:
        """Return the parent decision, written now if this is the first item."""
        if self.row is None:
            self.row = write_decision(
                item=item,
                actor=self.actor,
                action=Action.IMPORT,
                from_status=PostStatus.DRAFT,
                to_status=PostStatus.DRAFT,
                snapshot={},
                facts=self.facts,
                automated=True,
            )
        return self.row


def review_item(post: Post, version: PostVersion, topic: Topic, status: str, codes: Sequence[str], needs: Sequence[str]) -> ReviewItem:
    """Return the unsaved item of an imported post: open and screened when it waits, else decided."""
    now = timezone.now()
    state = STATES.get(status, ItemState.DECIDED)
    item = ReviewItem(
        subject=SubjectKind.POST,
        post=post,
        version=version,
        realm=topic.realm,
        author=post.author,
        state=state,
        country_id=codes[0] if codes else None,
        language=version.language,
        kind=version.kind,
        need=needs[0] if needs else "",
        opened_at=now,
        decided_at=now if state == ItemState.DECIDED else None,
    )
    if state == ItemState.OPEN:
        findings = run_phases(Screened(version.title, version.body, version.language, tuple(codes)))
        item.priority, item.findings = priority_of(findings), [finding.as_json() for finding in findings]
    item.target_at = target_of(item.priority or Priority.NORMAL, now)
    return item


def write_in_bulk(items: Sequence[ReviewItem], parent: RunDecision) -> None:
    """Store new items with one decision each, children of the run's."""
    ReviewItem.objects.bulk_create(items)
    if not items:
        return
    above, now = parent.of(items[0]), timezone.now()
    texts = [DecisionText(salt=secrets.token_hex(16), snapshot=_snapshot(item)) for item in items]
    rows = [_decision(item, text, parent.actor, above, now) for item, text in zip(items, texts, strict=True)]
    Decision.objects.bulk_create(rows)
    for row, text in zip(rows, texts, strict=True):
        text.decision = row
    DecisionText.objects.bulk_create(texts)


def _snapshot(item: ReviewItem) -> dict[str, Any]:
    """The archive's text stands in its version: the log keeps its hash alone, so that removing an import leaves no copy."""
    assert item.version is not None  # noqa: S101 - set above
    return {"content_hash": item.version.content_hash, "live_number": None}


def _decision(item: ReviewItem, text: DecisionText, actor: User, parent: Decision, now: datetime) -> Decision:
    assert item.version is not None and item.post is not None  # noqa: S101, PT018 - set above
    return Decision(
        realm=item.realm,
        item=item,
        action=Action.IMPORT,
        from_status=PostStatus.DRAFT,
        to_status=item.post.status,
        from_state=ItemState.OPEN,
        actor_ref=actor.audit_ref,
        automated=True,
        language=author_language(item.author),
        item_revision=item.revision,
        version_number=item.version.number,
        text_digest=text_digest(text.salt, text.payload()),
        parent=parent,
        decided_at=now,
        effective_at=now + timedelta(seconds=settings.UNDO_SECONDS),
    )


def close_item(post: Post, parent: RunDecision, *, before: str) -> None:
    """Take a topic that was merged at the end of a run out of the queue, where it waited for its target, and write down that it was."""
    record_update(post, parent, before=before, after=PostStatus.MERGED)
    now = timezone.now()
    ReviewItem.objects.filter(post=post).exclude(state=ItemState.DECIDED).update(state=ItemState.DECIDED, decided_at=now, revision=F("revision") + 1)


def record_update(post: Post, parent: RunDecision, *, before: str, after: str) -> None:
    """Append the decision about a post that a later run changed."""
    item = ReviewItem.objects.filter(post=post).select_related("version", "author", "post").order_by("-pk").first()
    if item is None:
        return
    write_decision(
        item=item,
        actor=parent.actor,
        action=Action.IMPORT,
        from_status=before,
        to_status=after,
        snapshot={},
        automated=True,
        parent=parent.of(item),
    )
