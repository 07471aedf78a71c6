"""Writes the append-only rows of a decision: the chained row of codes, and beside it the erasable text with its salt."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from moderation.models import Decision, DecisionText, ReviewItem
from moderation.subjects import author_language


def text_digest(salt: str, payload: dict[str, Any]) -> str:
    """Return the SHA-256 that stands in the chain for an erasable text: without its salt nothing can be guessed from it."""
    return hashlib.sha256((salt + json.dumps(payload, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()


def write_decision(
    *,
    item: ReviewItem,
    actor: User,
    action: str,
    from_status: str,
    to_status: str,
    snapshot: dict[str, Any],
    ground: str = "",
    facts: str = "",
    note: str = "",
    internal_note: str = "",
    automated: bool = False,
    parent: Decision | None = None,
    reverts: Decision | None = None,
    decided_at: datetime | None = None,
) -> Decision:
    """Append one decision about `item` as it is before the change; `decided_at` default: now. Returns the row."""
    now = decided_at or timezone.now()
    text = DecisionText(salt=secrets.token_hex(16), facts=facts, note=note, internal_note=internal_note, snapshot=snapshot)
    decision = Decision.objects.create(
        realm=item.realm,
        item=item,
        action=action,
        from_status=from_status,
        to_status=to_status,
        from_state=item.state,
        ground=ground,
        actor_ref=actor.audit_ref,
        automated=automated,
        language=author_language(item.author),
        item_revision=item.revision,
        version_number=item.version.number if item.version else item.profile.number if item.profile else 0,
        text_digest=text_digest(text.salt, text.payload()),
        parent=parent,
        reverts=reverts,
        decided_at=now,
        effective_at=now + timedelta(seconds=settings.UNDO_SECONDS),
    )
    text.decision = decision
    text.save()
    return decision
