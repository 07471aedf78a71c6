"""The gate: what `published()` and `readable()` return, for every status, and the dates as filters."""

from datetime import UTC, datetime, timedelta

import pytest

from forum.enums import PostStatus, Validity
from forum.models import ForumListing, Post, Topic
from forum.querysets import validity_q, visible_regimes
from forum.services import apply_status, mark_dangerous
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db
WRITTEN = ["draft", "pending", "changes_requested", "published", "hidden", "archived", "rejected", "spam"]


@pytest.mark.parametrize("status", WRITTEN)
def test_published_and_readable_by_status(status: str) -> None:
    make_post(status=status)
    assert Post.objects.published().exists() is (status == "published")
    assert Topic.objects.published().exists() is (status == "published")
    assert Topic.objects.searchable().exists() is (status == "published")
    assert Topic.objects.readable().exists() is (status in {"published", "archived"})
    assert Post.objects.readable().exists() is (status in {"published", "archived"})


@pytest.mark.parametrize("status", ["hidden", "withdrawn", "rejected", "archived"])
def test_replies_of_a_topic_that_left_are_not_published(status: str) -> None:
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, status="published")
    if status == "withdrawn":
        Topic.objects.filter(pk=post.topic_id).update(status=status)
    else:
        apply_status(post=post, status=status)
    assert not Post.objects.published().filter(pk=reply.pk).exists()


def test_text_of_a_tombstone_is_not_published_but_the_topic_is() -> None:
    post = make_post(status="published")
    make_reply(topic=post.topic, status="published")
    mark_dangerous(post=post, reason="Danger")
    assert not Post.objects.published().exists()
    assert not Post.objects.readable().exists()
    assert Topic.objects.published().exists()


def test_by_author_returns_every_status() -> None:
    author = UserFactory()
    for status in WRITTEN:
        make_post(author=author, status=status)
    make_post()
    assert Post.objects.by(author).count() == len(WRITTEN)


def test_regimes() -> None:
    assert visible_regimes(member=False, staff=False) == ["public"]
    assert visible_regimes(member=True, staff=False) == ["public", "members"]
    assert visible_regimes(member=False, staff=True) == ["public", "members", "staff"]


@pytest.mark.parametrize(("hours", "state"), [(0, "fresh"), (23, "fresh"), (24, "check"), (47, "check"), (48, "stale"), (900, "stale")])
def test_states_as_filter_and_as_method_agree(hours: int, state: str) -> None:
    published = datetime(2026, 3, 18, 12, tzinfo=UTC)
    apply_status(post=make_post(), status="published", published_at=published)
    now = published + timedelta(hours=hours)
    assert Topic.objects.get().validity(now) == state
    for other in Validity:
        found = Topic.objects.filter(validity_q(other, now)).exists()
        assert found is (other == state)
        assert ForumListing.objects.in_state(other, now=now).exists() is found


def test_gone_is_gone_whatever_the_dates() -> None:
    mark_dangerous(post=make_post(status="published"), reason="Danger")
    assert [s.value for s in Validity if ForumListing.objects.in_state(s).exists()] == ["gone"]


def test_listing_filters_return_a_topic_once() -> None:
    topic = make_post(status="published", countries=["PE", "BO"], needs=["borders", "visa"]).topic
    for filters in ({}, {"country": "PE"}, {"need": "visa"}, {"country": "BO", "need": "borders"}, {"kind": "tip"}, {"language": "nl"}):
        assert list(ForumListing.objects.for_filters(**filters).values_list("topic_id", flat=True)) == [topic.pk], filters
    for filters in ({"country": "CL"}, {"need": "pets"}, {"kind": "offer"}, {"language": "fr"}):
        assert not ForumListing.objects.for_filters(**filters).exists(), filters
    assert not ForumListing.objects.for_filters().not_in([topic.public_id]).exists()


def test_statuses_are_all_covered_here() -> None:
    assert set(PostStatus.values) - set(WRITTEN) == {"unconfirmed", "withdrawn", "merged"}
