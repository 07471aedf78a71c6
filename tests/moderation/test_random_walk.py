"""Random walks: an author, two moderators and a supervisor do whatever they may in any order; what must always hold, holds after each step."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import RoleGrant
from forum.enums import EDITABLE_STATUSES, WITHDRAWABLE_STATUSES, PostStatus
from forum.models import ForumListing, Post, Topic
from forum.services import EditNotAllowed, create_topic, edit_post, withdraw_post
from moderation.enums import Action, ItemState
from moderation.invariants import review_faults
from moderation.models import Decision, ReviewItem
from moderation.services import DecisionNotAllowed, ReviewConflict, available_actions, decide, seal_chain, verify_chain
from moderation.workflow import TRANSITIONS
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

SECRET = "Geheim"
ACTIONS = sorted(TRANSITIONS)


def person(role=""):
    user = UserFactory()
    if role:
        RoleGrant.objects.create(user=user, role=role, reason="test")
    return user


class Walk(RuleBasedStateMachine):
    """One post from its first draft on."""

    @initialize()
    def begin(self):
        self.author = person()
        self.staff = [person("moderator"), person("moderator"), person("supervisor")]
        self.other = make_post(status="published").topic
        self.post = create_topic(actor=self.author, text=text(title=f"{SECRET} 1", body=f"{SECRET} 1, een tip over de bus naar Puno."))
        self.number, self.approved = 1, set()
        self.stale = item_of(self.post)

    def fresh(self):
        self.post = Post.objects.select_related("topic", "live_version").get(pk=self.post.pk)
        return self.post

    # -- the author ------------------------------------------------------------------------------------------------------

    @rule()
    def edits(self):
        post = self.fresh()
        words = text(title=f"{SECRET} {self.number + 1}", body=f"{SECRET} {self.number + 1}, een tip over de bus naar Puno.")
        if post.status in EDITABLE_STATUSES and not post.gone_at:
            edit_post(actor=self.author, post=post, text=words, version_number=self.number)
            self.number += 1
        else:
            with pytest.raises(EditNotAllowed):
                edit_post(actor=self.author, post=post, text=words, version_number=self.number)

    @precondition(lambda self: self.number > 2)
    @rule()
    def withdraws(self):
        post = self.fresh()
        if post.status == PostStatus.WITHDRAWN or post.status in WITHDRAWABLE_STATUSES:
            withdraw_post(actor=self.author, post=post)
            assert self.fresh().status == PostStatus.WITHDRAWN

    # -- the moderators ----------------------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 2), choice=st.integers(0, 50))
    def does_something_allowed(self, who, choice):
        item, actor = item_of(self.fresh()), self.staff[who]
        allowed = available_actions(actor, item)
        if not allowed:
            return
        self._decide(item, allowed[choice % len(allowed)], actor)

    @rule(who=st.integers(0, 2))
    def undoes(self, who):
        item, actor = item_of(self.fresh()), self.staff[who]
        if Action.UNDO in available_actions(actor, item):
            before = item.decisions.exclude(action__in=["note", "escalate"]).order_by("-pk")[0]
            self._decide(item, Action.UNDO, actor)
            assert self.fresh().status == before.from_status
            assert item_of(self.post).state == before.from_state

    @rule(who=st.integers(0, 2), action=st.sampled_from(ACTIONS))
    def tries_something_forbidden(self, who, action):
        item, actor = item_of(self.fresh()), self.staff[who]
        if action in available_actions(actor, item):
            return
        before = (Decision.objects.count(), self.post.status, self.post.topic.revision, item.revision)
        with pytest.raises(DecisionNotAllowed):
            self._decide(item, Action(action), actor)
        after = (Decision.objects.count(), self.fresh().status, self.post.topic.revision, item_of(self.post).revision)
        assert after == before

    @rule(who=st.integers(0, 2))
    def decides_on_what_was_read_long_ago(self, who):
        current = item_of(self.fresh())
        if (current.pk, current.revision) == (self.stale.pk, self.stale.revision):
            return
        count = Decision.objects.count()
        with pytest.raises((ReviewConflict, DecisionNotAllowed)):
            self._decide(self.stale, Action.APPROVE, self.staff[who])
        assert Decision.objects.count() == count

    @rule()
    def reads_again(self):
        self.stale = item_of(self.fresh())

    def _decide(self, item, action, actor):
        words = {"ground": "danger", "facts": "De brug is weg."} if TRANSITIONS[action].needs_reason else {}
        target = self.other if action == Action.MERGE else None
        decision = decide(item.pk, action, actor=actor, revision=item.revision, merged_into=target, **words)
        assert (decision.actor_ref, decision.item_revision) == (actor.audit_ref, item.revision)
        # A restored refusal is an approval by a second person.
        if action in {Action.APPROVE, Action.APPROVE_EDIT} or (action == Action.RESTORE and item.post.live_version_id is None):
            self.approved.add(item.version.number)
        return decision

    # -- what always holds -----------------------------------------------------------------------------------------------------

    @invariant()
    def at_most_one_item_is_undecided_and_it_reads_the_latest_text(self):
        undecided = list(ReviewItem.objects.undecided().filter(post=self.post.pk).select_related("version"))
        assert len(undecided) <= 1
        if undecided:
            assert undecided[0].version.number == self.number
            assert undecided[0].pk == item_of(self.post).pk

    @invariant()
    def item_and_status_agree(self):
        post, item = self.fresh(), item_of(self.post)
        if post.status == PostStatus.PENDING:
            assert (item.state, item.is_edit) == (ItemState.OPEN, False)
        elif post.status == PostStatus.CHANGES_REQUESTED:
            assert item.state == ItemState.WITH_AUTHOR
        elif post.status != PostStatus.PUBLISHED:
            assert item.state == ItemState.DECIDED
        elif item.state != ItemState.DECIDED:
            assert item.is_edit
        assert (item.decided_at is not None) == (item.state == ItemState.DECIDED)

    @invariant()
    def only_approved_words_are_public(self):
        post, topic = self.fresh(), Topic.objects.get(pk=self.post.topic_id)
        shown = {topic.title} if topic.status in {"published", "archived"} else set()
        assert shown <= {f"{SECRET} {number}" for number in self.approved}
        if post.live_version:
            assert post.live_version.number in self.approved
        assert topic.status == post.status

    @invariant()
    def lists_hold_what_is_published_and_nothing_else(self):
        rows = ForumListing.objects.filter(topic=self.post.topic_id).count()
        assert (rows > 0) == (self.fresh().status == PostStatus.PUBLISHED)

    @invariant()
    def decisions_follow_each_other(self):
        for item in ReviewItem.objects.filter(post=self.post.pk):
            revisions = list(item.decisions.order_by("pk").values_list("item_revision", flat=True))
            assert revisions == sorted(set(revisions))
            assert all(number < item.revision for number in revisions)

    @invariant()
    def invariants_of_check_data_hold(self):
        assert [fault for fault in review_faults() if self.post.public_id in fault] == []

    def teardown(self):
        if hasattr(self, "post"):
            seal_chain()
            assert verify_chain(realm="live")[1] == []


def test_whatever_people_do_in_whatever_order():
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
        ),
    )
