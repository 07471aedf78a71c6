"""The author's acts through the services: what is written, who hears, what is refused."""

from typing import Any

import pytest
from django.db import IntegrityError

from forum.enums import PostStatus
from forum.models import ForumListing, Post, PostVersion, Topic
from forum.services import (
    EditConflict,
    EditNotAllowed,
    apply_status,
    create_reply,
    create_topic,
    edit_post,
    mark_dangerous,
    save_draft,
    submit_draft,
    withdraw_post,
)
from tests.factories import UserFactory, make_post, make_reply, text

pytestmark = pytest.mark.django_db


def test_create_topic_waits_unseen(heard: list[Any]) -> None:
    author = UserFactory()
    post = create_topic(actor=author, text=text(countries=["PE", "BO"], needs=["borders", "transport"]))
    topic = Topic.objects.get()
    assert (post.status, topic.status) == (PostStatus.PENDING, PostStatus.PENDING)
    assert (post.live_version_id, topic.title, topic.slug, topic.summary) == (None, "", "", "")
    assert topic.country_codes == []
    assert not ForumListing.objects.exists()
    version = post.latest_version
    assert version is not None
    assert version.number == 1
    assert [row.country_id for row in version.country_rows.all()] == ["PE", "BO"]
    assert [row.need for row in version.need_rows.all()] == ["borders", "transport"]
    assert "<strong>zes uur</strong>" in version.html
    assert heard == [("content_submitted", post.pk)]


def test_create_topic_draft_tells_nobody(heard: list[Any]) -> None:
    post = create_topic(actor=UserFactory(), text=text(), submit=False)
    assert post.status == PostStatus.DRAFT
    assert heard == []


def test_double_submit_is_one_post(heard: list[Any]) -> None:
    author = UserFactory()
    first = create_topic(actor=author, text=text(), submission_key="k1")
    second = create_topic(actor=author, text=text(title="Other"), submission_key="k1")
    assert first.pk == second.pk
    assert (Post.objects.count(), PostVersion.objects.count(), len(heard)) == (1, 1, 1)


def test_submission_key_belongs_to_one_person() -> None:
    mine = create_topic(actor=UserFactory(), text=text(), submission_key="k1")
    other = create_topic(actor=UserFactory(), text=text(), submission_key="k1")
    assert mine.pk != other.pk


def test_simultaneous_submit_returns_the_post_of_the_other_request(monkeypatch: pytest.MonkeyPatch) -> None:
    author = UserFactory()
    first = create_topic(actor=author, text=text(), submission_key="k1")
    answers = iter([None, first])
    monkeypatch.setattr("forum.services.writing._already_sent", lambda key: next(answers))
    assert create_topic(actor=author, text=text(), submission_key="k1").pk == first.pk
    assert (Topic.objects.count(), Post.objects.count()) == (1, 1)


def test_failed_insert_without_a_twin_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    author = UserFactory()
    create_topic(actor=author, text=text(), submission_key="k1")
    monkeypatch.setattr("forum.services.writing._already_sent", lambda key: None)
    with pytest.raises(IntegrityError):
        create_topic(actor=author, text=text(), submission_key="k1")


def test_reply_waits_and_is_not_counted(heard: list[Any]) -> None:
    topic = make_post(status="published").topic
    heard.clear()
    reply = make_reply(topic=topic)
    topic.refresh_from_db()
    assert reply.status == PostStatus.PENDING
    assert topic.reply_count == 0
    assert heard == [("content_submitted", reply.pk)]


def test_reply_sent_twice_is_one() -> None:
    topic, author = make_post(status="published").topic, UserFactory()
    first = create_reply(actor=author, topic=topic, text=text(), submission_key="k")
    assert create_reply(actor=author, topic=topic, text=text(), submission_key="k").pk == first.pk
    assert topic.posts.count() == 2


@pytest.mark.parametrize("status", ["draft", "pending", "hidden", "archived", "rejected", "spam"])
def test_reply_to_a_closed_topic_is_refused(status: str) -> None:
    topic = make_post(status=status).topic
    with pytest.raises(EditNotAllowed):
        create_reply(actor=UserFactory(), topic=topic, text=text())
    assert topic.posts.count() == 1


def test_reply_to_a_tombstone_is_refused_even_with_an_old_copy_in_hand() -> None:
    post = make_post(status="published")
    stale_copy = Topic.objects.get(pk=post.topic_id)
    mark_dangerous(post=post, reason="Shots were fired there.")
    with pytest.raises(EditNotAllowed):
        create_reply(actor=UserFactory(), topic=stale_copy, text=text())
    assert stale_copy.posts.count() == 1


def test_edit_keeps_the_approved_text_public(heard: list[Any]) -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    live = post.live_version_id
    heard.clear()
    version = edit_post(actor=author, post=post, text=text(title="Nieuwe titel"), version_number=1)
    post.refresh_from_db()
    assert (version.number, post.latest_version_id, post.live_version_id, post.status) == (2, version.pk, live, PostStatus.PUBLISHED)
    assert Topic.objects.get().title == "Met de dagbus van Cusco naar Lima"
    assert heard == [("content_submitted", post.pk)]


def test_edit_after_changes_were_requested_waits_again() -> None:
    author = UserFactory()
    post = make_post(author=author, status="changes_requested")
    edit_post(actor=author, post=post, text=text(body="Nu zonder adres, en tot zaterdag."), version_number=1)
    post.refresh_from_db()
    assert (post.status, post.topic.status) == (PostStatus.PENDING, PostStatus.PENDING)


def test_edit_of_a_draft_tells_nobody(heard: list[Any]) -> None:
    author = UserFactory()
    post = make_post(author=author, status="draft")
    edit_post(actor=author, post=post, text=text(title="Later"), version_number=1)
    post.refresh_from_db()
    assert post.status == PostStatus.DRAFT
    assert heard == []


@pytest.mark.parametrize("act", ["edit", "draft", "submit"])
def test_old_version_number_stores_nothing(act: str) -> None:
    author = UserFactory()
    post = make_post(author=author, status="draft" if act != "edit" else "pending")
    edit_post(actor=author, post=post, text=text(title="Twee"), version_number=1)
    service = {"edit": edit_post, "draft": save_draft, "submit": submit_draft}[act]
    with pytest.raises(EditConflict):
        service(actor=author, post=post, text=text(title="Drie"), version_number=1)
    assert post.versions.count() == 2


@pytest.mark.parametrize("status", ["hidden", "archived", "rejected", "spam"])
def test_edit_is_refused_when_it_left_the_authors_hands(status: str) -> None:
    author = UserFactory()
    post = make_post(author=author, status=status)
    with pytest.raises(EditNotAllowed):
        edit_post(actor=author, post=post, text=text(), version_number=1)
    assert post.versions.count() == 1


def test_only_the_author_edits_and_withdraws() -> None:
    post = make_post(status="published")
    stranger = UserFactory()
    with pytest.raises(EditNotAllowed):
        edit_post(actor=stranger, post=post, text=text(), version_number=1)
    with pytest.raises(EditNotAllowed):
        withdraw_post(actor=stranger, post=post)
    post.refresh_from_db()
    assert post.status == PostStatus.PUBLISHED
    assert post.versions.count() == 1


def test_draft_is_saved_then_sent(heard: list[Any]) -> None:
    author = UserFactory()
    post = make_post(author=author, status="draft")
    save_draft(actor=author, post=post, text=text(title="Twee"))
    sent = submit_draft(actor=author, post=post, text=text(title="Drie"), version_number=2)
    assert (sent.status, Topic.objects.get().status, post.versions.count()) == (PostStatus.PENDING, PostStatus.PENDING, 3)
    assert heard == [("content_submitted", post.pk)]
    with pytest.raises(EditNotAllowed):
        submit_draft(actor=author, post=post, text=text())
    assert post.versions.count() == 3


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "published", "hidden", "archived"])
def test_withdraw_takes_it_off_the_site(status: str, heard: list[Any]) -> None:
    author = UserFactory()
    post = make_post(author=author, status=status)
    heard.clear()
    withdraw_post(actor=author, post=post)
    withdraw_post(actor=author, post=post)
    post.refresh_from_db()
    assert (post.status, post.topic.status) == (PostStatus.WITHDRAWN, PostStatus.WITHDRAWN)
    assert not ForumListing.objects.exists()
    assert heard == [("content_withdrawn", post.pk)]


@pytest.mark.parametrize("status", ["rejected", "spam"])
def test_withdraw_of_a_refused_text_is_refused(status: str) -> None:
    author = UserFactory()
    post = make_post(author=author, status=status)
    with pytest.raises(EditNotAllowed):
        withdraw_post(actor=author, post=post)


def test_withdrawn_reply_is_no_longer_counted() -> None:
    topic, author = make_post(status="published").topic, UserFactory()
    reply = make_reply(topic=topic, author=author, status="published")
    withdraw_post(actor=author, post=reply)
    topic.refresh_from_db()
    assert topic.reply_count == 0


def test_withdrawing_an_archived_reply_does_not_count_it_twice() -> None:
    topic, author = make_post(status="published").topic, UserFactory()
    make_reply(topic=topic, status="published")
    reply = make_reply(topic=topic, author=author, status="published")
    apply_status(post=reply, status="archived")
    withdraw_post(actor=author, post=reply)
    topic.refresh_from_db()
    assert topic.reply_count == 1


def test_every_act_raises_the_topics_revision() -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    before = Topic.objects.get().revision
    reply = make_reply(topic=post.topic, status="published")
    after_reply = Topic.objects.get().revision
    apply_status(post=reply, status="hidden")
    after_hide = Topic.objects.get().revision
    withdraw_post(actor=author, post=post)
    assert before < after_reply < after_hide < Topic.objects.get().revision
