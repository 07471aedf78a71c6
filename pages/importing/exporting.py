"""Topics of this site as lines that `import_posts` reads: into an empty site they give the same content."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db.models import Prefetch

from accounts.models import User
from forum.enums import PostStatus
from forum.models import Confirmation, Post, PostVersion, Topic
from forum.services.versions import text_of
from pages.importing.lines import OWN_SOURCE
from pages.importing.tags import words_of

CHUNK = 200
# Private to their authors: never content of the site.
LEFT_OUT = frozenset({PostStatus.DRAFT, PostStatus.UNCONFIRMED})
VERSION_ROWS = ("country_rows", "need_rows", "tagged__tag")


def export(stream: IO[str]) -> int:
    """Write every topic, oldest first, one line each; returns how many. Reads in slices, so that memory does not grow."""
    count = 0
    for topic in _topics():
        stream.write(json.dumps(topic_line(topic), ensure_ascii=False) + "\n")
        count += 1
    return count


def _topics() -> Iterator[Topic]:
    versions = PostVersion.objects.prefetch_related(*VERSION_ROWS)
    posts = Post.objects.exclude(status__in=sorted(LEFT_OUT)).select_related("author").order_by("created_at", "pk")
    posts = posts.select_related("merged_into").prefetch_related(
        Prefetch("live_version", versions),
        Prefetch("latest_version", versions),
        Prefetch("confirmations", Confirmation.objects.select_related("user").order_by("created_at", "pk")),
    )
    topics = Topic.objects.exclude(status__in=sorted(LEFT_OUT)).order_by("pk").prefetch_related(Prefetch("posts", posts))
    last = 0
    while part := list(topics.filter(pk__gt=last)[:CHUNK]):
        last = part[-1].pk
        yield from part


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _author(author: User) -> dict[str, Any]:
    """The public name, or the code of the neutral one; never an address."""
    return {"pseudonym": author.pseudonym, "countries": [], **({} if author.pseudonym else {"code": author.member_code})}


def _version(post: Post) -> PostVersion:
    version = post.live_version or post.latest_version
    assert version is not None  # noqa: S101 - written with the post
    return version


def _common(post: Post) -> dict[str, Any]:
    """What a first post and a reply have in common; what is empty is left out."""
    line: dict[str, Any] = {
        "body": _version(post).body,
        "language": _version(post).language,
        "author": _author(post.author),
        "created_at": _moment(post.created_at),
        "status": post.status,
    }
    for name in ("published_at", "gone_at"):
        if value := getattr(post, name):
            line[name] = _moment(value)
    return line


def _reply(post: Post, topic: Topic) -> dict[str, Any]:
    line = {"external_id": post.public_id, **_common(post), "is_answer": topic.answer_id == post.pk}
    return line | ({"signed_as": post.signed_as} if post.signed_as else {})


def _confirmations(topic: Topic, posts: list[Post]) -> list[dict[str, Any]]:
    shown = next((post for post in posts if post.pk == topic.answer_id), posts[0])
    return [
        {"kind": word.kind, "at": _moment(word.created_at), "day": word.happened_date.isoformat(), "by": word.user.member_code if word.user else None}
        for word in shown.confirmations.all()
    ]


def topic_line(topic: Topic) -> dict[str, Any]:
    """Return the line of a topic whose posts are loaded; the public id is its external id, the source this site."""
    posts = sorted(topic.posts.all(), key=lambda post: not post.is_first)
    first = posts[0]
    text = text_of(_version(first))
    line = {
        "external_id": topic.public_id,
        "source": OWN_SOURCE,
        "kind": text.kind,
        "title": text.title,
        "countries": list(text.countries),
        "place": text.place or None,
        "needs": list(text.needs),
        "tags": list(text.tags),
        **({"tag_names": names} if (names := words_of(_version(first))) else {}),
        "validity_until": _moment(text.validity_until),
        "merged_into": first.merged_into.public_id if first.merged_into else None,
        **_common(first),
        "replies": [_reply(post, topic) for post in posts[1:]],
        "confirmations": _confirmations(topic, posts),
    }
    return line | ({"gone_reason": topic.gone_reason} if topic.gone_reason else {})
