"""Who may see and decide which item: one rule, as check and as queryset twin."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language, Role
from accounts.permissions import Actor, Allowed, Denied, Verdict, has_role, scopes
from moderation.enums import Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.querysets import DecisionQuerySet, ReviewItemQuerySet
from moderation.workflow import (
    EDIT_ACTIONS,
    ON_ESCALATED,
    ON_OLD_ITEMS,
    OVERSEERS,
    REVIEWERS,
    TRANSITIONS,
    UNDOABLE,
    state_after,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is true now of the thing that an item is about; read by the caller, so that the rules ask no database.

    `status` of the thing · `gone`: marked dangerous · `newer`: a later item exists for the same thing · `last`: the newest
    decision of this item that is not a mere remark.
    """

    status: str
    gone: bool = False
    newer: bool = False
    last: Decision | None = None


def _covers(user: Actor, item: ReviewItem, roles: frozenset[Role]) -> bool:
    """Say whether a grant covers the item's desk. No country: the central desk, which only unscoped grants cover."""
    language = item.language if item.language in Language.values else None
    return has_role(user, *roles, country=item.country_id or "", language=language)


def is_reviewer(user: Actor) -> bool:
    """Say whether somebody reviews anything at all: opens the queue."""
    return has_role(user, *REVIEWERS)


def can_review(user: Actor, item: ReviewItem) -> Verdict:
    """Say whether `user` may open the item at all."""
    if not _covers(user, item, REVIEWERS):
        return Denied(_("This item belongs to another desk."))
    return Allowed()


def reviewable_by(user: Actor) -> ReviewItemQuerySet:
    """Return the items that `can_review` allows: its queryset twin."""
    return ReviewItem.objects.in_scopes(scopes(user, REVIEWERS), Language.values)


def decisions_seen_by(user: Actor) -> DecisionQuerySet:
    """Return the decisions about items that `can_review` allows."""
    return Decision.objects.in_scopes(scopes(user, REVIEWERS), Language.values)


def can_decide(user: Actor, item: ReviewItem, action: Action, standing: Standing) -> Verdict:
    """Say whether `user` may do `action` on `item` as things stand now. The first rule that refuses gives the reason."""
    transition = TRANSITIONS.get(action)
    if transition is None or item.subject not in transition.subjects:
        return Denied(_("There is no such decision."))
    if getattr(user, "pk", None) == item.author_id:
        return Denied(_("Nobody decides about their own text."))
    if not _covers(user, item, transition.roles):
        return Denied(_("Your role or desk does not allow this decision."))
    if item.escalated and action not in ON_ESCALATED and not _covers(user, item, OVERSEERS):
        return Denied(_("This text was passed on: a supervisor, duty officer or spokesperson decides."))
    # A refusal is false, so it is compared, not asked for its truth.
    if (refused := refused_by_state(item, action, standing)) is not None:
        return refused
    last = standing.last
    if transition.needs_second_person and last is not None and last.actor_ref == getattr(user, "audit_ref", ""):
        return Denied(_("Somebody else must take this decision."))
    return _can_undo(user, item, standing) if action == Action.UNDO else Allowed()


def refused_by_state(item: ReviewItem, action: Action, standing: Standing) -> Denied | None:
    """Return why nobody, whatever their role, can do `action` in the present state; None when the state allows it."""
    transition = TRANSITIONS[action]
    if standing.newer and action not in ON_OLD_ITEMS:
        return Denied(_("A newer text is under review: decide there."))
    if standing.status not in transition.sources or item.state not in transition.item_states:
        return Denied(_("This decision is not possible in the present state."))
    if action in EDIT_ACTIONS and not item.is_edit:
        return Denied(_("There is no new text to decide about."))
    if action == Action.ESCALATE and item.escalated:
        return Denied(_("This text was passed on already."))
    if action in {Action.MARK_DANGEROUS, Action.LIFT_DANGER} and standing.gone == (action == Action.MARK_DANGEROUS):
        return Denied(_("There is nothing to change: the danger mark already stands like this."))
    return None


def _can_undo(user: Actor, item: ReviewItem, standing: Standing) -> Verdict:
    last = standing.last
    if last is None or last.action not in UNDOABLE or last.actor_ref != getattr(user, "audit_ref", ""):
        return Denied(_("There is nothing of yours to undo."))
    if timezone.now() >= last.effective_at:
        return Denied(_("The time to undo is over. Take a new decision instead."))
    version = item.version.number if item.version else item.profile.number if item.profile else 0
    as_left = (last.to_status, state_after(Action(last.action), last.from_state), last.version_number)
    if (standing.status, item.state, version) != as_left:
        return Denied(_("The text changed since your decision: it can no longer be undone."))
    return Allowed()


def is_waiting(item: ReviewItem) -> bool:
    """Say whether a moderator is expected to decide."""
    return item.state == ItemState.OPEN
