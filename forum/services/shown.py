"""What the world sees of a topic: the copy of its first post's live text, its dates, its list rows and its counters."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from crisis.publication import raise_generation
from forum.enums import PostStatus
from forum.models import ForumListing, Post, PostVersion, Topic
from forum.texts import PostText, make_slug, summarise
from forum.validity import dates_for
from forum.visibility import Restriction, strictest


def copy_text(topic: Topic, post: Post, version: PostVersion, text: PostText, asked: list[Restriction]) -> None:
    """Copy what is shown from the live version of the first post to the topic (unsaved).

    `text` is that version read back, `asked` what the open crises ask for.
    """
    topic.kind, topic.title, topic.slug = version.kind, version.title, make_slug(version.title)
    topic.summary, topic.language, topic.place = summarise(version.html), version.language, version.place
    topic.country_codes, topic.needs, topic.tag_slugs = list(text.countries), list(text.needs), list(text.tags)
    topic.crisis_id, topic.published_at = version.crisis_id, post.published_at
    topic.visibility = strictest(asked, topic.country_codes, topic.crisis_id)
    topic.gone_at = post.gone_at


def forget_text(topic: Topic) -> None:
    """Empty the public copy of a topic (unsaved) whose approval was taken back: nothing approved, nothing shown, no slug."""
    topic.kind = topic.title = topic.slug = topic.summary = topic.language = topic.place = topic.gone_reason = ""
    topic.country_codes, topic.needs, topic.tag_slugs = [], [], []
    topic.crisis_id = None
    topic.published_at = topic.last_confirmed_at = topic.check_from = topic.stale_from = topic.gone_at = None


def set_validity(post: Post, version: PostVersion, needs: Iterable[str]) -> None:
    """Write the dates of a post (unsaved) from its last confirmation, else its publication."""
    confirmed_at = post.last_confirmed_at or post.published_at or timezone.now()
    dates = dates_for(kind=version.kind, needs=needs, confirmed_at=confirmed_at, validity_until=version.validity_until)
    post.check_from, post.stale_from = dates.check_from, dates.stale_from


def accepted_answer(topic: Topic) -> Post | None:
    """Return the accepted answer of a question while it can be read, else None."""
    answer = topic.answer
    return answer if answer is not None and answer.status == PostStatus.PUBLISHED and not answer.gone_at else None


def copy_dates(topic: Topic, first: Post) -> None:
    """Copy the dates that a topic shows (unsaved): its accepted answer's, else its first post's (DATA.md, Text)."""
    shown = accepted_answer(topic) or first
    topic.last_confirmed_at = shown.last_confirmed_at
    topic.check_from, topic.stale_from = shown.check_from, shown.stale_from
    topic.gone_at = first.gone_at


DATE_FIELDS = ["last_confirmed_at", "check_from", "stale_from", "gone_at"]


def refresh_dates(topic: Topic, first: Post) -> None:
    """Store the dates that a topic shows, in its row and its list rows."""
    copy_dates(topic, first)
    topic.save(update_fields=DATE_FIELDS)
    ForumListing.objects.filter(topic=topic).update(
        confirmed_at=_confirmed_at(topic),
        check_from=topic.check_from,
        stale_from=topic.stale_from,
        gone_at=topic.gone_at,
        answered=topic.answer_id is not None,
    )


def _confirmed_at(topic: Topic) -> datetime:
    assert topic.published_at is not None  # noqa: S101 - a constraint of the table
    return topic.last_confirmed_at or topic.published_at


def listing_rows(topic: Topic) -> list[ForumListing]:
    """Return the list rows of a published topic: each country or any, times each need or any."""
    assert topic.published_at is not None  # noqa: S101 - a constraint of the table
    return [
        ForumListing(
            topic=topic,
            country_code=country,
            need=need,
            kind=topic.kind,
            language=topic.language,
            visibility=topic.visibility,
            answered=topic.answer_id is not None,
            newest_at=topic.published_at,
            confirmed_at=_confirmed_at(topic),
            check_from=topic.check_from,
            stale_from=topic.stale_from,
            gone_at=topic.gone_at,
        )
        for country in ["", *topic.country_codes]
        for need in ["", *topic.needs]
    ]


def rewrite_listing(topic: Topic, *, had_rows: bool) -> None:
    """Write the list rows of a published topic anew; `had_rows` says whether it was in the lists until now."""
    if had_rows:
        ForumListing.objects.filter(topic=topic).delete()
    ForumListing.objects.bulk_create(listing_rows(topic))


def leave_public(post: Post) -> None:
    """Take a locked post that was public out of lists, counters and the place of the accepted answer."""
    topic = post.topic
    if post.is_first:
        ForumListing.objects.filter(topic=topic).delete()
    else:
        Topic.objects.filter(pk=topic.pk, reply_count__gt=0).update(reply_count=F("reply_count") - 1)
        drop_answer(topic, post)
    raise_generation()


def drop_answer(topic: Topic, post: Post) -> None:
    """Make a question open again when its accepted answer can no longer be read."""
    if topic.answer_id != post.pk:
        return
    topic.answer = None
    topic.save(update_fields=["answer"])
    if topic.published_at:
        refresh_dates(topic, Post.objects.get(topic=topic, is_first=True))
