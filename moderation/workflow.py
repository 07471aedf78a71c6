"""The workflow as data: no database here. Buttons, authorisation and the test table are read from TRANSITIONS (docs/moderation.md)."""

from dataclasses import dataclass
from typing import Final

from accounts.enums import Role
from forum.enums import PostStatus
from moderation.enums import Action, ItemState

SAME: Final = "SAME"
BEFORE: Final = "BEFORE"

REVIEWERS = frozenset({Role.MODERATOR, Role.EMBASSY, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SPOKESPERSON})
SENIOR = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
# To whom an item is passed on.
OVERSEERS = SENIOR | {Role.SPOKESPERSON}
ANY_STATE = frozenset(ItemState)
OPEN = frozenset({ItemState.OPEN})
CLOSED = frozenset({ItemState.DECIDED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from which statuses and item states, to which status and state, by which roles, with what."""

    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    item_states: frozenset[ItemState] = OPEN
    item_target: ItemState = ItemState.DECIDED
    needs_reason: bool = False
    needs_second_person: bool = False
    subjects: frozenset[str] = frozenset({"post"})
    key: str = ""


BOTH = frozenset({"post", "profile"})
PENDING = frozenset({PostStatus.PENDING.value})
PUBLISHED = frozenset({PostStatus.PUBLISHED.value})

TRANSITIONS: dict[Action, Transition] = {
    Action.APPROVE: Transition(PENDING, PostStatus.PUBLISHED, REVIEWERS, subjects=BOTH, key="a"),
    Action.APPROVE_EDIT: Transition(PUBLISHED, PostStatus.PUBLISHED, REVIEWERS, key="a"),
    Action.REQUEST_CHANGES: Transition(
        PENDING, PostStatus.CHANGES_REQUESTED, REVIEWERS, item_target=ItemState.WITH_AUTHOR, needs_reason=True, subjects=BOTH, key="c"
    ),
    Action.RETURN_EDIT: Transition(PUBLISHED, SAME, REVIEWERS, item_target=ItemState.WITH_AUTHOR, needs_reason=True, key="c"),
    Action.REJECT: Transition(PENDING, PostStatus.REJECTED, REVIEWERS, needs_reason=True, subjects=BOTH, key="r"),
    Action.REJECT_EDIT: Transition(PUBLISHED, SAME, REVIEWERS, needs_reason=True, key="r"),
    Action.SPAM: Transition(PENDING, PostStatus.SPAM, REVIEWERS, needs_reason=True, key="s"),
    Action.MERGE: Transition(PENDING, PostStatus.MERGED, REVIEWERS, needs_reason=True, key="m"),
    Action.HIDE: Transition(PUBLISHED, PostStatus.HIDDEN, REVIEWERS, item_states=ANY_STATE, needs_reason=True),
    Action.RESTORE: Transition(
        frozenset({PostStatus.HIDDEN.value, PostStatus.REJECTED.value, PostStatus.SPAM.value, PostStatus.ARCHIVED.value}),
        PostStatus.PUBLISHED,
        SENIOR,
        item_states=CLOSED,
        needs_second_person=True,
    ),
    Action.ARCHIVE: Transition(PUBLISHED, PostStatus.ARCHIVED, REVIEWERS, item_states=CLOSED, needs_reason=True),
    Action.MARK_DANGEROUS: Transition(PUBLISHED, SAME, REVIEWERS, item_states=ANY_STATE, needs_reason=True),
    Action.LIFT_DANGER: Transition(PUBLISHED, SAME, SENIOR, item_states=ANY_STATE, needs_second_person=True),
    Action.ESCALATE: Transition(PENDING | PUBLISHED, SAME, REVIEWERS, item_target=ItemState.OPEN, subjects=BOTH, key="g"),
    Action.NOTE: Transition(frozenset(PostStatus.values), SAME, REVIEWERS, item_states=ANY_STATE, item_target=ItemState.OPEN, subjects=BOTH, key="n"),
    Action.UNDO: Transition(frozenset(PostStatus.values), BEFORE, REVIEWERS, item_states=ANY_STATE, subjects=BOTH, key="u"),
}

# Acts that leave the item as it is: a mark on the live text must not lose an edit that waits.
KEEPS_ITEM = frozenset({Action.NOTE, Action.ESCALATE, Action.MARK_DANGEROUS, Action.LIFT_DANGER})
# Remarks of colleagues: they change nothing about the text, so neither undo nor the second person counts them.
REMARKS = frozenset({Action.NOTE, Action.ESCALATE})
# About the new text of something that is public.
EDIT_ACTIONS = frozenset({Action.APPROVE_EDIT, Action.RETURN_EDIT, Action.REJECT_EDIT})
# Acts that are still possible on an item when a newer one exists for the same thing.
ON_OLD_ITEMS = frozenset({Action.NOTE})
# What somebody at a desk may still do with an item that was passed on.
ON_ESCALATED = frozenset({Action.NOTE, Action.UNDO})
# What `undo` can take back, within the window, by the person who decided.
UNDOABLE = frozenset({Action.APPROVE, Action.APPROVE_EDIT, Action.REQUEST_CHANGES, Action.RETURN_EDIT, Action.REJECT, Action.REJECT_EDIT,
                      Action.SPAM, Action.MERGE, Action.HIDE, Action.ARCHIVE, Action.MARK_DANGEROUS, Action.LIFT_DANGER})  # fmt: skip


def state_after(action: Action, before: str) -> str:
    """Return the item state that `action` leads to from `before` (undo and restore read the decision that they take back instead)."""
    return before if action in KEEPS_ITEM else str(TRANSITIONS[action].item_target)
