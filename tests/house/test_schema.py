"""Every constraint of the schema bites, on whichever database the tests run: a violation is tried for each, and the list is complete."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AccountEvent, EnrolmentLink, ProfileVersion, RoleGrant, User
from crisis.models import Crisis, CrisisCountry, CrisisRegion, CrisisText, OfficialNotice, OfficialNoticeText, PublicGeneration
from forum.models import Confirmation, ForumListing, ForumTag, Post, PostVersion, TaggedVersion, Topic, VersionCountry, VersionNeed
from moderation.models import Decision, DecisionSeal, ReviewItem
from moderation.services import seal_chain
from moderation.services.records import write_decision
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db

OWN_APPS = ("accounts", "crisis", "forum", "moderation")


def crisis(**fields: Any) -> Crisis:
    return Crisis.objects.create(**({"scope": "world", "opened_at": timezone.now(), "opened_by": UserFactory()} | fields))


def notice(**fields: Any) -> OfficialNotice:
    return OfficialNotice.objects.create(**({"written_by": UserFactory()} | fields))


def profile(user: User | None = None, number: int = 1, **fields: Any) -> ProfileVersion:
    return ProfileVersion.objects.create(user=user or UserFactory(), number=number, pseudonym="a", pseudonym_key="a", language="fr", **fields)


def grant(**fields: Any) -> RoleGrant:
    return RoleGrant.objects.create(**({"user": UserFactory(), "role": "moderator", "reason": "x"} | fields))


def item() -> ReviewItem:
    return ReviewItem.objects.get(post=make_post())


def decision(**fields: Any) -> Decision:
    return write_decision(**({"item": item(), "actor": UserFactory(), "action": "note", "from_status": "pending", "to_status": "pending",
                              "snapshot": {}} | fields))  # fmt: skip


def raw_decision(**fields: Any) -> Decision:
    """Insert a decision as no service would: rows cannot be changed afterwards, so a wrong one must be refused when it is written."""
    base = decision()
    row = {f.attname: getattr(base, f.attname) for f in Decision._meta.concrete_fields if f.name not in {"id", "public_id", "reverts"}}
    return Decision.objects.create(**(row | fields))


def second_seal() -> None:
    first = decision()
    seal_chain(realm="live")
    other = decision()
    DecisionSeal.objects.create(decision=other, realm="live", position=first.seal.position, previous_hash="", hash="")


def listing(topic: Topic) -> None:
    row = ForumListing.objects.filter(topic=topic).first()
    row.pk = None
    row.save(force_insert=True)


def too_many_countries() -> None:
    version = make_post().latest_version
    VersionCountry.objects.create(version=version, country_id="FR", position=8)


def tag_twice() -> None:
    tag = ForumTag.objects.create(name="x", slug="x", name_fr="x", name_nl="x", name_de="x", name_en="x")
    version = make_post().latest_version
    for _ in range(2):
        TaggedVersion.objects.create(tag=tag, content_object=version)


def second_item() -> None:
    first = item()
    first.pk, first.public_id = None, "0000000000"
    first.save(force_insert=True)


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


def second_profile_item() -> None:
    version = profile()
    base = item()
    for public_id in ("0000000001", "0000000002"):
        ReviewItem.objects.create(subject="profile", profile=version, author=version.user, public_id=public_id, opened_at=base.opened_at,
                                  target_at=base.target_at)  # fmt: skip


def confirm_twice() -> None:
    post, user = make_post(status="published"), UserFactory()
    for _ in range(2):
        Confirmation.objects.create(post=post, kind="worked", user=user, happened_date=timezone.localdate())


def same_email() -> None:
    UserFactory(email="lieve@example.org")
    UserFactory(email="Lieve@example.org")


def two_systems() -> None:
    UserFactory(is_system=True)
    UserFactory(is_system=True)


def same_external() -> None:
    for post in (make_post(), make_post()):
        Post.objects.filter(pk=post.pk).update(source="s", external_id="1")


def update(obj: Any, **fields: Any) -> None:
    type(obj).objects.filter(pk=obj.pk).update(**fields)


def text_twice() -> None:
    c = crisis()
    twice(lambda: CrisisText.objects.create(crisis=c, language="fr", title="x"))


def crisis_row_twice(make: Callable[[Crisis], Any]) -> None:
    c = crisis()
    twice(lambda: make(c))


def notice_text_twice() -> None:
    n = notice()
    twice(lambda: OfficialNoticeText.objects.create(notice=n, language="fr", title="x", known="x", signed_as="x"))


def own_notice() -> None:
    n = notice()
    update(n, approved_by=n.written_by)


def published_alone() -> None:
    n = notice()
    texts = {c: OfficialNoticeText.objects.create(notice=n, language=c, title="x", known="x", signed_as="x") for c in ("fr", "nl")}
    update(n, text_fr=texts["fr"], text_nl=texts["nl"], status="published")


def pending_twice() -> None:
    user = UserFactory()
    profile(user)
    profile(user, number=2)


def number_twice() -> None:
    user = UserFactory()
    profile(user, status="published")
    profile(user)


def own_grant() -> None:
    user = UserFactory()
    grant(user=user, granted_by=user)


def version_twice() -> None:
    version = make_post().latest_version
    PostVersion.objects.create(post=version.post, number=1, content_hash="x", terms_version="x")


def undecided_with_time() -> None:
    update(item(), decided_at=timezone.now())


def stale_link() -> None:
    EnrolmentLink.objects.create(user=UserFactory(), digest="x", expires_at=timezone.now() - timedelta(days=1))


VIOLATIONS: dict[str, Callable[[], Any]] = {
    "accounts_user_email_folded": same_email,
    "accounts_one_system_user": two_systems,
    "accounts_user_pseudonym_has_key": lambda: UserFactory(pseudonym="x"),
    "accounts_user_language": lambda: UserFactory(language="xx"),
    "accounts_user_trust": lambda: UserFactory(trust="x"),
    "accounts_enrolment_expires": stale_link,
    "accounts_event_kind": lambda: AccountEvent.objects.create(kind="x", user=UserFactory(), actor_ref="x"),
    "accounts_profile_number": number_twice,
    "accounts_profile_one_pending": pending_twice,
    "accounts_profile_status": lambda: profile(status="x"),
    "accounts_grant_role": lambda: grant(role="member"),
    "accounts_grant_not_to_self": own_grant,
    "accounts_grant_has_reason": lambda: grant(reason=""),
    "crisis_scope": lambda: crisis(scope="x"),
    "crisis_review": lambda: crisis(review_regime="x"),
    "crisis_visibility": lambda: crisis(visibility_regime="x"),
    "crisis_severity": lambda: crisis(severity="x"),
    "crisis_named_scope_has_name": lambda: crisis(scope="ship"),
    "crisis_closed_by_somebody": lambda: crisis(closed_at=timezone.now()),
    "crisis_text_language": text_twice,
    "crisis_text_title": lambda: CrisisText.objects.create(crisis=crisis(), language="fr", title=""),
    "crisis_country_once": lambda: crisis_row_twice(lambda c: CrisisCountry.objects.create(crisis=c, country_id="PE")),
    "crisis_region_once": lambda: crisis_row_twice(lambda c: CrisisRegion.objects.create(crisis=c, region="x")),
    "crisis_notice_status": lambda: notice(status="x"),
    "crisis_notice_fr_and_nl": lambda: update(notice(), status="published", approved_by=UserFactory(), published_at=timezone.now()),
    "crisis_notice_four_eyes": published_alone,
    "crisis_notice_other_eyes": own_notice,
    "crisis_notice_text_language": notice_text_twice,
    "crisis_notice_text_not_empty": lambda: OfficialNoticeText.objects.create(notice=notice(), language="fr", title="x", known=""),
    "crisis_one_generation": lambda: PublicGeneration.objects.create(pk=2),
    "forum_version_tag_once": tag_twice,
    "forum_topic_status": lambda: update(make_post().topic, status="x"),
    "forum_topic_published_complete": lambda: update(make_post().topic, status="published"),
    "forum_topic_visibility": lambda: update(make_post().topic, visibility="x"),
    "forum_one_first_post": lambda: Post.objects.create(topic=make_post().topic, author=UserFactory(), is_first=True),
    "forum_external_id": same_external,
    "forum_post_status": lambda: update(make_post(), status="x"),
    "forum_post_published_complete": lambda: update(make_post(), status="published"),
    "forum_post_merged_into": lambda: update(make_post(), status="merged"),
    "forum_version_number": version_twice,
    "forum_version_kind": lambda: update(make_post().latest_version, kind="x"),
    "forum_version_country_once": lambda: VersionCountry.objects.create(version=make_post().latest_version, country_id="PE", position=5),
    "forum_version_country_position": lambda: VersionCountry.objects.create(version=make_post().latest_version, country_id="FR", position=0),
    "forum_version_countries_max": too_many_countries,
    "forum_version_need_once": lambda: VersionNeed.objects.create(version=make_post().latest_version, need="borders", position=2),
    "forum_version_need_position": lambda: VersionNeed.objects.create(version=make_post().latest_version, need="money", position=0),
    "forum_version_needs_max": lambda: VersionNeed.objects.create(version=make_post().latest_version, need="money", position=3),
    "forum_version_need_code": lambda: VersionNeed.objects.create(version=make_post().latest_version, need="x", position=2),
    "forum_listing_once": lambda: listing(make_post(status="published").topic),
    "forum_confirmation_kind": lambda: Confirmation.objects.create(post=make_post(), kind="x", happened_date=timezone.localdate()),
    "forum_confirmation_once_a_day": confirm_twice,
    "moderation_item_state": lambda: update(item(), state="x"),
    "moderation_item_one_subject": lambda: update(item(), profile=profile()),
    "moderation_one_undecided_per_post": second_item,
    "moderation_one_undecided_per_profile": second_profile_item,
    "moderation_decided_has_time": undecided_with_time,
    "moderation_decision_action": lambda: raw_decision(action="x"),
    "moderation_decision_ground": lambda: raw_decision(ground="x"),
    "moderation_undo_reverts": lambda: raw_decision(action="undo"),
    "moderation_seal_position": second_seal,
}


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_constraint_bites(name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        VIOLATIONS[name]()
    # SQLite names the columns of a violated unique index, not the index.
    assert name in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)


def test_every_constraint_has_its_violation() -> None:
    declared = {constraint.name for label in OWN_APPS for model in apps.get_app_config(label).get_models() for constraint in model._meta.constraints}
    assert declared == set(VIOLATIONS)


def test_validity_dates_stand_in_order() -> None:
    topic = make_post(status="published").topic
    topic.refresh_from_db()
    assert topic.published_at < topic.check_from < topic.stale_from
    assert topic.check_from - topic.published_at == timedelta(hours=24)
