"""One account sends at most so many new texts an hour; what is over the limit is kept in the form, and nothing is stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from forum.models import Post
from forum.permissions import POSTS_PER_HOUR, can_post_now
from tests.factories import UserFactory, make_post, make_reply
from tests.forum.pages import url

pytestmark = pytest.mark.django_db

TYPED = {
    "kind": "tip",
    "title": "Van Lima naar Cusco",
    "body": "De bus van zes uur rijdt weer, neem water mee.",
    "country": "PE",
    "needs": ["borders"],
}


@pytest.fixture
def busy() -> User:
    """An author who sent as many texts as the hour allows."""
    author: User = UserFactory()
    topic = make_post(status="published").topic
    for _ in range(POSTS_PER_HOUR):
        make_reply(topic=topic, author=author)
    return author


def test_the_next_topic_is_a_429_with_the_text_in_place(busy: User, signed_in: Any) -> None:
    before = Post.objects.count()
    answer = signed_in(busy).post(url("write", "nl"), TYPED | {"step": "send", "key": "a" * 32})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert TYPED["body"] in answer.content.decode()
    assert Post.objects.count() == before


def test_the_next_reply_is_a_429_with_the_text_in_place(busy: User, signed_in: Any) -> None:
    before, topic = Post.objects.count(), make_post(status="published").topic
    answer = signed_in(busy).post(url("topic_reply", "nl", public_id=topic.public_id), {"body": TYPED["body"], "step": "send", "key": "b" * 32})
    assert answer.status_code == 429
    assert TYPED["body"] in answer.content.decode()
    assert Post.objects.count() == before + 1


def test_an_hour_later_it_goes_on(busy: User) -> None:
    assert not can_post_now(busy)
    Post.objects.by(busy).update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert can_post_now(busy)


def test_others_are_not_counted(busy: User) -> None:
    assert can_post_now(UserFactory())
