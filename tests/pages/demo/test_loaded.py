"""What the demonstration looks like once it is loaded: alive, complete, in its own realm, and no mail on its way."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.enums import GRANTABLE_ROLES, STAFF_ROLES
from accounts.models import RoleGrant, User
from accounts.second_factor import has_second_factor
from crisis.models import Crisis, OfficialNotice
from forum.enums import Kind, Need, PostStatus
from forum.models import Confirmation, ForumListing, Post, Topic
from moderation.models import Decision, ReviewItem
from moderation.services import seal_chain, verify_chain
from notifications.models import Intent
from pages.demo.content import content_digest, read_content
from pages.demo.loading import Loaded
from pages.demo.mark import DemoMark, database_is_demo
from pages.demo.signins import read_sign_ins

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_demo")]


def test_counts(shared_demo: Loaded) -> None:
    assert (shared_demo.fresh, shared_demo.topics, Topic.objects.count()) == (True, 48, 48)
    assert shared_demo.posts == Post.objects.count() >= 100
    assert shared_demo.people == User.objects.filter(is_system=False).count()
    assert Confirmation.objects.count() == sum(len(row["confirmations"]) for row in read_content().topics)


def test_statuses_are_those_of_the_files() -> None:
    wanted = {row["external_id"]: row["status"] for row in read_content().topics}
    found = dict(Post.objects.filter(is_first=True).values_list("external_id", "status"))
    assert found == wanted
    replies = {reply["external_id"]: reply["status"] for row in read_content().topics for reply in row["replies"]}
    assert dict(Post.objects.filter(is_first=False).values_list("external_id", "status")) == replies


def test_every_kind_need_state_and_twenty_countries() -> None:
    topics = Topic.objects.all()
    published = topics.filter(status=PostStatus.PUBLISHED)
    assert {topic.kind for topic in published} == set(Kind.values)
    needs = {need for post in Post.objects.filter(is_first=True) for need in post.latest_version.need_rows.values_list("need", flat=True)}
    assert needs == set(Need.values)
    assert {str(topic.validity()) for topic in published} == {"fresh", "check", "stale", "gone"}
    countries = set(ForumListing.objects.exclude(country_code="").values_list("country_code", flat=True))
    assert len(countries) >= 20


def test_freshness_looks_alive() -> None:
    states = Counter(str(topic.validity()) for topic in Topic.objects.filter(status=PostStatus.PUBLISHED))
    assert states["fresh"] > sum(states.values()) / 2
    now = timezone.now()
    assert not Topic.objects.filter(published_at__gt=now).exists()
    assert not Post.objects.filter(created_at__gt=now).exists()
    assert Topic.objects.filter(published_at__gt=now - timedelta(days=2), status=PostStatus.PUBLISHED).exists()
    assert Topic.objects.filter(published_at__lt=now - timedelta(days=20)).exists()


def test_listing_and_topic_say_the_same() -> None:
    for topic in Topic.objects.filter(status=PostStatus.PUBLISHED):
        rows = ForumListing.objects.filter(topic=topic)
        assert rows.count() == (1 + len(topic.country_codes)) * (1 + len(topic.needs))
        assert {(row.check_from, row.stale_from, row.gone_at) for row in rows} == {(topic.check_from, topic.stale_from, topic.gone_at)}
    assert not ForumListing.objects.exclude(topic__status=PostStatus.PUBLISHED).exists()


def test_everything_is_in_the_realm_of_the_demonstration() -> None:
    for model in (Topic, ReviewItem, Decision, Crisis, OfficialNotice):
        assert set(model.objects.values_list("realm", flat=True)) == {"demo"}


def test_the_queue_has_work_with_an_age() -> None:
    waiting = ReviewItem.objects.filter(state="open")
    assert waiting.filter(subject="post").count() == 8
    assert waiting.filter(subject="profile").count() == 4
    assert all(item.opened_at < timezone.now() - timedelta(minutes=30) for item in waiting)
    assert {item.language for item in waiting} >= {"nl", "fr"}


def test_nobody_decided_about_their_own_text_and_each_on_their_desk() -> None:
    refs = dict(User.objects.values_list("audit_ref", "email"))
    for decision in Decision.objects.select_related("item__author"):
        actor = refs[decision.actor_ref]
        assert actor != decision.item.author.email
        if decision.action != "withdraw":
            assert actor == ("moderator-fr@demo.example" if decision.item.language == "fr" else "moderator@demo.example")


def test_decisions_lie_in_the_past_and_make_a_chain() -> None:
    assert not Decision.objects.filter(effective_at__gt=timezone.now()).exists()
    assert seal_chain(realm="demo") == Decision.objects.count()
    assert verify_chain(realm="demo") == (Decision.objects.count(), [])


def test_no_mail_is_on_its_way() -> None:
    assert set(Intent.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not DBTaskResult.objects.filter(task_path__startswith="notifications.").exists()


def test_each_topic_is_indexed_once_at_its_last_revision() -> None:
    jobs = DBTaskResult.objects.filter(task_path="search.tasks.sync_topic").values_list("args_kwargs", flat=True)
    args = [tuple(job["args"]) for job in jobs]
    assert len({pk for pk, _revision in args}) == len(args)
    last = dict(Topic.objects.values_list("pk", "revision"))
    assert all(last[pk] == revision for pk, revision in args)
    assert not DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - timedelta(hours=1)).exists()


def test_notices_have_two_people_and_two_languages() -> None:
    for notice in OfficialNotice.objects.filter(status="published"):
        assert notice.approved_by_id not in {None, notice.written_by_id}
        assert notice.text_fr_id
        assert notice.text_nl_id
        assert notice.text_fr.signed_as != notice.text_nl.signed_as
    assert set(OfficialNotice.objects.values_list("status", flat=True)) == {"published", "submitted", "draft"}


def test_one_crisis_is_over_and_two_are_on() -> None:
    assert Crisis.objects.filter(closed_at__isnull=True).count() == 2
    over = Crisis.objects.get(closed_at__isnull=False)
    assert over.opened_at < over.closed_at < timezone.now()


def test_sign_ins_for_every_role() -> None:
    sign_ins = read_sign_ins()
    roles = {row.role for row in sign_ins.values()}
    assert roles == {str(role) for role in GRANTABLE_ROLES} | {"member", "trusted"}
    for row in sign_ins.values():
        user = User.objects.get(email=row.email)
        assert user.check_password(row.password)
        assert has_second_factor(user) == (row.role in STAFF_ROLES)
    assert len({row.password for row in sign_ins.values()}) == len(sign_ins)


def test_others_cannot_sign_in() -> None:
    signed = set(read_sign_ins())
    for user in User.objects.exclude(email__in=signed):
        assert not user.has_usable_password()


def test_file_of_sign_ins_is_its_owners_alone() -> None:
    path = settings.DATA_DIR / "demo-accounts.json"
    assert path.stat().st_mode & 0o777 == 0o600


def test_moderators_read_their_languages_alone() -> None:
    grants = set(RoleGrant.objects.filter(user__email="moderator@demo.example").values_list("role", "country", "language"))
    assert grants == {("moderator", None, "nl"), ("moderator", None, "de"), ("moderator", None, "en")}


def test_names_that_wait_are_not_shown() -> None:
    assert User.objects.get(email="noor-bogota@demo.example").pseudonym is None
    assert User.objects.get(email="lieve-cusco@demo.example").pseudonym == "Lieve uit Cusco"


def test_nothing_is_out_of_joint() -> None:
    out = io.StringIO()
    call_command("check_data", stdout=out)
    assert out.getvalue().endswith("faults=0 healed=0\n")


def test_database_is_marked() -> None:
    assert database_is_demo()
    assert DemoMark.objects.get().content == content_digest()
