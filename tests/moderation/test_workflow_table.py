"""Every action × every status × every item state × every role: what the table allows works, everything else is refused and writes nothing."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.enums import Role
from forum.enums import PostStatus
from forum.models import Post, Topic
from forum.services import edit_post
from moderation.enums import Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.permissions import Standing, can_decide
from moderation.services import DecisionNotAllowed, available_actions, decide
from moderation.workflow import KEEPS_ITEM, REMARKS, SENIOR, TRANSITIONS, UNDOABLE, state_after
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import item_of, row_counts, state_of

pytestmark = pytest.mark.django_db

REVIEWING = {Role.MODERATOR, Role.EMBASSY, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SPOKESPERSON}
NOT_REVIEWING = {Role.CRISIS_EDITOR, Role.ANALYST, Role.ADMINISTRATOR, Role.RESIDENT}
PENDING, LIVE = PostStatus.PENDING.value, PostStatus.PUBLISHED.value
OPEN, BACK, DONE = ItemState.OPEN.value, ItemState.WITH_AUTHOR.value, ItemState.DECIDED.value

# What the documents say, written down a second time: (status, item state, is an edit) → what a moderator may do. Undo has tests of its own.
MODERATOR_MAY = {
    (PENDING, OPEN, False): {"approve", "request_changes", "reject", "spam", "merge", "escalate", "note"},
    (LIVE, OPEN, True): {"approve_edit", "return_edit", "reject_edit", "hide", "mark_dangerous", "escalate", "note"},
    (LIVE, OPEN, False): {"hide", "mark_dangerous", "escalate", "note"},
    (LIVE, BACK, False): {"hide", "mark_dangerous", "note"},
    (LIVE, BACK, True): {"hide", "mark_dangerous", "note"},
    (LIVE, DONE, False): {"hide", "mark_dangerous", "archive", "note"},
    (LIVE, DONE, True): {"hide", "mark_dangerous", "archive", "note"},
}
# What supervisors and duty officers may do beyond that, on what is closed.
SENIOR_MAY_TOO = {(status, DONE): {"restore"} for status in ("hidden", "rejected", "spam", "archived")}
GROUND = {"ground": "danger", "facts": "De brug is weg."}
NEEDS_REASON = {"request_changes", "return_edit", "reject", "reject_edit", "spam", "merge", "hide", "archive", "mark_dangerous"}


def put(item: ReviewItem, status: str, state: str, *, is_edit: bool = False, gone: bool = False) -> ReviewItem:
    """Bring an item and its post to a state by force, as no service would: the rules must hold for states that should not exist, too."""
    other = Topic.objects.exclude(pk=item.post.topic_id).first() if status == PostStatus.MERGED else None
    version = item.version if status in {"published", "archived", "hidden"} else None
    now = timezone.now()
    Post.objects.filter(pk=item.post_id).update(
        status=status, merged_into=other, live_version=version, published_at=now, check_from=now, stale_from=now, gone_at=now if gone else None
    )
    Topic.objects.filter(pk=item.post.topic_id).update(
        status=status, title="T", slug="t", kind="tip", published_at=now, check_from=now, stale_from=now, gone_at=now if gone else None
    )
    ReviewItem.objects.filter(pk=item.pk).update(state=state, is_edit=is_edit, decided_at=now if state == DONE else None)
    return item_of(item.post)


def expected(role: str, status: str, state: str, is_edit: bool) -> set[str]:
    """Return what the documents allow a role in a state."""
    if role not in REVIEWING:
        return set()
    may = set(MODERATOR_MAY.get((status, state, is_edit), {"note"}))
    if status == PENDING and state == OPEN and is_edit:
        may = {"approve", "request_changes", "reject", "spam", "merge", "escalate", "note"}
    return may | (SENIOR_MAY_TOO.get((status, state), set()) if role in SENIOR else set())


def test_the_table_names_every_action_and_no_role_without_review_right():
    assert set(TRANSITIONS) == set(Action) - {Action.WITHDRAW, Action.IMPORT}
    assert set().union(*(t.roles for t in TRANSITIONS.values())) == REVIEWING
    assert {a.value for a, t in TRANSITIONS.items() if t.needs_reason} == NEEDS_REASON
    assert {a.value for a, t in TRANSITIONS.items() if t.needs_second_person} == {"restore", "lift_danger"}
    assert {a.value for a, t in TRANSITIONS.items() if "profile" in t.subjects} == {
        "approve",
        "request_changes",
        "reject",
        "escalate",
        "note",
        "undo",
    }


def test_every_target_is_a_status_and_every_key_is_unique_within_a_situation():
    for transition in TRANSITIONS.values():
        assert transition.target in {*PostStatus.values, "SAME", "BEFORE"}
        assert transition.sources <= set(PostStatus.values)
    for status, state in product(PostStatus.values, ItemState.values):
        keys = [t.key for a, t in TRANSITIONS.items() if t.key and status in t.sources and state in t.item_states]
        edits = [t.key for a, t in TRANSITIONS.items() if t.key and status in t.sources and state in t.item_states and "edit" in a.value]
        assert len(set(keys)) == len(keys) or edits


@pytest.mark.parametrize("role", sorted(REVIEWING | NOT_REVIEWING))
def test_available_actions_in_every_state_are_those_of_the_documents(role, staff, waiting):
    actor, item = staff(role), waiting()
    make_post()
    for status, state, is_edit in product(PostStatus.values, ItemState.values, [False, True]):
        item = put(item, status, state, is_edit=is_edit)
        assert set(available_actions(actor, item)) == expected(role, status, state, is_edit), (status, state, is_edit)


@pytest.mark.parametrize("role", sorted(REVIEWING | NOT_REVIEWING))
def test_what_is_not_available_is_refused_and_writes_nothing(role, staff, waiting, heard):
    actor, item = staff(role), waiting()
    target = make_post(status="published").topic
    edits = [False, True] if role in REVIEWING else [False]
    for status, state, is_edit in product(PostStatus.values, ItemState.values, edits):
        item = put(item, status, state, is_edit=is_edit)
        before, counts = state_of(item), row_counts()
        heard.clear()
        for action in sorted(set(TRANSITIONS) - {Action.UNDO} - expected(role, status, state, is_edit)):
            with pytest.raises(DecisionNotAllowed):
                decide(item.pk, action, actor=actor, revision=item.revision, merged_into=target if action == "merge" else None, **GROUND)
        assert (state_of(item), row_counts(), heard) == (before, counts, [])


ALLOWED = sorted(
    {(action, status, state, is_edit) for (status, state, is_edit), actions in MODERATOR_MAY.items() for action in actions}
    | {("restore", status, state, False) for status, state in SENIOR_MAY_TOO}
)


@pytest.mark.parametrize(("action", "status", "state", "is_edit"), ALLOWED)
def test_what_is_available_works_and_writes_one_decision(action, status, state, is_edit, staff, waiting, heard):
    actor = staff("supervisor" if action == "restore" else "moderator")
    item = put(waiting(), status, state, is_edit=is_edit)
    target = make_post(status="published").topic if action == "merge" else None
    transition, before = TRANSITIONS[Action(action)], item.revision
    heard.clear()
    words = GROUND if transition.needs_reason else {}
    decision = decide(item.pk, Action(action), actor=actor, revision=before, merged_into=target, **words)
    fresh = item_of(item.post)
    after = status if transition.target == "SAME" else transition.target
    assert (decision.action, decision.from_status, decision.to_status, decision.from_state) == (action, status, after, state)
    assert (decision.actor_ref, decision.item_revision, decision.automated, decision.ground) == (
        actor.audit_ref,
        before,
        False,
        words.get("ground", ""),
    )
    assert (fresh.post.status, fresh.state, fresh.revision) == (after, state_after(Action(action), state), before + 1)
    assert (fresh.decided_at is not None) == (fresh.state == DONE)
    assert heard.count("decision_made") == 1
    assert Decision.objects.filter(item=item).count() == 1


@pytest.mark.parametrize("action", sorted(NEEDS_REASON | {"lift_danger", "restore", "approve", "approve_edit", "escalate", "note"}))
def test_nobody_decides_about_their_own_text(action, staff):
    author = staff("supervisor")
    item = item_of(make_post(author=author))
    for status, state in product(PostStatus.values, ItemState.values):
        standing = Standing(status=status)
        item.state = state
        assert not can_decide(author, item, Action(action), standing)
        assert "own text" in str(can_decide(author, item, Action(action), standing).reason)


def test_own_text_writes_nothing(staff):
    author = staff("moderator")
    item = item_of(make_post(author=author))
    before, counts = state_of(item), row_counts()
    with pytest.raises(DecisionNotAllowed, match="own text"):
        decide(item.pk, Action.APPROVE, actor=author, revision=item.revision)
    assert (state_of(item), row_counts()) == (before, counts)


def test_danger_mark_is_set_once_and_lifted_by_a_senior_second_person(staff, published):
    item, moderator, supervisor = published(), staff("moderator"), staff("supervisor")
    decide(item.pk, Action.MARK_DANGEROUS, actor=moderator, revision=item.revision, **GROUND)
    item = item_of(item.post)
    assert (item.post.gone_at is not None, item.post.topic.gone_reason) == (True, "De brug is weg.")
    assert "mark_dangerous" not in available_actions(supervisor, item)
    assert "lift_danger" not in available_actions(moderator, item)
    decide(item.pk, Action.LIFT_DANGER, actor=supervisor, revision=item.revision)
    item = item_of(item.post)
    assert (item.post.gone_at, item.post.topic.gone_reason, item.post.status) == (None, "", "published")


def test_danger_mark_of_the_same_person_is_not_lifted_by_them(staff, published):
    item, supervisor = published(), staff("supervisor")
    decide(item.pk, Action.MARK_DANGEROUS, actor=supervisor, revision=item.revision, **GROUND)
    item = item_of(item.post)
    with pytest.raises(DecisionNotAllowed, match="Somebody else"):
        decide(item.pk, Action.LIFT_DANGER, actor=supervisor, revision=item.revision)
    assert item_of(item.post).post.gone_at is not None


def test_danger_mark_keeps_the_edit_that_waits(staff, published):
    item = published()
    edit_post(actor=item.author, post=item.post, text=text(body="De bus rijdt niet meer, neem de trein naar Puno."), version_number=1)
    item = item_of(item.post)
    decide(item.pk, Action.MARK_DANGEROUS, actor=staff("moderator"), revision=item.revision, **GROUND)
    item = item_of(item.post)
    assert (item.state, item.is_edit, item.version.number) == (OPEN, True, 2)
    assert "approve_edit" in available_actions(staff("moderator"), item)


def test_escalated_item_is_for_those_to_whom_it_was_passed(staff, waiting):
    item, moderator = waiting(), staff("moderator")
    decide(item.pk, Action.ESCALATE, actor=moderator, revision=item.revision, internal_note="Gevoelig.")
    item = item_of(item.post)
    assert (item.escalated, item.state) == (True, OPEN)
    assert available_actions(moderator, item) == [Action.NOTE]
    for role in ("supervisor", "duty_officer", "spokesperson"):
        assert {"approve", "reject"} <= set(available_actions(staff(role), item))
    with pytest.raises(DecisionNotAllowed, match="passed on"):
        decide(item.pk, Action.APPROVE, actor=moderator, revision=item.revision)
    decide(item.pk, Action.APPROVE, actor=staff("supervisor"), revision=item.revision)
    assert (item_of(item.post).escalated, item_of(item.post).post.status) == (False, "published")


def test_scoped_overseer_does_not_receive_what_is_passed_on_elsewhere(staff, waiting):
    item = waiting(countries=["PE"])
    decide(item.pk, Action.ESCALATE, actor=staff("moderator"), revision=item.revision)
    item = item_of(item.post)
    assert available_actions(staff("supervisor", country="BO"), item) == []
    assert "approve" in available_actions(staff("supervisor", country="PE"), item)


def test_unknown_action_is_refused(staff, waiting):
    item = waiting()
    counts = row_counts()
    with pytest.raises(DecisionNotAllowed, match="no such decision"):
        decide(item.pk, "publish_quietly", actor=staff("supervisor"), revision=item.revision)  # type: ignore[arg-type]
    assert row_counts() == counts


def test_remarks_and_marks_never_close_an_item():
    assert REMARKS < KEEPS_ITEM
    assert not UNDOABLE & REMARKS
    for action in KEEPS_ITEM:
        assert [state_after(action, state) for state in ItemState.values] == list(ItemState.values)


@pytest.mark.parametrize("role", sorted(REVIEWING))
def test_anonymous_expired_and_inactive_people_can_do_nothing(role, staff, waiting):
    item = waiting()
    gone = staff(role, is_active=False)
    late = staff(role)
    late.grants.update(valid_until=timezone.now() - timezone.timedelta(seconds=1))
    taken = staff(role)
    taken.grants.update(revoked_at=timezone.now())
    for actor in (AnonymousUser(), UserFactory(), gone, late, taken):
        assert available_actions(actor, item) == []
