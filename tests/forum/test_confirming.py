"""Readers' words: who moves the dates, who is counted apart, what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from forum.enums import GUARDED_NEEDS, ConfirmationKind, Need, Validity
from forum.models import Confirmation, ForumListing, Topic
from forum.services import AlreadyConfirmed, EditNotAllowed, accept_answer, apply_status, confirm_post, mark_dangerous
from forum.services.confirming import happened_at, moves_validity
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db
WORKED, NOT_TRUE = ConfirmationKind.WORKED, ConfirmationKind.NOT_TRUE


def old_tip(**fields: Any) -> Any:
    """A tip about borders that was published five days ago: outdated by now."""
    days = fields.pop("days", 5)
    return apply_status(post=make_post(**fields), status="published", published_at=timezone.now() - timedelta(days=days))


def today() -> date:
    return timezone.localdate()


def test_member_renews_a_tip_about_borders(heard: list[Any]) -> None:
    post = old_tip()
    assert Topic.objects.get().validity() == Validity.STALE
    heard.clear()
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=UserFactory())
    topic = Topic.objects.get()
    assert topic.validity() == Validity.FRESH
    assert topic.worked_count == 1
    assert set(ForumListing.objects.values_list("check_from", "confirmed_at")) == {(topic.check_from, topic.last_confirmed_at)}
    assert heard == [("content_edited", post.pk)]


@pytest.mark.parametrize("need", sorted(GUARDED_NEEDS))
def test_visitors_never_renew_where_it_is_dangerous(need: str) -> None:
    post = old_tip(needs=["visa", need], days=30)
    before = Topic.objects.get()
    for _ in range(20):
        confirm_post(post=post, kind=WORKED, happened_date=today(), actor=None)
    topic = Topic.objects.get()
    assert (topic.check_from, topic.last_confirmed_at, topic.validity()) == (before.check_from, None, Validity.STALE)
    assert topic.worked_count == 1


def test_visitor_renews_a_tip_about_something_else() -> None:
    post = old_tip(needs=["supplies"])
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=None)
    assert Topic.objects.get().validity() == Validity.FRESH


@pytest.mark.parametrize("need", Need.values)
def test_visitors_never_dispute(need: str) -> None:
    post = make_post(status="published", needs=[need])
    for _ in range(20):
        confirm_post(post=post, kind=NOT_TRUE, happened_date=today(), actor=None)
    topic = Topic.objects.get()
    assert (topic.validity(), topic.not_true_count) == (Validity.FRESH, 1)


def test_a_hundred_addresses_are_one_person() -> None:
    post = make_post(status="published", needs=["supplies"])
    member = UserFactory()
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=member)
    for number in range(100):
        confirm_post(post=post, kind=NOT_TRUE if number % 2 else WORKED, happened_date=today(), actor=None)
    topic = Topic.objects.get()
    assert (topic.worked_count, topic.not_true_count, topic.validity()) == (2, 1, Validity.FRESH)
    assert Confirmation.objects.count() == 101, "each word is kept, and shown apart"


def test_member_disputes_and_another_renews() -> None:
    post = make_post(status="published", needs=["visa"])
    confirm_post(post=post, kind=NOT_TRUE, happened_date=today(), actor=UserFactory())
    topic = Topic.objects.get()
    assert topic.validity() == Validity.CHECK
    assert topic.check_from
    assert topic.stale_from
    assert topic.stale_from - topic.check_from == timedelta(days=14)
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=UserFactory())
    assert Topic.objects.get().validity() == Validity.FRESH


@pytest.mark.parametrize(("kind", "member", "needs", "expected"), [
    ("worked", True, ["borders"], True), ("not_true", True, ["borders"], True), ("worked", False, ["pets"], True),
    ("worked", False, [], True), ("not_true", False, ["pets"], False), ("worked", False, ["pets", "money"], False),
])  # fmt: skip
def test_rule(kind: str, member: bool, needs: list[str], expected: bool) -> None:
    assert moves_validity(kind=kind, member=member, needs=needs) is expected


def test_a_word_about_an_old_day_renews_only_from_that_day() -> None:
    post = old_tip(days=10)
    confirm_post(post=post, kind=WORKED, happened_date=today() - timedelta(days=4), actor=UserFactory())
    topic = Topic.objects.get()
    assert topic.validity() == Validity.STALE
    assert topic.last_confirmed_at
    assert timezone.localdate(topic.last_confirmed_at) == today() - timedelta(days=4)


def test_a_word_about_a_day_before_the_last_one_moves_nothing() -> None:
    post = old_tip(days=10)
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=UserFactory())
    before = Topic.objects.get()
    confirm_post(post=post, kind=WORKED, happened_date=today() - timedelta(days=4), actor=UserFactory())
    after = Topic.objects.get()
    assert (after.check_from, after.last_confirmed_at, after.worked_count) == (before.check_from, before.last_confirmed_at, 2)


def test_happened_at_never_later_than_it_was_said() -> None:
    now = timezone.now()
    assert happened_at(timezone.localdate(now), now) == now
    yesterday = timezone.localdate(now) - timedelta(days=1)
    assert timezone.localdate(happened_at(yesterday, now)) == yesterday


def test_same_member_once_a_day() -> None:
    post, member = make_post(status="published"), UserFactory()
    confirm_post(post=post, kind=WORKED, happened_date=today(), actor=member)
    before = Topic.objects.get()
    with pytest.raises(AlreadyConfirmed):
        confirm_post(post=post, kind=NOT_TRUE, happened_date=today(), actor=member)
    after = Topic.objects.get()
    assert Confirmation.objects.count() == 1
    assert (after.not_true_count, after.revision, after.check_from) == (0, before.revision, before.check_from)


@pytest.mark.parametrize("status", ["draft", "pending", "hidden", "archived", "rejected"])
def test_what_is_not_public_cannot_be_confirmed(status: str) -> None:
    with pytest.raises(EditNotAllowed):
        confirm_post(post=make_post(status=status), kind=WORKED, happened_date=today(), actor=UserFactory())
    assert not Confirmation.objects.exists()


def test_tombstone_future_day_and_unknown_kind_are_refused() -> None:
    post = make_post(status="published")
    for kind, day in ((WORKED, today() + timedelta(days=1)), ("true", today())):
        with pytest.raises(EditNotAllowed):
            confirm_post(post=post, kind=kind, happened_date=day, actor=UserFactory())
    mark_dangerous(post=post, reason="Danger")
    with pytest.raises(EditNotAllowed):
        confirm_post(post=post, kind=WORKED, happened_date=today(), actor=UserFactory())
    assert not Confirmation.objects.exists()


def test_reply_of_a_hidden_topic_cannot_be_confirmed() -> None:
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, status="published")
    apply_status(post=post, status="hidden")
    with pytest.raises(EditNotAllowed):
        confirm_post(post=reply, kind=WORKED, happened_date=today(), actor=UserFactory())


def test_confirming_an_ordinary_reply_leaves_the_topics_figures() -> None:
    post = old_tip()
    reply = make_reply(topic=post.topic, status="published")
    confirm_post(post=reply, kind=WORKED, happened_date=today(), actor=UserFactory())
    topic = Topic.objects.get()
    assert (topic.worked_count, topic.validity()) == (0, Validity.STALE)
    reply.refresh_from_db()
    assert reply.last_confirmed_at is not None


def test_confirming_the_accepted_answer_renews_the_question() -> None:
    asker = UserFactory()
    post = old_tip(author=asker, kind="question", needs=["visa"], days=40)
    answer = apply_status(post=make_reply(topic=post.topic), status="published", published_at=timezone.now() - timedelta(days=39))
    accept_answer(actor=asker, answer=answer)
    assert Topic.objects.get().validity() == Validity.STALE
    confirm_post(post=answer, kind=WORKED, happened_date=today(), actor=UserFactory())
    topic = Topic.objects.get()
    assert (topic.validity(), topic.worked_count, topic.answer_id) == (Validity.FRESH, 1, answer.pk)


class TestAcceptAnswer:
    """Only the person who asked, only a reply that the world can read."""

    def test_stranger_is_refused(self) -> None:
        post = make_post(status="published", kind="question")
        reply = make_reply(topic=post.topic, status="published")
        with pytest.raises(EditNotAllowed):
            accept_answer(actor=UserFactory(), answer=reply)
        assert Topic.objects.get().answer_id is None

    def test_tip_first_post_and_unread_reply_are_refused(self) -> None:
        author = UserFactory()
        tip = make_post(author=author, status="published")
        question = make_post(author=author, status="published", kind="question")
        for answer in (make_reply(topic=tip.topic, status="published"), question, make_reply(topic=question.topic)):
            with pytest.raises(EditNotAllowed):
                accept_answer(actor=author, answer=answer)
        assert not Topic.objects.filter(answer__isnull=False).exists()
