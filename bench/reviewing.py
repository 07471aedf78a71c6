"""What moderation has of grown posts: an item each, and where the post is public the sealed decision that made it so."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.enums import Realm
from accounts.identifiers import ID_LENGTH
from bench.bulk import Table, scattered
from bench.texts import REASON
from forum.enums import PostStatus
from moderation.enums import Action, Ground, ItemState, SubjectKind
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem
from moderation.services.items import target_of
from moderation.services.records import text_digest
from moderation.services.sealing import GENESIS, decision_hash
from moderation.subjects import author_language

if TYPE_CHECKING:
    from bench.filling import Written

REVIEW_TAKES = timedelta(minutes=20)


class Reviewing:
    """Items, decisions, their texts and their chain; the first decision of the database is its first link."""

    def __init__(self, *, moderators: Sequence[str]) -> None:
        self._moderators, self._position, self._previous = moderators, 0, GENESIS
        self._items, self._decisions, self._texts, self._seals = Table(ReviewItem), Table(Decision), Table(DecisionText), Table(DecisionSeal)
        self.tables = [self._items, self._decisions, self._texts, self._seals]
        self._item, self._text = self._items.pattern(ReviewItem(subject=SubjectKind.POST)), self._texts.pattern(DecisionText())

    def add(self, post: "Written") -> None:
        """Write what a submission, and for a public post its approval, leaves behind."""
        pk, text, about = self._items.new_pk(), post.made.text, post.about.text
        state: dict[str, Any] = {"state": ItemState.OPEN, "revision": 1, "decided_at": None}
        if post.public:
            state = {"state": ItemState.DECIDED, "revision": 3 if post.gone_at else 2, "decided_at": post.gone_at or post.at + REVIEW_TAKES}
        self._items.add(
            self._item, **state, id=pk, public_id=scattered(pk, ID_LENGTH), post_id=post.pk, version_id=post.version, author_id=post.author.pk,
            country_id=about.countries[0], language=text.language, kind=text.kind, need=about.needs[0], priority=post.made.priority,
            findings=post.made.findings, opened_at=post.at, target_at=target_of(post.made.priority, post.at),
        )  # fmt: skip
        if post.public:
            self._decide(pk, post, Action.APPROVE, post.at + REVIEW_TAKES)
        if post.gone_at:
            self._decide(pk, post, Action.MARK_DANGEROUS, post.gone_at)

    def _decide(self, item: int, post: "Written", action: Action, at: datetime) -> None:
        """Append a decision and its seal: as `write_decision` and `seal_chain` would."""
        danger, pk, salt = action == Action.MARK_DANGEROUS, self._decisions.new_pk(), secrets.token_hex(16)
        snapshot = {"title": post.title, "body": post.made.text.body, "language": post.made.text.language, "content_hash": post.content_hash,
                    "live_number": 1 if danger else None, "gone_reason": ""}  # fmt: skip
        facts = REASON if danger else ""
        decision = SimpleNamespace(
            id=pk, public_id=scattered(pk, ID_LENGTH), realm=Realm.LIVE.value, item_id=item, action=action.value,
            from_status=PostStatus.PUBLISHED.value if danger else PostStatus.PENDING.value, to_status=PostStatus.PUBLISHED.value,
            from_state=ItemState.DECIDED.value if danger else ItemState.OPEN.value, ground=Ground.DANGER.value if danger else "",
            actor_ref=self._moderators[pk % len(self._moderators)], automated=False, language=str(author_language(post.author)),
            item_revision=2 if danger else 1, version_number=1, parent_id=None, reverts_id=None, decided_at=at,
            effective_at=at + timedelta(seconds=settings.UNDO_SECONDS),
            text_digest=text_digest(salt, {"facts": facts, "note": "", "internal_note": "", "snapshot": snapshot}),
        )  # fmt: skip
        own = decision_hash(self._previous, decision)  # type: ignore[arg-type]
        self._position += 1
        self._decisions.add({}, **vars(decision))
        self._texts.add(self._text, id=self._texts.new_pk(), decision_id=pk, salt=salt, facts=facts, snapshot=snapshot)
        self._seals.add({}, decision_id=pk, realm=decision.realm, position=self._position, previous_hash=self._previous, hash=own, sealed_at=at)
        self._previous = own
