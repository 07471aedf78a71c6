"""The one writer of a post's status after a decision; what the world sees follows in `shown`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES, READABLE_STATUSES, PostStatus
from forum.models import ForumListing, Post, PostVersion, Topic
from forum.services.shown import accepted_answer, copy_dates, copy_text, drop_answer, forget_text, leave_public, rewrite_listing, set_validity
from forum.services.versions import text_of
from forum.signals import content_edited, content_hidden, content_published, content_restored
from forum.visibility import restrictions

GONE_REASON_MAX = 300
# Left the public pages but was approved once: the live text stays, so that a decision can bring it back.
KEEPS_LIVE_TEXT = frozenset({PostStatus.PUBLISHED, PostStatus.ARCHIVED, PostStatus.HIDDEN, PostStatus.WITHDRAWN, PostStatus.MERGED})


class StatusNotAllowed(Exception):
    """The status cannot be written: a published post needs a text, a merged one its target."""


def copy_status(post: Post, status: str) -> None:
    """Write the status of a locked post, and of its topic when it is the body; raises the topic's revision."""
    post.status = status
    post.save(update_fields=["status"])
    changes: dict[str, Any] = {"revision": F("revision") + 1, "updated_at": timezone.now()}
    if post.is_first:
        changes["status"] = post.topic.status = status
    Topic.objects.filter(pk=post.topic_id).update(**changes)
    post.topic.revision += 1


def _publish(post: Post, version: PostVersion | None, published_at: datetime | None) -> None:
    version = version or post.live_version or post.latest_version
    if version is None or version.post_id != post.pk or version.erased_at:
        raise StatusNotAllowed(post.public_id)
    topic, was_public = post.topic, post.status == PostStatus.PUBLISHED
    post.live_version = version
    post.merged_into = None
    post.published_at = post.published_at or published_at or timezone.now()
    text = text_of(version) if post.is_first else None
    # A reply is about what its topic is about.
    set_validity(post, version, text.needs if text else topic.needs)
    post.status = PostStatus.PUBLISHED
    post.save(update_fields=["live_version", "merged_into", "published_at", "check_from", "stale_from", "status"])
    topic.revision += 1
    topic.updated_at = timezone.now()
    if text is None:
        topic.reply_count += 0 if was_public else 1
        topic.save(update_fields=["revision", "updated_at", "reply_count"])
        return
    copy_text(topic, post, version, text, restrictions())
    copy_dates(topic, post)
    topic.status = PostStatus.PUBLISHED
    topic.save()
    rewrite_listing(topic, had_rows=was_public)


def _locked(post: Post) -> Post:
    """Lock the topic, then the post (the order of every service) and return the post with what `apply_status` reads."""
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    locked: Post = Post.objects.select_for_update(of=("self",)).select_related("live_version", "latest_version").get(pk=post.pk)
    locked.topic = topic
    return locked


def _unpublish(post: Post, status: str, merged_into: Topic | None) -> None:
    before, topic = post.status, post.topic
    if status in READABLE_STATUSES and post.live_version_id is None:
        raise StatusNotAllowed(post.public_id)
    post.status, post.merged_into = status, merged_into
    if status not in KEEPS_LIVE_TEXT:
        # An approval was taken back: nothing is live any more, and the topic's copy of the text goes with it.
        post.live_version = None
        post.published_at = post.check_from = post.stale_from = None
        if post.is_first:
            forget_text(topic)
    post.save(update_fields=["status", "merged_into", "live_version", "published_at", "check_from", "stale_from"])
    topic.revision += 1
    topic.updated_at = timezone.now()
    topic.status = status if post.is_first else topic.status
    topic.save()
    if before in PUBLIC_STATUSES:
        leave_public(post)
    if before in READABLE_STATUSES:
        raise_generation()
        content_hidden.send(sender=Post, post=post)


@transaction.atomic
def apply_status(
    *,
    post: Post,
    status: str,
    version: PostVersion | None = None,
    merged_into: Topic | None = None,
    published_at: datetime | None = None,
    held: bool = False,
) -> Post:
    """Write the outcome of a decision on a post and tell who listens; called by moderation and imports alone.

    `version` is the text that was decided on (for `published`); `merged_into` is needed by `merged`. `held`: the caller locked the
    topic and read `post` and `post.topic` after that. Raises StatusNotAllowed.
    """
    locked = post if held else _locked(post)
    before = locked.status
    if (status == PostStatus.MERGED) != (merged_into is not None) or (merged_into and merged_into.pk == locked.topic_id):
        raise StatusNotAllowed(post.public_id)
    if status != PostStatus.PUBLISHED:
        _unpublish(locked, status, merged_into)
        return locked
    _publish(locked, version, published_at)
    raise_generation()
    content_published.send(sender=Post, post=locked, version=locked.live_version)
    if before in {PostStatus.HIDDEN, PostStatus.ARCHIVED}:
        content_restored.send(sender=Post, post=locked)
    return locked


@transaction.atomic
def mark_dangerous(*, post: Post, reason: str, gone_at: datetime | None = None, held: bool = False) -> Post:
    """Make a published text a tombstone: a topic answers 410 with title and reason, a reply loses its words. `reason` "" lifts it.

    `held` as in `apply_status`. Raises StatusNotAllowed for what is not published.
    """
    locked = post if held else _locked(post)
    topic = locked.topic
    if locked.status != PostStatus.PUBLISHED:
        raise StatusNotAllowed(post.public_id)
    locked.gone_at = (gone_at or timezone.now()) if reason else None
    locked.save(update_fields=["gone_at"])
    topic.revision += 1
    topic.updated_at = timezone.now()
    if locked.is_first:
        topic.gone_at, topic.gone_reason = locked.gone_at, reason[:GONE_REASON_MAX]
    topic.save(update_fields=["gone_at", "gone_reason", "revision", "updated_at"])
    if locked.is_first:
        ForumListing.objects.filter(topic=topic).update(gone_at=topic.gone_at)
    elif accepted_answer(topic) is None:
        drop_answer(topic, locked)
    raise_generation()
    content_edited.send(sender=Post, post=locked)
    return locked
