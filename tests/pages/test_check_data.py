"""`check_data` finds what no constraint can see, heals what follows from approved rows, and touches nothing else."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from crisis.models import OfficialNotice, OfficialNoticeText
from forum.models import ForumListing, Post, PostVersion, Topic
from moderation.models import ReviewItem
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db


def check(*args: str) -> tuple[int, list[str]]:
    out = io.StringIO()
    try:
        call_command("check_data", *args, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def published() -> Topic:
    post = make_post(status="published")
    return Topic.objects.get(pk=post.topic_id)


@pytest.mark.parametrize("status", ["draft", "pending", "published"])
def test_services_leave_nothing_to_find(status: str) -> None:
    post = make_post(status=status)
    if status == "published":
        make_reply(topic=Topic.objects.get(pk=post.topic_id), status="published")
    code, lines = check()
    assert code == 0, lines
    assert lines[-1].startswith("check_data topics=1 items=")
    assert lines[-1].endswith("faults=0 healed=0")


def spoil_status(topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(status="archived")


def spoil_title(topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(title="something else")


def spoil_visibility(topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(visibility="staff")


def spoil_count(topic: Topic) -> None:
    Topic.objects.filter(pk=topic.pk).update(reply_count=7)


def spoil_listing(topic: Topic) -> None:
    ForumListing.objects.filter(topic=topic, country_code="PE").first().delete()


def spoil_listing_language(topic: Topic) -> None:
    ForumListing.objects.filter(topic=topic).update(language="xx")


def spoil_text(topic: Topic) -> None:
    PostVersion.objects.filter(post__topic=topic).update(erased_at=topic.published_at)


HEALABLE: dict[Callable[[Topic], None], str] = {
    spoil_count: "reply_count",
    spoil_listing: "listing_differs",
    spoil_listing_language: "listing_differs",
}
OTHERS: dict[Callable[[Topic], None], str] = {
    spoil_status: "status_differs",
    spoil_title: "copy_differs",
    spoil_visibility: "copy_differs",
    spoil_text: "erased_text_is_live",
}


@pytest.mark.parametrize("spoil", [*HEALABLE, *OTHERS])
def test_each_fault_is_found(spoil: Callable[[Topic], None]) -> None:
    topic = published()
    spoil(topic)
    code, lines = check()
    assert code == 1
    assert f"topic {topic.public_id}: {(HEALABLE | OTHERS)[spoil]}" in lines


@pytest.mark.parametrize("spoil", list(HEALABLE))
def test_what_follows_from_approved_rows_is_healed(spoil: Callable[[Topic], None]) -> None:
    topic = published()
    rows = set(ForumListing.objects.filter(topic=topic).values_list("country_code", "need", "language"))
    spoil(topic)
    code, lines = check("--heal")
    assert code == 0
    assert lines[-1].endswith("faults=0 healed=1")
    assert set(ForumListing.objects.filter(topic=topic).values_list("country_code", "need", "language")) == rows
    assert check()[0] == 0


@pytest.mark.parametrize("spoil", list(OTHERS))
def test_what_a_person_must_look_at_is_left_alone(spoil: Callable[[Topic], None]) -> None:
    topic = published()
    spoil(topic)
    before = Topic.objects.values().get(pk=topic.pk)
    assert check("--heal")[0] == 1
    after = Topic.objects.values().get(pk=topic.pk)
    assert (after["title"], after["status"], after["visibility"]) == (before["title"], before["status"], before["visibility"])


def test_post_that_waits_unseen_is_found() -> None:
    post = make_post()
    ReviewItem.objects.filter(post=post).delete()
    assert f"post {post.public_id}: waits without a review item" in check()[1]


def test_item_about_something_that_is_over_is_found() -> None:
    post = make_post()
    Post.objects.filter(pk=post.pk).update(status="withdrawn")
    Topic.objects.filter(pk=post.topic_id).update(status="withdrawn")
    item = ReviewItem.objects.get(post=post)
    assert check() == (
        1,
        [f"item {item.public_id}: waits for a decision about something that is over", "check_data topics=1 items=1 faults=1 healed=0"],
    )


def test_item_in_another_realm_is_found() -> None:
    item = ReviewItem.objects.get(post=make_post())
    ReviewItem.objects.filter(pk=item.pk).update(realm="demo")
    assert f"item {item.public_id}: lies in another realm than its topic" in check()[1]


def test_item_with_a_text_of_another_post_is_found() -> None:
    item, other = ReviewItem.objects.get(post=make_post()), make_post()
    ReviewItem.objects.filter(pk=item.pk).update(version=other.latest_version)
    assert f"item {item.public_id}: points at a text of another post" in check()[1]


def test_notice_with_mixed_texts_is_found() -> None:
    person = UserFactory()
    first, second = (OfficialNotice.objects.create(written_by=person) for _ in range(2))
    text = OfficialNoticeText.objects.create(notice=second, language="nl", title="x", known="x", signed_as="x")
    OfficialNotice.objects.filter(pk=first.pk).update(text_fr=text)
    lines = check()[1]
    assert f"notice {first.public_id}: its fr text is in another language" in lines
    assert f"notice {first.public_id}: its fr text belongs to another notice" in lines


def test_long_lists_are_cut(monkeypatch: Any) -> None:
    monkeypatch.setattr("pages.management.commands.check_data.MOST_LISTED", 1)
    for _ in range(3):
        spoil_title(published())
    lines = check()[1]
    assert lines[1] == "2 more"
    assert len(lines) == 3
