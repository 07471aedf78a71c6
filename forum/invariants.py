"""What must hold between a topic, its posts, its public copy and its list rows, whatever happened (`check_data`). Constraints hold the rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES, READABLE_STATUSES, PostStatus
from forum.models import ForumListing, Post, Topic
from forum.services.shown import copy_text, listing_rows
from forum.services.versions import text_of
from forum.visibility import Restriction, restrictions

CHUNK = 500
# Copied from the live text of the first post, and shown.
COPIED = ("kind", "title", "slug", "summary", "language", "place", "country_codes", "needs", "tag_slugs", "crisis_id", "published_at", "visibility")
ROW = ("country_code", "need", "kind", "language", "visibility", "answered", "newest_at", "confirmed_at", "check_from", "stale_from", "gone_at")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold; `healable`: the right value follows from approved rows alone, so writing it anew is safe."""

    code: str
    topic: str
    pk: int
    healable: bool = False

    def __str__(self) -> str:
        return f"topic {self.topic}: {self.code}"


def _chunks() -> Iterator[list[Topic]]:
    posts = Post.objects.select_related("live_version").order_by("pk")
    last = 0
    while topics := list(Topic.objects.filter(pk__gt=last).order_by("pk").prefetch_related(Prefetch("posts", posts), "listings")[:CHUNK]):
        yield topics
        last = topics[-1].pk


def _row(row: ForumListing) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ROW)


def _codes(topic: Topic, asked: list[Restriction]) -> Iterator[tuple[str, bool]]:
    """Yield (code, healable) of what does not hold for one topic."""
    posts = list(topic.posts.all())
    first = next((post for post in posts if post.is_first), None)
    if first is None:
        yield "no_first_post", False
        return
    if first.status != topic.status:
        yield "status_differs", False
    if any(post.live_version and post.live_version.erased_at for post in posts if post.status in READABLE_STATUSES):
        yield "erased_text_is_live", False
    if topic.reply_count != sum(post.status == PostStatus.PUBLISHED for post in posts if not post.is_first):
        yield "reply_count", True
    if topic.status in READABLE_STATUSES and first.live_version is not None and _copy_differs(topic, first, asked):
        yield "copy_differs", False
    wanted = listing_rows(topic) if topic.status in PUBLIC_STATUSES and topic.published_at else []
    if Counter(map(_row, wanted)) != Counter(map(_row, topic.listings.all())):
        yield "listing_differs", True


def _copy_differs(topic: Topic, first: Post, asked: list[Restriction]) -> bool:
    version = first.live_version
    assert version is not None  # noqa: S101 - the caller looked
    wanted = Topic()
    copy_text(wanted, first, version, text_of(version), asked)
    return any(getattr(wanted, name) != getattr(topic, name) for name in COPIED)


def topic_faults() -> Iterator[Fault]:
    """Yield what does not hold, topic after topic, in constant memory."""
    asked = restrictions()
    for topics in _chunks():
        for topic in topics:
            for code, healable in _codes(topic, asked):
                yield Fault(code, topic.public_id, topic.pk, healable)


@transaction.atomic
def heal_topic(fault: Fault) -> bool:
    """Write counters and list rows of one topic anew; say whether that was possible."""
    if not fault.healable:
        return False
    topic = Topic.objects.select_for_update().get(pk=fault.pk)
    topic.reply_count = topic.posts.filter(is_first=False, status=PostStatus.PUBLISHED).count()
    topic.save(update_fields=["reply_count"])
    ForumListing.objects.filter(topic=topic).delete()
    if topic.status in PUBLIC_STATUSES:
        ForumListing.objects.bulk_create(listing_rows(topic))
    raise_generation()
    return True
