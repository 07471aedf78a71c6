"""Lines whose `external_id` is known: a changed text is a new version, the same text again changes nothing."""

from dataclasses import dataclass

from django.db.models import Q

from forum.enums import PostStatus, VersionOrigin
from forum.models import Post, Topic
from forum.services import apply_status
from forum.services.versions import append_version
from forum.signals import content_submitted
from pages.importing.authors import status_of
from pages.importing.decisions import RunDecision, record_update
from pages.importing.lines import OWN_SOURCE, BadLine, PostLine, TopicLine

Known = dict[tuple[str, str], Post]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a known line came to."""

    updated: bool
    new_replies: tuple[PostLine, ...]
    topic: Topic


def find_known(lines: list[TopicLine]) -> Known:
    """Return the posts that these lines name, by source and external id; two queries a source at most."""
    wanted: dict[str, set[str]] = {}
    for line in lines:
        wanted.setdefault(line.source, set()).update(post.external_id for post in line.posts)
    known: Known = {}
    posts = Post.objects.select_related("topic", "latest_version", "live_version")
    for source, ids in wanted.items():
        for part in _parts(sorted(ids)):
            for post in posts.filter(source=source, external_id__in=part).order_by("pk"):
                known[source, post.external_id or ""] = post
            if source == OWN_SOURCE:
                own = Q(is_first=True, topic__public_id__in=part) | Q(is_first=False, public_id__in=part)
                for post in posts.filter(own).order_by("pk"):
                    known.setdefault((source, post.topic.public_id if post.is_first else post.public_id), post)
    return known


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]


def update_line(line: TopicLine, known: Known, *, publish: bool, parent: RunDecision) -> Changed:
    """Bring a known topic to what its line says. Raises BadLine when an id belongs to another topic."""
    first = known[line.source, line.first.external_id]
    if not first.is_first:
        raise BadLine("external_id", "is that of a reply")
    fresh = []
    updated = False
    for reply in line.replies:
        post = known.get((line.source, reply.external_id))
        if post is None:
            fresh.append(reply)
        elif post.is_first or post.topic_id != first.topic_id:
            raise BadLine("replies", f"external_id {reply.external_id[:40]!r} is that of another topic")
        else:
            updated |= update_post(post, reply, publish=publish, parent=parent)
    updated |= update_post(first, line.first, publish=publish, parent=parent)
    return Changed(updated, tuple(fresh), first.topic)


def update_post(post: Post, line: PostLine, *, publish: bool, parent: RunDecision) -> bool:
    """Write a changed text as a new version with the line's status; says whether anything changed."""
    before, wanted = post.status, status_of(line.status, publish=publish)
    changed = post.latest_version is None or post.latest_version.content_hash != line.text.content_hash()
    if wanted in {PostStatus.MERGED, PostStatus.DRAFT} or (before == PostStatus.MERGED and not changed):
        wanted = before
    moves = publish and wanted != before
    if not changed and not moves:
        return False
    version = append_version(post, line.text, origin=VersionOrigin.IMPORT) if changed else post.live_version or post.latest_version
    if moves or (publish and changed and wanted == PostStatus.PUBLISHED):
        apply_status(post=post, status=wanted, version=version)
    elif changed and before in {PostStatus.PENDING, PostStatus.PUBLISHED, PostStatus.CHANGES_REQUESTED}:
        content_submitted.send(sender=Post, post=post, version=version)
    record_update(post, parent, before=before, after=wanted if publish else before)
    return True
