"""`decide`: lock, compare revision, look the transition up, write, log, tell. The one way a moderator changes anything."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Actor
from forum.enums import PostStatus
from forum.models import Topic
from moderation.enums import BLOCKING_FINDINGS, Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.permissions import can_decide
from moderation.services.records import write_decision
from moderation.signals import decision_made
from moderation.subjects import Subject, subject_of
from moderation.workflow import BEFORE, KEEPS_ITEM, SAME, TRANSITIONS

APPROVALS = frozenset({Action.APPROVE, Action.APPROVE_EDIT})


class ReviewConflict(Exception):
    """Somebody decided, or the author wrote, in between: nothing was stored. `item` is the present state."""

    def __init__(self, item: ReviewItem) -> None:
        super().__init__(item.public_id)
        self.item = item


class DecisionNotAllowed(Exception):
    """The actor may not decide this now; `args[0]` is the reason to show."""


class ReasonMissing(Exception):
    """A decision against the author needs a ground of the charter and facts (law of 29 July 1991; DSA art. 17)."""


class MarksUnanswered(Exception):
    """Marks that must be answered one by one before an approval; `codes` lists those that are not."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def available_actions(user: Actor, item: ReviewItem) -> list[Action]:
    """Return what `user` may do with `item` now, in the order of TRANSITIONS: the buttons and, inside `decide`, the authorisation."""
    status = subject_of(item).status()
    last = item.decisions.order_by("-pk").first()
    return [action for action in TRANSITIONS if can_decide(user, item, action, status=status, last=last)]


def _load(item_id: int, revision: int) -> ReviewItem:
    """Lock the topic first (the order of the forum's services), then the item."""
    found = ReviewItem.objects.filter(pk=item_id).values_list("post__topic_id", flat=True).first()
    if found:
        Topic.objects.select_for_update().get(pk=found)
    item: ReviewItem = (
        ReviewItem.objects.select_for_update(of=("self",))
        .select_related("post__topic", "post__live_version", "version", "profile__user", "author")
        .get(pk=item_id)
    )
    if item.revision != revision:
        raise ReviewConflict(item)
    return item


def _check(item: ReviewItem, action: Action, actor: User, subject: Subject, ground: str, facts: str, answered: Iterable[str]) -> Decision | None:
    last: Decision | None = item.decisions.order_by("-pk").select_related("text").first()
    verdict = can_decide(actor, item, action, status=subject.status(), last=last)
    if not verdict:
        raise DecisionNotAllowed(verdict.reason)
    if TRANSITIONS[action].needs_reason and not (ground and facts.strip()):
        raise ReasonMissing(action)
    if action in APPROVALS:
        open_marks = {f["code"] for f in item.findings} & {str(code) for code in BLOCKING_FINDINGS}
        if missing := sorted(open_marks - set(answered)):
            raise MarksUnanswered(missing)
    return last


def _write_outcome(item: ReviewItem, action: Action, subject: Subject, last: Decision | None, merged_into: Topic | None, facts: str) -> str:
    """Write the new status through the subject's service and the item's state; return the status after."""
    transition = TRANSITIONS[action]
    before, target = subject.status(), transition.target
    if target == BEFORE:
        assert last is not None  # noqa: S101 - can_decide refused otherwise
        target = last.from_status
        subject.revert(target, action=last.action, snapshot=last.text.snapshot)
        item.state = ItemState(last.from_state)
    else:
        target = before if target == SAME else target
        if target != before or action in {Action.APPROVE_EDIT, Action.MARK_DANGEROUS}:
            subject.apply(target, action=action, merged_into=merged_into, note=facts)
        if action not in KEEPS_ITEM:
            item.state = transition.item_target
    item.decided_at = timezone.now() if item.state == ItemState.DECIDED else None
    item.escalated = (item.escalated or action == Action.ESCALATE) and item.state != ItemState.DECIDED
    item.revision += 1
    item.save(update_fields=["state", "decided_at", "escalated", "revision"])
    return target


@transaction.atomic
def decide(
    item_id: int,
    action: Action,
    *,
    actor: User,
    revision: int,
    ground: str = "",
    facts: str = "",
    note: str = "",
    internal_note: str = "",
    merged_into: Topic | None = None,
    answered_marks: Iterable[str] = (),
    automated: bool = False,
) -> Decision:
    """Decide about the item as read at `revision`.

    `facts` is what happened and why (goes to the author with the ground), `note` a word to the author, `internal_note` for
    colleagues. Raises ReviewConflict, DecisionNotAllowed, ReasonMissing, MarksUnanswered; then nothing was written.
    """
    item = _load(item_id, revision)
    subject = subject_of(item)
    last = _check(item, action, actor, subject, ground, facts, answered_marks)
    snapshot, before = subject.snapshot(), subject.status()
    planned = last.from_status if action == Action.UNDO and last else TRANSITIONS[action].target
    decision = write_decision(
        item=item,
        actor=actor,
        action=action,
        from_status=before,
        to_status=before if planned == SAME else planned,
        snapshot=snapshot,
        ground=ground,
        facts=facts,
        note=note,
        internal_note=internal_note,
        automated=automated,
        reverts=last if action == Action.UNDO else None,
    )
    _write_outcome(item, action, subject, last, merged_into, facts)
    decision_made.send(sender=Decision, decision=decision, item=item, statement=tells_author(decision))
    return decision


def tells_author(decision: Decision) -> bool:
    """Say whether the author hears of a decision: every outcome, no internal step."""
    return decision.action not in {Action.NOTE, Action.ESCALATE, Action.UNDO, Action.WITHDRAW, Action.IMPORT}


def is_negative(decision: Decision) -> bool:
    """Say whether a decision restricts the author's text, so that a statement of reasons is owed."""
    return TRANSITIONS[Action(decision.action)].needs_reason if decision.action in TRANSITIONS else False


def public_outcome(status: str) -> bool:
    """Say whether a status means that the world can read the text."""
    return status == PostStatus.PUBLISHED
