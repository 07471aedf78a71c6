"""Undo: within its window, by the same person, of what is still so; it brings back exactly what was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import submit_profile
from forum.models import ForumListing, Topic
from forum.services import edit_post, withdraw_post
from moderation.enums import Action
from moderation.models import Decision, ReviewItem
from moderation.services import DecisionNotAllowed, available_actions, decide
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import item_of, row_counts, state_of

pytestmark = pytest.mark.django_db

GROUND = {"ground": "danger", "facts": "De brug is weg."}


def undo(item, actor):
    fresh = item_of(item.post)
    return decide(fresh.pk, Action.UNDO, actor=actor, revision=fresh.revision)


def refused(item, actor, match):
    fresh = item_of(item.post)
    before, counts = state_of(fresh), row_counts()
    with pytest.raises(DecisionNotAllowed, match=match):
        decide(fresh.pk, Action.UNDO, actor=actor, revision=fresh.revision)
    assert (state_of(fresh), row_counts()) == (before, counts)
    assert Action.UNDO not in available_actions(actor, fresh)


@pytest.mark.parametrize("action", ["request_changes", "reject", "spam"])
def test_undo_of_a_negative_first_decision_puts_the_text_back_into_the_queue(action, staff, waiting):
    item, actor = waiting(), staff("moderator")
    taken = decide(item.pk, Action(action), actor=actor, revision=1, **GROUND)
    decision = undo(item, actor)
    fresh = item_of(item.post)
    assert (decision.action, decision.reverts_id, decision.to_status) == ("undo", taken.pk, "pending")
    assert (fresh.post.status, fresh.state, fresh.decided_at, fresh.revision) == ("pending", "open", None, 3)
    decide(fresh.pk, Action.APPROVE, actor=actor, revision=3)
    assert item_of(item.post).post.status == "published"


def test_undo_of_a_first_approval_leaves_nothing_public(staff, waiting, heard):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    heard.clear()
    undo(item, actor)
    fresh, topic = item_of(item.post), Topic.objects.get(pk=item.post.topic_id)
    assert (fresh.post.status, fresh.post.live_version, fresh.post.published_at) == ("pending", None, None)
    assert (topic.status, topic.title, topic.slug, topic.summary, topic.published_at) == ("pending", "", "", "", None)
    assert not ForumListing.objects.filter(topic=topic).exists()
    assert heard == ["content_hidden", "decision_made"]


def test_approved_again_after_an_undo_counts_from_the_second_approval(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    first = item_of(item.post).post.published_at
    undo(item, actor)
    decide(item.pk, Action.APPROVE, actor=actor, revision=3)
    assert item_of(item.post).post.published_at > first


def test_undo_of_an_approved_reply_takes_it_out_of_the_count(staff, published):
    topic, actor = published().post.topic, staff("moderator")
    item = item_of(make_reply(topic=topic))
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    undo(item, actor)
    topic.refresh_from_db()
    assert (topic.reply_count, item_of(item.post).post.status, topic.status) == (0, "pending", "published")


def test_undo_of_an_approved_edit_brings_the_text_of_before_back(staff, published):
    item, actor = published(), staff("moderator")
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuwe titel", countries=["BO"]), version_number=1)
    second = item_of(item.post)
    decide(second.pk, Action.APPROVE_EDIT, actor=actor, revision=second.revision)
    assert Topic.objects.get(pk=item.post.topic_id).title == "Nieuwe titel"
    undo(second, actor)
    fresh, topic = item_of(item.post), Topic.objects.get(pk=item.post.topic_id)
    assert (fresh.state, fresh.is_edit, fresh.post.live_version.number, fresh.version.number) == ("open", True, 1, 2)
    assert (topic.title, topic.country_codes) == (item.version.title, ["PE"])
    assert set(ForumListing.objects.filter(topic=topic).values_list("country_code", flat=True)) == {"", "PE"}


@pytest.mark.parametrize("action", ["return_edit", "reject_edit"])
def test_undo_about_an_edit_touches_no_public_text(action, staff, published, heard):
    item, actor = published(), staff("moderator")
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    second = item_of(item.post)
    decide(second.pk, Action(action), actor=actor, revision=second.revision, **GROUND)
    heard.clear()
    undo(second, actor)
    fresh = item_of(item.post)
    assert (fresh.state, fresh.post.status, fresh.post.live_version.number, heard) == ("open", "published", 1, ["decision_made"])


@pytest.mark.parametrize("action", ["hide", "archive"])
def test_undo_of_taking_a_public_text_off(action, staff, published):
    item, actor = published(), staff("moderator")
    rows = ForumListing.objects.filter(topic=item.post.topic).count()
    decide(item.pk, Action(action), actor=actor, revision=item.revision, **GROUND)
    assert not ForumListing.objects.filter(topic=item.post.topic).exists()
    undo(item, actor)
    fresh = item_of(item.post)
    assert (fresh.post.status, fresh.state, fresh.post.live_version_id) == ("published", "decided", item.post.live_version_id)
    assert ForumListing.objects.filter(topic=item.post.topic).count() == rows > 0


def test_undo_of_hide_keeps_the_day_of_publication(staff, published):
    item, actor = published(), staff("moderator")
    when = item.post.published_at
    decide(item.pk, Action.HIDE, actor=actor, revision=item.revision, **GROUND)
    undo(item, actor)
    assert item_of(item.post).post.published_at == when


def test_undo_of_merge(staff, waiting):
    item, actor, target = waiting(), staff("moderator"), make_post(status="published").topic
    decide(item.pk, Action.MERGE, actor=actor, revision=1, merged_into=target, **GROUND)
    undo(item, actor)
    fresh = item_of(item.post)
    assert (fresh.post.status, fresh.post.merged_into, fresh.state) == ("pending", None, "open")


def test_undo_of_the_danger_mark(staff, published):
    item, actor = published(), staff("moderator")
    decide(item.pk, Action.MARK_DANGEROUS, actor=actor, revision=item.revision, **GROUND)
    undo(item, actor)
    fresh = item_of(item.post)
    assert (fresh.post.gone_at, fresh.post.topic.gone_reason, fresh.post.status, fresh.state) == (None, "", "published", "decided")


def test_undo_of_lifting_the_danger_mark_puts_the_same_reason_back(staff, published):
    item, supervisor = published(), staff("supervisor")
    decide(item.pk, Action.MARK_DANGEROUS, actor=staff("moderator"), revision=item.revision, **GROUND)
    fresh = item_of(item.post)
    decide(fresh.pk, Action.LIFT_DANGER, actor=supervisor, revision=fresh.revision)
    undo(item, supervisor)
    fresh = item_of(item.post)
    assert (fresh.post.gone_at is not None, fresh.post.topic.gone_reason) == (True, "De brug is weg.")


def test_undo_of_an_approved_profile_shows_the_name_of_before(staff):
    user, actor = UserFactory(), staff("moderator")
    for name in ("Lieve", "Lieve V."):
        submit_profile(actor=user, pseudonym=name, about=f"over {name}")
        item = ReviewItem.objects.filter(author=user).order_by("-pk")[0]
        decide(item.pk, Action.APPROVE, actor=actor, revision=item.revision)
    item.refresh_from_db()
    decide(item.pk, Action.UNDO, actor=actor, revision=item.revision)
    user.refresh_from_db()
    assert (user.pseudonym, user.about) == ("Lieve", "over Lieve")
    item.refresh_from_db()
    assert (item.state, item.profile.status) == ("open", "pending")


def test_undo_of_the_first_approved_name_is_neutral_again(staff):
    user, actor = UserFactory(), staff("moderator")
    submit_profile(actor=user, pseudonym="Lieve")
    item = ReviewItem.objects.get(author=user)
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    decide(item.pk, Action.UNDO, actor=actor, revision=2)
    user.refresh_from_db()
    assert (user.pseudonym, user.pseudonym_key, user.about) == (None, None, "")


def test_undo_is_over_when_the_window_is(staff, waiting, monkeypatch):
    item, actor = waiting(), staff("moderator")
    decision = decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    moment = decision.effective_at
    monkeypatch.setattr("moderation.permissions.timezone.now", lambda: moment - timedelta(microseconds=1))
    assert Action.UNDO in available_actions(actor, item_of(item.post))
    monkeypatch.setattr("moderation.permissions.timezone.now", lambda: moment)
    assert Action.UNDO not in available_actions(actor, item_of(item.post))
    monkeypatch.undo()


def test_late_undo_is_refused_and_writes_nothing(staff, waiting, settings):
    settings.UNDO_SECONDS = 0
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    refused(item, actor, "time to undo is over")
    assert item_of(item.post).post.status == "published"


@pytest.mark.parametrize("role", ["moderator", "supervisor", "duty_officer"])
def test_nobody_undoes_somebody_elses_decision(role, staff, waiting):
    item = waiting()
    decide(item.pk, Action.APPROVE, actor=staff("moderator"), revision=1)
    refused(item, staff(role), "nothing of yours")


def test_undo_is_not_undone_and_not_repeated(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.REJECT, actor=actor, revision=1, **GROUND)
    undo(item, actor)
    refused(item, actor, "nothing of yours")
    assert Decision.objects.filter(item=item).count() == 2


def test_there_is_nothing_to_undo_before_a_decision(staff, waiting):
    refused(waiting(), staff("moderator"), "nothing of yours")


def test_colleagues_note_does_not_take_the_undo_away(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.REJECT, actor=actor, revision=1, **GROUND)
    decide(item.pk, Action.NOTE, actor=staff("moderator"), revision=2, internal_note="Zeker?")
    undo(item, actor)
    assert item_of(item.post).post.status == "pending"


def test_undo_never_brings_back_what_its_author_withdrew(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    withdraw_post(actor=item.author, post=item.post)
    refused(item, actor, "changed since")
    assert item_of(item.post).post.status == "withdrawn"


def test_undo_is_refused_when_the_author_resubmitted(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.REQUEST_CHANGES, actor=actor, revision=1, **GROUND)
    edit_post(actor=item.author, post=item.post, text=text(body="Nu met prijs: 140 sol voor de dagbus."), version_number=1)
    refused(item, actor, "changed since")
    assert (item_of(item.post).state, item_of(item.post).version.number) == ("open", 2)


def test_undo_is_refused_when_a_returned_edit_was_resubmitted(staff, published):
    item, actor = published(), staff("moderator")
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    second = item_of(item.post)
    decide(second.pk, Action.RETURN_EDIT, actor=actor, revision=second.revision, **GROUND)
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuwer"), version_number=2)
    refused(second, actor, "changed since")


def test_undo_is_refused_when_a_newer_text_is_under_review(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    old = ReviewItem.objects.get(pk=item.pk)
    counts = row_counts()
    with pytest.raises(DecisionNotAllowed, match="newer text"):
        decide(old.pk, Action.UNDO, actor=actor, revision=old.revision)
    assert row_counts() == counts
    assert ReviewItem.objects.undecided().get(post=item.post).version.number == 2


def test_undo_after_the_role_ended_is_refused(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=actor, revision=1)
    actor.grants.update(valid_until=timezone.now())
    del actor._current_grants
    refused(item, actor, "role or desk")
