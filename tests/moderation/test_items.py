"""Items: opened with a text, moved by edits, closed by withdrawal; how long they have, and where they stand in the queue."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RoleGrant
from accounts.services import submit_profile
from forum.services import create_reply, create_topic, edit_post, save_draft, submit_draft, withdraw_post
from moderation.enums import FindingCode, ItemState, Priority
from moderation.models import ReviewItem
from moderation.screening import Finding
from moderation.services import decide
from moderation.services.items import TARGET_DAY, TARGET_LIFE, TARGET_NIGHT, open_item, priority_of, target_of
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db


def test_submitted_text_opens_an_item_with_what_the_queue_filters_by():
    post = make_post(countries=["BO", "PE"], needs=["shelter", "pets"], kind="offer", language="fr")
    item = item_of(post)
    assert (item.subject, item.state, item.revision, item.realm) == ("post", "open", 1, "live")
    assert (item.country_id, item.language, item.kind, item.need) == ("BO", "fr", "offer", "shelter")
    assert (item.version.number, item.author_id, item.is_edit, item.escalated) == (1, post.author_id, False, False)


def test_draft_opens_none_until_it_is_sent():
    post = make_post(status="draft")
    save_draft(actor=post.author, post=post, text=text(title="Tweede"), version_number=1)
    assert not ReviewItem.objects.exists()
    submit_draft(actor=post.author, post=post, text=text(title="Derde"), version_number=2)
    assert (item_of(post).version.number, item_of(post).revision) == (3, 1)


def test_realm_is_that_of_the_topic():
    post = create_topic(actor=UserFactory(), text=text(), realm="demo")
    assert item_of(post).realm == "demo"
    assert decide_and_get(post).realm == "demo"


def decide_and_get(post):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role="moderator", reason="x")
    return decide(item_of(post).pk, "approve", actor=user, revision=1)


def test_text_without_country_and_need_lies_on_the_central_desk():
    item = item_of(make_post(countries=[], needs=[]))
    assert (item.country_id, item.need) == (None, "")


def test_reply_lies_on_the_desk_of_its_topic():
    topic = make_post(status="published", countries=["BO"], needs=["pets"]).topic
    item = item_of(make_reply(topic=topic, language="de"))
    assert (item.country_id, item.need, item.language, item.kind) == ("BO", "pets", "de", "")


# -- time --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "target"),
    [(0, TARGET_NIGHT), (6, TARGET_NIGHT), (7, TARGET_DAY), (12, TARGET_DAY), (21, TARGET_DAY), (22, TARGET_NIGHT), (23, TARGET_NIGHT)],
)
def test_target_by_day_and_by_night_in_brussels(hour, target):
    # In January Brussels is one hour before UTC.
    opened = datetime(2026, 1, 15, (hour - 1) % 24, 30, tzinfo=UTC)
    assert target_of(Priority.NORMAL, opened) == opened + target == target_of(Priority.RISK, opened)
    assert target_of(Priority.LIFE, opened) == opened + TARGET_LIFE


def test_target_follows_summer_time():
    assert target_of(Priority.NORMAL, datetime(2026, 7, 15, 5, 30, tzinfo=UTC)) == datetime(2026, 7, 15, 7, 30, tzinfo=UTC)
    assert target_of(Priority.NORMAL, datetime(2026, 1, 15, 5, 30, tzinfo=UTC)) == datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def test_edit_while_waiting_keeps_its_place_and_its_time(waiting):
    item = waiting()
    since = timezone.now() - timedelta(hours=1)
    ReviewItem.objects.filter(pk=item.pk).update(opened_at=since, target_at=since + timedelta(hours=2))
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    fresh = item_of(item.post)
    assert (fresh.opened_at, fresh.target_at) == (since, since + timedelta(hours=2))


def test_edit_that_tells_of_danger_has_five_minutes_from_now(waiting):
    item = waiting()
    edit_post(actor=item.author, post=item.post, text=text(body="Je n’ai plus d’insuline depuis hier, que faire ?"), version_number=1)
    fresh = item_of(item.post)
    assert fresh.priority == Priority.LIFE
    assert fresh.target_at - timezone.now() <= TARGET_LIFE


def test_text_that_comes_back_from_its_author_waits_from_now(waiting, staff):
    item = waiting()
    old = timezone.now() - timedelta(days=3)
    ReviewItem.objects.filter(pk=item.pk).update(opened_at=old, target_at=old + timedelta(hours=2))
    decide(item.pk, "request_changes", actor=staff("moderator"), revision=1, ground="danger", facts="x")
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    fresh = item_of(item.post)
    assert timezone.now() - fresh.opened_at < timedelta(minutes=1)
    assert fresh.target_at > timezone.now()


def test_edit_screens_anew(waiting):
    item = waiting(body="Bel 0475 12 34 56 voor een plaats in de bus.")
    assert item.priority == Priority.RISK
    edit_post(actor=item.author, post=item.post, text=text(), version_number=1)
    fresh = item_of(item.post)
    assert (fresh.priority, [f["code"] for f in fresh.findings]) == (Priority.NORMAL, ["new_author"])


def test_submission_at_a_given_moment():
    post = make_post()
    ReviewItem.objects.all().delete()
    moment = datetime(2026, 1, 15, 12, tzinfo=UTC)
    item = open_item(post=post, version=post.latest_version, submitted_at=moment)
    assert (item.opened_at, item.target_at) == (moment, moment + TARGET_DAY)


@pytest.mark.parametrize("code", sorted(FindingCode.values))
def test_remark_of_any_sort_is_no_risk_except_danger_to_life(code):
    assert priority_of([Finding(code, 1)]) == (Priority.LIFE if code == "threat_to_life" else Priority.NORMAL)


# -- constraints ---------------------------------------------------------------------------------------------------------------


def second(item, **fields):
    with transaction.atomic():
        values = {
            "subject": "post",
            "post": item.post,
            "version": item.version,
            "author": item.author,
            "opened_at": item.opened_at,
            "target_at": item.target_at,
        }
        return ReviewItem.objects.create(**(values | fields))


@pytest.mark.parametrize("state", ["open", "with_author"])
def test_second_undecided_item_of_a_post_is_refused_by_the_database(state, waiting):
    with pytest.raises(IntegrityError):
        second(waiting(), state=state)


def test_second_decided_item_is_fine(waiting):
    assert second(waiting(), state="decided", decided_at=timezone.now()).pk


CLOSED = {"state": "decided", "decided_at": timezone.now()}


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "decided", "decided_at": None},
        {"state": "asleep", "decided_at": None},
        {"subject": "profile", **CLOSED},
        {"version": None, **CLOSED},
        {"post": None, **CLOSED},
    ],
)
def test_impossible_items_are_refused_by_the_database(fields, waiting):
    with pytest.raises(IntegrityError):
        second(waiting(), **fields)


def test_open_item_with_a_time_of_decision_is_refused(waiting):
    item = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewItem.objects.filter(pk=item.pk).update(decided_at=timezone.now())


def test_profile_item_is_of_one_person(waiting):
    person = UserFactory(language="de")
    submit_profile(actor=person, pseudonym="Lieve")
    item = ReviewItem.objects.get(author=person)
    assert (item.subject, item.language, item.country_id, item.post, item.version) == ("profile", "de", None, None, None)
    assert str(item) == f"profile {item.public_id}"


# -- withdrawal ------------------------------------------------------------------------------------------------------------------


def test_withdrawal_closes_the_item_once(waiting):
    item = waiting()
    withdraw_post(actor=item.author, post=item.post)
    withdraw_post(actor=item.author, post=item.post)
    fresh = item_of(item.post)
    assert (fresh.state, fresh.revision, fresh.decisions.count()) == (ItemState.DECIDED, 2, 1)


def test_withdrawal_takes_an_escalated_item_off_the_desk(waiting, staff):
    item = waiting()
    decide(item.pk, "escalate", actor=staff("moderator"), revision=1)
    withdraw_post(actor=item.author, post=item.post)
    assert (item_of(item.post).escalated, item_of(item.post).state) == (False, "decided")


def test_withdrawal_of_what_was_decided_writes_no_decision(published):
    item = published()
    withdraw_post(actor=item.author, post=item.post)
    assert item_of(item.post).decisions.count() == 1


# -- queries ---------------------------------------------------------------------------------------------------------------------


def counted(captured):
    """Return SELECT, INSERT, UPDATE and DELETE (PERFORMANCE.md counts those)."""
    sql = [q["sql"].lstrip("(") for q in captured.captured_queries]
    return [words[:140] for words in sql if words.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]


def test_item_of_a_reply_costs_two_queries():
    topic, author = make_post(status="published").topic, UserFactory()
    reply = create_reply(actor=author, topic=topic, text=text(title="", kind="", countries=[], needs=[], place=""))
    ReviewItem.objects.filter(post=reply).delete()
    with CaptureQueriesContext(connection) as captured:
        open_item(post=reply, version=reply.latest_version)
    # The facts about the author, the item.
    assert len(counted(captured)) == 2, "\n".join(counted(captured))


def test_item_of_a_topic_costs_four_queries():
    post = make_post()
    ReviewItem.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        open_item(post=post, version=post.latest_version)
    # Countries, needs, the facts about the author, the item.
    assert len(counted(captured)) == 4, "\n".join(counted(captured))


DECISIONS = {
    # Lock topic; item; decision; its text; labels; post; crises; topic; list rows; generation; index; item; intent; its delivery.
    "approve": 14,
    # … and the old list rows.
    "approve_edit": 15,
    "reject": 9,
    "request_changes": 9,
    "note": 5,
    "escalate": 5,
}


@pytest.mark.parametrize("action", sorted(DECISIONS))
def test_decision_costs_at_most_fifteen_queries(action, waiting, staff, settings):
    settings.GENERATION_SECONDS = 3600
    actor, words = staff("moderator"), {"ground": "danger", "facts": "x"} if action in {"reject", "request_changes"} else {}
    item = waiting()
    if action == "approve_edit":
        decide(item.pk, "approve", actor=actor, revision=1)
        edit_post(actor=item.author, post=item.post, text=text(title="Nieuw", tags=[]), version_number=1)
        item = item_of(item.post)
    else:
        decide(waiting().pk, action, actor=actor, revision=1, **words)
    with CaptureQueriesContext(connection) as captured:
        decide(item.pk, action, actor=actor, revision=1, **words)
    assert len(counted(captured)) <= 15, "\n".join(counted(captured))
    assert len(counted(captured)) == DECISIONS[action], "\n".join(counted(captured))
