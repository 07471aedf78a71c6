"""Proposed names and profiles: reviewed by the same table, as one item a person, without touching what is approved."""

import pytest

from accounts.services import submit_profile, withdraw_profile
from moderation.enums import Action
from moderation.models import ReviewItem
from moderation.services import DecisionNotAllowed, ReviewConflict, available_actions, decide
from tests.factories import UserFactory
from tests.moderation.test_deciding import GROUND, refused

pytestmark = pytest.mark.django_db


def profile_item(user):
    rows = ReviewItem.objects.with_newer().select_related("profile__user", "author", "version", "post")
    return rows.filter(subject="profile", author=user).order_by("-pk")[0]


def test_approved_profile_becomes_the_name(staff, heard):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Lieve in Cusco", about="Ik woon hier al tien jaar.")
    item = profile_item(user)
    assert set(available_actions(staff("moderator"), item)) == {"approve", "request_changes", "reject", "escalate", "note"}
    decide(item.pk, Action.APPROVE, actor=staff("moderator"), revision=1)
    user.refresh_from_db()
    assert (user.display_name, user.about, profile_item(user).state) == ("Lieve in Cusco", "Ik woon hier al tien jaar.", "decided")
    assert "content_published" not in heard


def test_new_proposal_moves_the_same_item(staff):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Lieve")
    first = profile_item(user)
    submit_profile(actor=user, pseudonym="Lieve V.")
    second = profile_item(user)
    assert (second.pk, second.revision, second.profile.pseudonym) == (first.pk, 2, "Lieve V.")
    refused(ReviewConflict, first, Action.APPROVE, actor=staff("moderator"), revision=1)


def test_profile_with_requested_changes_comes_back_as_the_same_item(staff):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Consul Lima")
    item = profile_item(user)
    decide(item.pk, Action.REQUEST_CHANGES, actor=staff("moderator"), revision=1, ground="false_official", facts="U bent geen consul.")
    submit_profile(actor=user, pseudonym="Jan uit Lima")
    again = profile_item(user)
    assert (again.pk, again.state, again.revision, again.decisions.count()) == (item.pk, "open", 3, 1)


def test_withdrawn_proposal_closes_its_item(staff):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Lieve")
    withdraw_profile(actor=user)
    item = profile_item(user)
    assert (item.state, item.decisions.get().action) == ("decided", "withdraw")
    assert available_actions(staff("supervisor"), item) == [Action.NOTE]


def test_name_taken_in_the_meantime_is_refused_with_its_reason(staff):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Lieve")
    UserFactory(pseudonym="Lieve", pseudonym_key="lieve")
    item = profile_item(user)
    refused(DecisionNotAllowed, item, Action.APPROVE, "took this name", actor=staff("moderator"), revision=1)


def test_refused_change_of_the_self_description_leaves_the_approved_name(staff):
    user = UserFactory(named=True)
    name = user.pseudonym
    submit_profile(actor=user, pseudonym=name, about="Koop bij mij!")
    decide(profile_item(user).pk, Action.REJECT, actor=staff("moderator"), revision=1, ground="spam", facts="Reclame.")
    user.refresh_from_db()
    assert (user.pseudonym, user.about) == (name, "")


@pytest.mark.parametrize("action", ["spam", "merge", "hide", "restore", "archive", "mark_dangerous", "lift_danger", "approve_edit"])
def test_post_actions_are_no_profile_actions(action, staff):
    user = UserFactory()
    submit_profile(actor=user, pseudonym="Lieve")
    refused(DecisionNotAllowed, profile_item(user), Action(action), "no such decision", actor=staff("supervisor"), revision=1, **GROUND)
