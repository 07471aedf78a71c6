"""What a decision changes of what the world sees: status, public copy, list rows, dates, counters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crisis.publication import current_generation
from forum.enums import Validity
from forum.models import ForumListing, Post, Topic
from forum.services import StatusNotAllowed, accept_answer, apply_status, edit_post, mark_dangerous
from tests.factories import UserFactory, make_post, make_reply, text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


def rows() -> set[tuple[str, str]]:
    return set(ForumListing.objects.values_list("country_code", "need"))


def test_publish_copies_the_decided_version() -> None:
    author = UserFactory()
    post = make_post(author=author, countries=["PE", "BO"], needs=["borders", "transport"])
    read = post.latest_version
    edit_post(actor=author, post=post, text=text(title="Niet gelezen"), version_number=1)
    apply_status(post=post, status="published", version=read, published_at=NOON)
    topic = Topic.objects.get()
    assert (topic.title, topic.slug) == ("Met de dagbus van Cusco naar Lima", "met-de-dagbus-van-cusco-naar-lima")
    assert topic.summary.startswith("De dagbus vertrekt om zes uur")
    assert (topic.status, topic.kind, topic.language, topic.place) == ("published", "tip", "nl", "Cusco")
    assert topic.country_codes == ["PE", "BO"]
    assert topic.needs == ["borders", "transport"]
    assert (topic.published_at, topic.check_from, topic.stale_from) == (NOON, NOON + timedelta(hours=24), NOON + timedelta(hours=48))
    assert rows() == {(c, n) for c in ("", "PE", "BO") for n in ("", "borders", "transport")}


def test_an_unapproved_language_or_country_is_nowhere() -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    edit_post(actor=author, post=post, text=text(countries=["CL"], needs=["visa"], title="Geheim"), version_number=1)
    assert rows() == {("", ""), ("PE", ""), ("", "borders"), ("PE", "borders")}
    assert Topic.objects.get().title != "Geheim"


def test_approved_edit_replaces_text_rows_and_slug_but_not_the_day() -> None:
    author = UserFactory()
    post = apply_status(post=make_post(author=author), status="published", published_at=NOON)
    version = edit_post(actor=author, post=post, text=text(countries=["CL"], needs=["visa"], title="Nieuw"), version_number=1)
    post.refresh_from_db()
    apply_status(post=post, status="published", version=version)
    topic = Topic.objects.get()
    assert (topic.title, topic.slug, topic.published_at) == ("Nieuw", "nieuw", NOON)
    assert topic.check_from == NOON + timedelta(days=14)
    assert rows() == {("", ""), ("CL", ""), ("", "visa"), ("CL", "visa")}


@pytest.mark.parametrize("status", ["hidden", "archived", "rejected", "spam", "pending"])
def test_leaving_the_public_pages(status: str, heard: list[Any]) -> None:
    post = make_post(status="published")
    before = current_generation()
    heard.clear()
    apply_status(post=post, status=status)
    assert not ForumListing.objects.exists()
    assert not Topic.objects.published().exists()
    assert heard == [("content_hidden", post.pk)]
    assert current_generation() > before


@pytest.mark.parametrize("status", ["rejected", "spam", "pending", "changes_requested"])
def test_a_taken_back_approval_leaves_no_text_behind(status: str) -> None:
    post = apply_status(post=make_post(status="published"), status=status)
    topic = Topic.objects.get()
    assert (topic.title, topic.slug, topic.summary, topic.place, topic.country_codes, topic.published_at) == ("", "", "", "", [], None)
    post.refresh_from_db()
    assert (post.live_version_id, post.published_at) == (None, None)


def test_never_published_says_nothing_to_listeners(heard: list[Any]) -> None:
    post = make_post()
    heard.clear()
    apply_status(post=post, status="rejected")
    assert heard == []


@pytest.mark.parametrize("status", ["hidden", "archived"])
def test_restore_brings_text_rows_and_count_back(status: str, heard: list[Any]) -> None:
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, status="published")
    apply_status(post=reply, status=status)
    assert Topic.objects.get().reply_count == 0
    apply_status(post=reply, status="published")
    apply_status(post=post, status=status)
    heard.clear()
    apply_status(post=post, status="published")
    topic = Topic.objects.get()
    assert (topic.status, topic.reply_count, len(rows())) == ("published", 1, 4)
    assert heard == [("content_published", post.pk), ("content_restored", post.pk)]


def test_archived_then_hidden_reply_is_counted_once() -> None:
    post = make_post(status="published")
    make_reply(topic=post.topic, status="published")
    reply = make_reply(topic=post.topic, status="published")
    apply_status(post=reply, status="archived")
    apply_status(post=reply, status="hidden")
    assert Topic.objects.get().reply_count == 1


def test_merge_needs_another_topic_as_target() -> None:
    post, target = make_post(), make_post(status="published").topic
    for bad in ({}, {"merged_into": post.topic}):
        with pytest.raises(StatusNotAllowed):
            apply_status(post=post, status="merged", **bad)
    with pytest.raises(StatusNotAllowed):
        apply_status(post=post, status="rejected", merged_into=target)
    post.refresh_from_db()
    assert (post.status, post.merged_into_id) == ("pending", None)
    apply_status(post=post, status="merged", merged_into=target)
    post.refresh_from_db()
    assert (post.status, post.merged_into_id, post.topic.status) == ("merged", target.pk, "merged")


@pytest.mark.parametrize("after", ["pending", "published"])
def test_merge_can_be_taken_back(after: str) -> None:
    post, target = make_post(), make_post(status="published").topic
    apply_status(post=post, status="merged", merged_into=target)
    apply_status(post=post, status=after)
    post.refresh_from_db()
    assert (post.status, post.merged_into_id) == (after, None)


def test_publishing_the_text_of_another_post_is_refused() -> None:
    post, other = make_post(), make_post()
    with pytest.raises(StatusNotAllowed):
        apply_status(post=post, status="published", version=other.latest_version)
    post.refresh_from_db()
    assert post.status == "pending"
    assert not ForumListing.objects.exists()


def test_archiving_what_was_never_published_is_refused() -> None:
    post = make_post()
    with pytest.raises(StatusNotAllowed):
        apply_status(post=post, status="archived")
    post.refresh_from_db()
    assert post.status == "pending"


def test_the_table_refuses_a_published_post_without_text() -> None:
    post = make_post()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(status="published")
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=post.topic_id).update(status="published")


def test_reply_takes_its_life_from_the_needs_of_its_topic() -> None:
    topic = make_post(status="published", needs=["borders"]).topic
    reply = apply_status(post=make_reply(topic=topic), status="published", published_at=NOON)
    assert reply.check_from == NOON + timedelta(hours=24)


def test_validity_until_ends_freshness_early() -> None:
    post = make_post(needs=["visa"], validity_until=NOON + timedelta(days=2))
    published = apply_status(post=post, status="published", published_at=NOON)
    assert published.check_from == NOON + timedelta(days=2)
    topic = Topic.objects.get()
    assert topic.validity(NOON + timedelta(days=1)) == Validity.FRESH
    assert topic.validity(NOON + timedelta(days=3)) == Validity.CHECK
    assert topic.validity(NOON + timedelta(days=17)) == Validity.STALE


def test_mark_dangerous_makes_a_tombstone_and_can_be_lifted(heard: list[Any]) -> None:
    post = make_post(status="published")
    heard.clear()
    mark_dangerous(post=post, reason="Shots were fired there.", gone_at=NOON)
    topic = Topic.objects.get()
    assert (topic.gone_at, topic.gone_reason, topic.validity()) == (NOON, "Shots were fired there.", Validity.GONE)
    assert set(ForumListing.objects.values_list("gone_at", flat=True)) == {NOON}
    assert heard == [("content_edited", post.pk)]
    mark_dangerous(post=post, reason="")
    topic.refresh_from_db()
    assert (topic.gone_at, topic.gone_reason) == (None, "")
    assert set(ForumListing.objects.values_list("gone_at", flat=True)) == {None}


def test_mark_dangerous_of_a_reply_leaves_the_topic_and_raises_its_revision() -> None:
    topic = make_post(status="published").topic
    reply = make_reply(topic=topic, status="published")
    before = Topic.objects.get().revision
    mark_dangerous(post=reply, reason="Wrong number.")
    topic.refresh_from_db()
    reply.refresh_from_db()
    assert (topic.gone_at, topic.gone_reason, topic.revision) == (None, "", before + 1)
    assert reply.gone_at is not None
    assert not Post.objects.published().filter(pk=reply.pk).exists()


def test_mark_dangerous_cuts_a_reason_that_does_not_fit() -> None:
    mark_dangerous(post=make_post(status="published"), reason="x" * 500)
    assert len(Topic.objects.get().gone_reason) == 300


@pytest.mark.parametrize("status", ["pending", "hidden", "archived"])
def test_mark_dangerous_of_what_is_not_published_is_refused(status: str) -> None:
    with pytest.raises(StatusNotAllowed):
        mark_dangerous(post=make_post(status=status), reason="Danger")
    assert Topic.objects.get().gone_at is None


class TestAcceptedAnswer:
    """A question shows the dates of its accepted answer."""

    def question(self) -> tuple[Any, Topic, Post]:
        asker = UserFactory()
        post = apply_status(post=make_post(author=asker, kind="question", needs=["visa"]), status="published", published_at=NOON)
        answer = make_reply(topic=post.topic)
        answer = apply_status(post=answer, status="published", published_at=NOON + timedelta(days=1))
        return asker, Topic.objects.get(), answer

    def test_dates_and_list_rows_follow(self) -> None:
        asker, topic, answer = self.question()
        assert topic.check_from == NOON + timedelta(hours=48)
        accept_answer(actor=asker, answer=answer)
        topic.refresh_from_db()
        assert (topic.answer_id, topic.check_from) == (answer.pk, NOON + timedelta(days=15))
        assert set(ForumListing.objects.values_list("answered", "check_from")) == {(True, NOON + timedelta(days=15))}

    @pytest.mark.parametrize("how", ["hidden", "rejected", "dangerous"])
    def test_losing_the_answer_opens_the_question_again(self, how: str) -> None:
        asker, topic, answer = self.question()
        accept_answer(actor=asker, answer=answer)
        if how == "dangerous":
            mark_dangerous(post=answer, reason="Wrong")
        else:
            apply_status(post=answer, status=how)
        topic.refresh_from_db()
        assert (topic.answer_id, topic.check_from) == (None, NOON + timedelta(hours=48))
        assert set(ForumListing.objects.values_list("answered", flat=True)) == {False}

    def test_edit_of_the_question_keeps_the_answers_dates(self) -> None:
        asker, topic, answer = self.question()
        accept_answer(actor=asker, answer=answer)
        first = topic.posts.get(is_first=True)
        version = edit_post(actor=asker, post=first, text=text(kind="question", needs=["visa"], title="Korter"), version_number=1)
        apply_status(post=first, status="published", version=version)
        topic.refresh_from_db()
        assert (topic.title, topic.check_from) == ("Korter", NOON + timedelta(days=15))
        assert set(ForumListing.objects.values_list("answered", "check_from")) == {(True, NOON + timedelta(days=15))}
