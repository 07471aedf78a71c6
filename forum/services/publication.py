"""What the world sees: the one writer of a post's status after a decision, of the topic's public copy and of its list rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crisis.banner import open_crises, touching
from crisis.enums import VisibilityRegime
from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES, READABLE_STATUSES, PostStatus
from forum.models import ForumListing, Post, PostVersion, Topic
from forum.services.versions import text_of
from forum.signals import content_edited, content_hidden, content_published, content_restored
from forum.texts import make_slug, summarise
from forum.validity import dates_for

STRICTNESS = [VisibilityRegime.PUBLIC, VisibilityRegime.MEMBERS, VisibilityRegime.STAFF]


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


def leave_public(post: Post) -> None:
    """Take a post that was public out of the lists and counters."""
    if post.is_first:
        ForumListing.objects.filter(topic_id=post.topic_id).delete()
    else:
        Topic.objects.filter(pk=post.topic_id, reply_count__gt=0).update(reply_count=F("reply_count") - 1)
    raise_generation()


def strictest_visibility(codes: Iterable[str]) -> str:
    """Return the strictest regime of the open crises that touch these countries."""
    regimes = {c.visibility_regime for c in touching(open_crises("fr"), list(codes))}
    return max(regimes | {VisibilityRegime.PUBLIC.value}, key=[r.value for r in STRICTNESS].index)


def _topic_copy(topic: Topic, post: Post, version: PostVersion) -> None:
    """Copy what is shown from the live version of the first post to the topic. Text is read back from the version alone."""
    text = text_of(version)
    topic.kind, topic.title, topic.slug = version.kind, version.title, make_slug(version.title)
    topic.summary, topic.language, topic.place = summarise(version.html), version.language, version.place
    topic.country_codes, topic.needs, topic.tag_slugs = list(text.countries), list(text.needs), list(text.tags)
    topic.crisis_id, topic.published_at, topic.last_confirmed_at = version.crisis_id, post.published_at, post.last_confirmed_at
    topic.visibility = strictest_visibility(topic.country_codes)
    topic.check_from, topic.stale_from, topic.gone_at = post.check_from, post.stale_from, post.gone_at


def rewrite_listing(topic: Topic) -> None:
    """Write the list rows of a published topic anew: each country or any, times each need or any."""
    ForumListing.objects.filter(topic=topic).delete()
    if topic.status not in PUBLIC_STATUSES:
        return
    assert topic.published_at is not None  # noqa: S101 - a constraint of the table
    ForumListing.objects.bulk_create(
        ForumListing(
            topic=topic,
            country_code=country,
            need=need,
            kind=topic.kind,
            language=topic.language,
            visibility=topic.visibility,
            answered=topic.answer_id is not None,
            newest_at=topic.published_at,
            confirmed_at=topic.last_confirmed_at or topic.published_at,
            check_from=topic.check_from,
            stale_from=topic.stale_from,
            gone_at=topic.gone_at,
        )
        for country in ["", *topic.country_codes]
        for need in ["", *topic.needs]
    )


def set_validity(post: Post, version: PostVersion, needs: Iterable[str]) -> None:
    """Write the dates of a post from its last confirmation, else its publication."""
    confirmed_at = post.last_confirmed_at or post.published_at or timezone.now()
    dates = dates_for(kind=version.kind, needs=needs, confirmed_at=confirmed_at, validity_until=version.validity_until)
    post.check_from, post.stale_from = dates.check_from, dates.stale_from


def _publish(post: Post, version: PostVersion | None, published_at: datetime | None) -> None:
    version = version or post.live_version or post.latest_version
    if version is None or version.post_id != post.pk or version.erased_at:
        raise StatusNotAllowed(post.public_id)
    topic, was_public = post.topic, post.status == PostStatus.PUBLISHED
    post.live_version = version
    post.published_at = post.published_at or published_at or timezone.now()
    set_validity(post, version, [row.need for row in version.need_rows.all()])
    post.save(update_fields=["live_version", "published_at", "check_from", "stale_from"])
    if post.is_first:
        _topic_copy(topic, post, version)
        topic.status = PostStatus.PUBLISHED
        topic.save()
    elif not was_public:
        Topic.objects.filter(pk=topic.pk).update(reply_count=F("reply_count") + 1)
    copy_status(post, PostStatus.PUBLISHED)
    if post.is_first:
        rewrite_listing(topic)


@transaction.atomic
def apply_status(
    *,
    post: Post,
    status: str,
    version: PostVersion | None = None,
    merged_into: Topic | None = None,
    published_at: datetime | None = None,
) -> Post:
    """Write the outcome of a decision on a post and tell who listens; called by moderation and imports alone.

    `version` is the text that was decided on (for `published`); `merged_into` is needed by `merged`. Raises StatusNotAllowed.
    """
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    locked: Post = Post.objects.select_for_update(of=("self",)).select_related("live_version", "latest_version").get(pk=post.pk)
    locked.topic = topic
    before = locked.status
    if (status == PostStatus.MERGED) != (merged_into is not None) or (merged_into and merged_into.pk == topic.pk):
        raise StatusNotAllowed(post.public_id)
    if status == PostStatus.PUBLISHED:
        _publish(locked, version, published_at)
        raise_generation()
        content_published.send(sender=Post, post=locked, version=locked.live_version)
        if before == PostStatus.HIDDEN:
            content_restored.send(sender=Post, post=locked)
        return locked
    locked.merged_into = merged_into
    if before == PostStatus.MERGED or merged_into:
        Post.objects.filter(pk=locked.pk).update(merged_into=merged_into, status=status)
    if status in READABLE_STATUSES and locked.live_version_id is None:
        raise StatusNotAllowed(post.public_id)
    copy_status(locked, status)
    if before in PUBLIC_STATUSES or before in READABLE_STATUSES:
        leave_public(locked)
        content_hidden.send(sender=Post, post=locked)
    return locked


@transaction.atomic
def mark_dangerous(*, post: Post, reason: str, gone_at: datetime | None = None) -> Post:
    """Make a published topic a tombstone (410): title and reason stay, the text is no longer shown anywhere. `reason` "" lifts it."""
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    moment = (gone_at or timezone.now()) if reason else None
    Post.objects.filter(pk=post.pk).update(gone_at=moment)
    if post.is_first:
        topic.gone_at, topic.gone_reason = moment, reason
        topic.revision += 1
        topic.updated_at = timezone.now()
        topic.save(update_fields=["gone_at", "gone_reason", "revision", "updated_at"])
        ForumListing.objects.filter(topic=topic).update(gone_at=moment)
    post.refresh_from_db(fields=["gone_at"])
    raise_generation()
    content_edited.send(sender=Post, post=post)
    return post


@transaction.atomic
def refresh_visibility(*, country_codes: Iterable[str]) -> int:
    """Give every published topic about these countries (all when empty) the visibility that the open crises ask for; returns how many changed."""
    codes = list(country_codes)
    rows = ForumListing.objects.filter(need="")
    rows = rows.filter(country_code__in=codes) if codes else rows.filter(country_code="")
    changed = 0
    topics = Topic.objects.filter(pk__in=rows.values("topic_id")).order_by("pk")
    for topic in topics.iterator(chunk_size=500):
        wanted = strictest_visibility(topic.country_codes)
        if wanted == topic.visibility:
            continue
        Topic.objects.filter(pk=topic.pk).update(visibility=wanted, revision=F("revision") + 1)
        ForumListing.objects.filter(topic=topic).update(visibility=wanted)
        first = topic.posts.filter(is_first=True).first()
        content_edited.send(sender=Post, post=first)
        changed += 1
    return changed
