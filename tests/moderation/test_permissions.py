"""Who sees and decides which item: the check and its queryset twin agree for any desks, countries and languages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import GRANTABLE_ROLES
from accounts.models import RoleGrant
from moderation.enums import Action
from moderation.models import Decision, ReviewItem
from moderation.permissions import can_decide, can_review, decisions_seen_by, is_reviewer, is_waiting, reviewable_by
from moderation.querysets import desk_q
from moderation.services import available_actions, decide, standing_of
from moderation.services.records import write_decision
from moderation.workflow import OVERSEERS, REVIEWERS, SENIOR
from tests.factories import UserFactory, make_post
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

COUNTRIES = [None, "PE", "BO"]
LANGUAGES = ["nl", "fr", "de", "en", "und", "es", "ar"]


@pytest.fixture
def items(waiting):
    """Return one waiting item for each country (or none) and language."""
    made = []
    for country in COUNTRIES:
        for language in LANGUAGES:
            item = waiting()
            ReviewItem.objects.filter(pk=item.pk).update(country=country, language=language)
            made.append(item_of(item.post))
    return made


def holder(grants):
    """Return a person with these grants."""
    user = UserFactory()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, country_id=c, language=language, reason="x") for role, c, language in grants)
    return user


grants = st.lists(
    st.tuples(
        st.sampled_from(sorted(GRANTABLE_ROLES)),
        st.sampled_from(COUNTRIES),
        st.sampled_from(["", "nl", "fr", "de", "en"]),
    ),
    max_size=4,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=grants)
def test_queryset_twin_agrees_with_the_check(items, grants):
    user = UserFactory()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, country_id=country, language=language, reason="x") for role, country, language in grants
    )
    allowed = {item.pk for item in items if can_review(user, item)}
    assert set(reviewable_by(user).values_list("pk", flat=True)) == allowed
    assert bool(allowed) <= is_reviewer(user)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=grants)
def test_decisions_are_seen_where_their_items_are(items, grants):
    system = UserFactory()
    if not Decision.objects.exists():
        for item in items:
            write_decision(item=item, actor=system, action="note", from_status="pending", to_status="pending", snapshot={})
    user = UserFactory()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, country_id=country, language=language, reason="x") for role, country, language in grants
    )
    seen = set(decisions_seen_by(user).values_list("item_id", flat=True))
    assert seen == {item.pk for item in items if can_review(user, item)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=grants)
def test_whoever_can_decide_anything_can_also_see_the_item(items, grants):
    user = UserFactory()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, country_id=country, language=language, reason="x") for role, country, language in grants
    )
    for item in items:
        standing = standing_of(item, last=False)
        if any(can_decide(user, item, action, standing) for action in Action):
            assert can_review(user, item)


SCOPES = [
    # (country, language) of the grant → (country, language) of items that it covers, and that it does not
    ((None, ""), [(None, "nl"), ("PE", "fr"), ("BO", "es")], []),
    (("PE", ""), [("PE", "nl"), ("PE", "und")], [("BO", "nl"), (None, "nl")]),
    ((None, "nl"), [("PE", "nl"), (None, "nl"), ("BO", "es"), (None, "und")], [("PE", "fr"), (None, "de")]),
    (("PE", "nl"), [("PE", "nl"), ("PE", "ar")], [("PE", "fr"), ("BO", "nl"), (None, "nl"), ("BO", "es")]),
]


@pytest.mark.parametrize("role", sorted(REVIEWERS))
@pytest.mark.parametrize(("scope", "covered", "other"), SCOPES)
def test_scope_by_country_and_language(role, scope, covered, other, staff, items):
    user = staff(role, country=scope[0], language=scope[1])
    by_desk = {(item.country_id, item.language): item for item in items}
    assert all(can_review(user, by_desk[desk]) for desk in covered)
    assert not any(can_review(user, by_desk[desk]) for desk in other)


def test_item_without_country_falls_to_the_central_desk(staff, items):
    central = next(item for item in items if item.country_id is None and item.language == "nl")
    assert can_review(staff("moderator"), central)
    assert not can_review(staff("moderator", country="PE"), central)
    assert "another desk" in str(can_review(staff("moderator", country="PE"), central).reason)


def test_two_grants_add_up_and_do_not_mix(staff, items):
    user = staff("moderator", country="PE", language="nl")
    RoleGrant.objects.create(user=user, role="moderator", country_id="BO", language="fr", reason="x")
    seen = {(item.country_id, item.language) for item in reviewable_by(user)}
    assert {desk for desk in seen if desk[1] in {"nl", "fr", "de", "en"}} == {("PE", "nl"), ("BO", "fr")}


@pytest.mark.parametrize("user", [AnonymousUser(), None])
def test_visitor_sees_nothing(user, items):
    assert not is_reviewer(user)
    assert reviewable_by(user).count() == 0
    assert not any(can_review(user, item) for item in items)


def test_role_of_one_desk_does_not_lend_its_scope_to_another_role(staff, waiting):
    item = waiting(countries=["PE"])
    user = staff("analyst")
    RoleGrant.objects.create(user=user, role="moderator", country_id="BO", reason="x")
    assert available_actions(user, item) == []


def test_restore_asks_for_a_senior_role_of_that_very_desk(staff, published):
    item = published(countries=["PE"])
    decide(item.pk, "hide", actor=staff("moderator"), revision=item.revision, ground="danger", facts="x")
    item = item_of(item.post)
    assert "restore" in available_actions(staff("supervisor", country="PE"), item)
    assert available_actions(staff("supervisor", country="BO"), item) == []
    mixed = staff("moderator", country="PE")
    RoleGrant.objects.create(user=mixed, role="supervisor", country_id="BO", reason="x")
    assert "restore" not in available_actions(mixed, item)


def test_expired_grant_is_no_grant(staff, waiting):
    item, user = waiting(), staff("moderator")
    user.grants.update(valid_until=timezone.now())
    assert (bool(can_review(user, item)), reviewable_by(user).count(), is_reviewer(user)) == (False, 0, False)


def test_named_sets_of_roles():
    assert SENIOR < OVERSEERS < REVIEWERS
    assert {str(role) for role in REVIEWERS} == {"moderator", "embassy", "duty_officer", "supervisor", "spokesperson"}
    assert {str(role) for role in OVERSEERS - SENIOR} == {"spokesperson"}


def test_unscoped_grant_needs_no_condition():
    assert desk_q([("PE", ""), (None, "")], ["nl"]) is None
    assert desk_q([], ["nl"]) is not None


def test_is_waiting(staff, waiting):
    item = waiting()
    assert is_waiting(item)
    decide(item.pk, "approve", actor=staff("moderator"), revision=1)
    assert not is_waiting(item_of(item.post))


def test_item_of_a_text_in_several_countries_lies_on_the_desk_of_the_first(staff):
    item = item_of(make_post(countries=["BO", "PE"]))
    assert item.country_id == "BO"
    assert can_review(staff("embassy", country="BO"), item)
    assert not can_review(staff("embassy", country="PE"), item)
