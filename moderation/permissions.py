"""Who may see and decide which item: one rule, as check and as queryset twin."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language, Role
from accounts.permissions import Actor, Allowed, Denied, Verdict, has_role, scopes
from moderation.enums import Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.querysets import ReviewItemQuerySet
from moderation.workflow import REVIEWERS, SENIOR, TRANSITIONS, UNDOABLE

# May see everything in the queue; supervisors, duty officers and the spokesperson have no desk.
OVERSEERS = frozenset({*SENIOR, Role.SPOKESPERSON})


def _covers(user: Actor, item: ReviewItem, roles: frozenset[Role]) -> bool:
    """Say whether a grant covers the item's desk. No country: the central desk, which only unscoped grants cover."""
    language = item.language if item.language in Language.values else None
    return has_role(user, *roles, country=item.country_id or "", language=language)


def can_review(user: Actor, item: ReviewItem) -> Verdict:
    """Say whether `user` may open the item at all."""
    if not _covers(user, item, REVIEWERS):
        return Denied(_("This item belongs to another desk."))
    return Allowed()


def reviewable_by(user: Actor) -> ReviewItemQuerySet:
    """Return the items that `can_review` allows: its queryset twin."""
    return ReviewItem.objects.in_scopes(scopes(user, REVIEWERS), Language.values)


def can_decide(user: Actor, item: ReviewItem, action: Action, *, status: str, last: Decision | None) -> Verdict:
    """Say whether `user` may do `action` on `item`, whose thing has `status` now and `last` as its newest decision."""
    transition = TRANSITIONS.get(action)
    if transition is None or item.subject not in transition.subjects:
        return Denied(_("There is no such decision."))
    if getattr(user, "pk", None) == item.author_id:
        return Denied(_("Nobody decides about their own text."))
    if not _covers(user, item, transition.roles):
        return Denied(_("Your role or desk does not allow this decision."))
    if status not in transition.sources or item.state not in transition.item_states:
        return Denied(_("This decision is not possible in the present state."))
    if action in {Action.APPROVE_EDIT, Action.RETURN_EDIT, Action.REJECT_EDIT} and not item.is_edit:
        return Denied(_("There is no new text to decide about."))
    if transition.needs_second_person and last is not None and last.actor_ref == getattr(user, "audit_ref", ""):
        return Denied(_("Somebody else must take this decision."))
    if action == Action.UNDO:
        return _can_undo(user, last)
    return Allowed()


def _can_undo(user: Actor, last: Decision | None) -> Verdict:
    if last is None or last.action not in UNDOABLE or last.actor_ref != getattr(user, "audit_ref", ""):
        return Denied(_("There is nothing of yours to undo."))
    if timezone.now() >= last.effective_at:
        return Denied(_("The time to undo is over. Take a new decision instead."))
    return Allowed()


def is_waiting(item: ReviewItem) -> bool:
    """Say whether a moderator is expected to decide."""
    return item.state == ItemState.OPEN
