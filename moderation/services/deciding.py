"""`decide`: lock, compare revision, look the transition up, write, log, tell. The one way a moderator changes anything."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Actor
from accounts.services import PseudonymTaken
from forum.enums import PostStatus
from forum.models import Topic
from moderation.charter import without_opening
from moderation.enums import BLOCKING_FINDINGS, Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.permissions import Standing, can_decide
from moderation.services.records import write_decision
from moderation.signals import decision_made
from moderation.subjects import subject_of
from moderation.workflow import BEFORE, SAME, TRANSITIONS, state_after

APPROVALS = frozenset({Action.APPROVE, Action.APPROVE_EDIT})
# Steps inside the house; of everything else the author hears.
SILENT = frozenset({Action.NOTE, Action.ESCALATE, Action.UNDO, Action.WITHDRAW, Action.IMPORT})


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


@dataclass(frozen=True, slots=True)
class Words:
    """What a person adds to a decision: charter ground and facts (both go to the author), a word to the author, one for colleagues."""

    ground: str = ""
    facts: str = ""
    note: str = ""
    internal_note: str = ""


def standing_of(item: ReviewItem, *, last: bool = True) -> Standing:
    """Read what `can_decide` needs to know about an item that came from `with_newer()`; without `last`, no query."""
    subject = subject_of(item)
    newest = Decision.objects.of_item(item).weighty().select_related("text").first() if last else None
    return Standing(status=subject.status(), gone=subject.is_gone(), newer=bool(getattr(item, "newer", False)), last=newest)


def _looks_back(action: Action) -> bool:
    """Say whether the decision before matters: to take it back, or to ask for a second person."""
    transition = TRANSITIONS.get(action)
    return transition is not None and (transition.target == BEFORE or transition.needs_second_person)


def available_actions(user: Actor, item: ReviewItem, standing: Standing | None = None) -> list[Action]:
    """Return what `user` may do with `item` now, in the order of TRANSITIONS: the buttons and, inside `decide`, the authorisation."""
    standing = standing or standing_of(item)
    return [action for action in TRANSITIONS if can_decide(user, item, action, standing)]


def load_locked(item_id: int) -> ReviewItem:
    """Lock in the order of the authors' services: the topic (or the person of a profile), then the item. Raises DoesNotExist."""
    topic = Topic.objects.select_for_update(of=("self",)).filter(posts__review_items=item_id).first()
    if topic is None:
        User.objects.select_for_update().get(pk=ReviewItem.objects.values_list("author_id", flat=True).get(pk=item_id))
    item: ReviewItem = (
        ReviewItem.objects.with_newer()
        .select_for_update(of=("self",))
        .select_related("post__live_version", "version", "profile__user", "author")
        .get(pk=item_id)
    )
    if item.post is not None and topic is not None:
        item.post.topic = topic
    return item


def open_marks(item: ReviewItem) -> list[str]:
    """Return the codes of the marks that an approval must answer, each once."""
    return sorted({finding["code"] for finding in item.findings} & {str(code) for code in BLOCKING_FINDINGS})


def _check_words(item: ReviewItem, action: Action, words: Words, answered: Iterable[str]) -> None:
    if TRANSITIONS[action].needs_reason and not (words.ground and without_opening(words.facts)):
        raise ReasonMissing(action)
    if action in APPROVALS and (missing := sorted(set(open_marks(item)) - set(answered))):
        raise MarksUnanswered(missing)


def _check_target(item: ReviewItem, action: Action, merged_into: Topic | None) -> None:
    """A text is merged into another topic that everybody can read, and nothing else names a target."""
    if (action == Action.MERGE) != (merged_into is not None):
        raise DecisionNotAllowed(_("Say into which published topic the text is merged."))
    if merged_into is None:
        return
    own = item.post is not None and item.post.topic_id == merged_into.pk
    if own or merged_into.status != PostStatus.PUBLISHED or merged_into.gone_at or merged_into.realm != item.realm:
        raise DecisionNotAllowed(_("Say into which published topic the text is merged."))


def carry_out(
    item: ReviewItem,
    action: Action,
    *,
    actor: User,
    standing: Standing,
    words: Words,
    merged_into: Topic | None = None,
    automated: bool = False,
) -> Decision:
    """Write a decision that was checked: the row, the thing's status, the item, the signal. The item must be locked."""
    subject, last = subject_of(item), standing.last
    target = TRANSITIONS[action].target
    to_status = last.from_status if target == BEFORE and last else standing.status if target == SAME else target
    decision = write_decision(
        item=item,
        actor=actor,
        action=action,
        from_status=standing.status,
        to_status=to_status,
        snapshot=subject.snapshot(),
        ground=words.ground,
        facts=words.facts,
        note=words.note,
        internal_note=words.internal_note,
        automated=automated,
        reverts=last if action == Action.UNDO else None,
    )
    if action == Action.UNDO and last is not None:
        subject.revert(to_status, action=last.action, snapshot=last.text.snapshot)
    else:
        subject.apply(to_status, action=action, merged_into=merged_into, note=without_opening(words.facts))
    _write_item(item, action, last)
    decision_made.send(sender=Decision, decision=decision, item=item, statement=tells_author(decision))
    return decision


def _write_item(item: ReviewItem, action: Action, last: Decision | None) -> None:
    """Write whose turn it is. What takes a hide back also brings back the edit that was waiting behind it."""
    takes_back = action == Action.UNDO or (action == Action.RESTORE and last is not None and last.action == Action.HIDE)
    item.state = ItemState(last.from_state if takes_back and last else state_after(action, item.state))
    item.decided_at = timezone.now() if item.state == ItemState.DECIDED else None
    item.escalated = (item.escalated or action == Action.ESCALATE) and item.state != ItemState.DECIDED
    item.revision += 1
    item.save(update_fields=["state", "decided_at", "escalated", "revision"])


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
) -> Decision:
    """Decide about the item as read at `revision`.

    `facts` is what happened and why (goes to the author with the ground), `note` a word to the author, `internal_note` for
    colleagues. Raises ReviewConflict, DecisionNotAllowed, ReasonMissing, MarksUnanswered; then nothing was written.
    """
    item = load_locked(item_id)
    if item.revision != revision:
        raise ReviewConflict(item)
    standing = standing_of(item, last=_looks_back(action))
    if not (verdict := can_decide(actor, item, action, standing)):
        raise DecisionNotAllowed(verdict.reason)
    words = Words(ground=ground, facts=facts, note=note, internal_note=internal_note)
    _check_words(item, action, words, answered_marks)
    _check_target(item, action, merged_into)
    try:
        return carry_out(item, action, actor=actor, standing=standing, words=words, merged_into=merged_into)
    except PseudonymTaken as error:
        raise DecisionNotAllowed(_("Somebody else took this name in the meantime.")) from error


def tells_author(decision: Decision) -> bool:
    """Say whether the author hears of a decision: every outcome, no internal step."""
    return decision.action not in SILENT


def is_negative(decision: Decision) -> bool:
    """Say whether a decision restricts the author's text, so that a statement of reasons is owed."""
    return TRANSITIONS[Action(decision.action)].needs_reason if decision.action in TRANSITIONS else False
