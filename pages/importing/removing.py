"""Takes an import out as a whole: its texts are erased everywhere, its topics leave the site, the log keeps codes alone."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.signals import user_erased
from crisis.publication import raise_generation
from forum.enums import READABLE_STATUSES, PostStatus
from forum.models import Confirmation, ForumListing, Post, PostVersion, TaggedVersion, Topic, VersionCountry, VersionNeed
from forum.services.shown import forget_text
from forum.signals import content_hidden
from moderation.enums import ItemState
from moderation.models import ReviewItem

CHUNK = 200


def remove(source: str) -> int:
    """Remove everything of a source, in transactions of 200 posts; returns how many posts. A second call finds nothing."""
    count = 0
    posts = Post.objects.filter(source=source, external_id__isnull=False).select_related("topic").order_by("-is_first", "pk")
    while part := list(posts[:CHUNK]):
        _remove_posts(part)
        count += len(part)
    _forget_authors(source)
    return count


@transaction.atomic
def _remove_posts(posts: list[Post]) -> None:
    now, pks = timezone.now(), [post.pk for post in posts]
    topics = {post.topic_id: post.topic for post in posts if post.is_first}
    versions = PostVersion.objects.filter(post__in=pks)
    for model, column in ((VersionCountry, "version"), (VersionNeed, "version"), (TaggedVersion, "content_object")):
        model._default_manager.filter(**{f"{column}__post__in": pks}).delete()
    versions.update(title="", body="", html="", place="", content_hash="", erased_at=now)
    Confirmation.objects.filter(post__in=pks).delete()
    ForumListing.objects.filter(topic__in=topics).delete()
    ReviewItem.objects.filter(post__in=pks).exclude(state=ItemState.DECIDED).update(state=ItemState.DECIDED, decided_at=now)
    ReviewItem.objects.filter(post__in=pks).update(findings=[])
    shown = [post for post in posts if post.status in READABLE_STATUSES]
    replies = [post.pk for post in posts if not post.is_first]
    Topic.objects.filter(answer__in=replies).update(answer=None)
    Post.objects.filter(pk__in=pks).update(status=PostStatus.HIDDEN, merged_into=None, live_version=None, external_id=None, signed_as="")
    for topic in topics.values():
        was_public = topic.published_at
        forget_text(topic)
        topic.status, topic.published_at = PostStatus.HIDDEN, was_public
        topic.revision += 1
        topic.reply_count = topic.worked_count = topic.not_true_count = 0
        topic.answer = None
        topic.save()
    raise_generation()
    for post in shown:
        post.topic.refresh_from_db(fields=["revision"])
        content_hidden.send(sender=Post, post=post)


def _forget_authors(source: str) -> None:
    """Erase the unclaimed accounts of the source, and what stands about them beside decisions."""
    authors = User.objects.filter(archive_source=source, erased_at__isnull=True).filter(Q(email__endswith=f"@{source}.archive.invalid"))
    for author in authors.order_by("pk").iterator(chunk_size=CHUNK):
        with transaction.atomic():
            author.pseudonym = author.pseudonym_key = None
            author.about, author.erased_at = "", timezone.now()
            author.save(update_fields=["pseudonym", "pseudonym_key", "about", "erased_at"])
            user_erased.send(sender=User, user=author)
