"""What moderation's tests stand on: waiting items, and an ear for the domain signals."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts.models import User
from forum import signals as forum_signals
from forum.models import Post
from moderation.models import Decision, DecisionText, ReviewItem
from moderation.services import decide
from moderation.signals import decision_made
from tests.factories import UserFactory, make_post, make_reply

NAMES = ["content_published", "content_hidden", "content_restored", "content_edited", "content_withdrawn", "content_submitted"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Read messages in the language of the source; what depends on the language says so itself."""
    with translation.override("en"):
        yield


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Collect the names of the domain signals that were sent, in order."""
    names: list[str] = []
    signals = {name: getattr(forum_signals, name) for name in NAMES} | {"decision_made": decision_made}
    pairs = [(signal, (lambda *a, n=name, **k: names.append(n))) for name, signal in signals.items()]
    for signal, receiver in pairs:
        signal.connect(receiver, weak=False)
    yield names
    for signal, receiver in pairs:
        signal.disconnect(receiver)


@pytest.fixture
def waiting(db: None) -> Callable[..., ReviewItem]:
    """Return a maker of items that wait: `waiting(countries=["BO"], language="fr", findings=[…])`."""

    def make(*, author: User | None = None, findings: list[dict[str, Any]] | None = None, **fields: Any) -> ReviewItem:
        item = item_of(make_post(author=author or UserFactory(), **fields))
        if findings is not None:
            ReviewItem.objects.filter(pk=item.pk).update(findings=findings)
        return item_of(item.post)

    return make


@pytest.fixture
def published(waiting: Callable[..., ReviewItem], staff: Callable[..., User]) -> Callable[..., ReviewItem]:
    """Return a maker of items whose text was approved by a moderator of its own."""

    def make(**fields: Any) -> ReviewItem:
        item = waiting(**fields)
        decide(item.pk, "approve", actor=staff("moderator"), revision=item.revision, answered_marks=["personal_data", "threat_to_life"])
        return item_of(item.post)

    return make


@pytest.fixture
def desk(staff: Callable[..., User], signed_in: Callable[[User], Client]) -> tuple[User, Client]:
    """Return a moderator of Dutch texts and their client, whose pages are in English."""
    user = english(staff("moderator", language="nl"))
    return user, signed_in(user)


def english(user: User) -> User:
    """Return somebody whose rooms speak English, as the assertions do."""
    user.language = "en"
    user.save(update_fields=["language"])
    return user


def item_of(post: Post) -> ReviewItem:
    """Return the newest item of a post, fresh, with everything that permissions look at."""
    rows = ReviewItem.objects.with_newer().select_related("post__topic", "post__live_version", "version", "profile__user", "author")
    item: ReviewItem = rows.filter(post=post).order_by("-pk")[0]
    return item


def reply_item(**fields: Any) -> ReviewItem:
    """Return the item of a reply that waits."""
    return item_of(make_reply(**fields))


def row_counts() -> tuple[int, ...]:
    """Return how many rows there are of what a decision writes: a denied one must leave it as it was."""
    return Decision.objects.count(), DecisionText.objects.count(), ReviewItem.objects.count()


def state_of(item: ReviewItem) -> tuple[Any, ...]:
    """Return everything about an item and its thing that a decision may change."""
    fresh = ReviewItem.objects.select_related("post__topic", "profile").get(pk=item.pk)
    thing = (fresh.post.status, fresh.post.live_version_id, fresh.post.gone_at, fresh.post.topic.revision) if fresh.post else (fresh.profile.status,)
    return fresh.state, fresh.revision, fresh.escalated, fresh.decided_at, thing


IS_POSTGRES = connection.vendor == "postgresql"
