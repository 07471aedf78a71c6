"""The search hears what happened to content and queues one job a document, inside the transaction that changed it."""

from typing import Any

from django.dispatch import receiver

from crisis.models import OfficialNotice
from crisis.signals import notice_published, notice_withdrawn
from forum.models import Post
from forum.signals import content_edited, content_hidden, content_published, content_restored, content_withdrawn
from search import tasks

CONTENT_SIGNALS = [content_published, content_edited, content_hidden, content_restored, content_withdrawn]


@receiver(CONTENT_SIGNALS, dispatch_uid="search.sync_topic")
def on_content_changed(sender: type, *, post: Post, **_: Any) -> None:
    """A post changed, so that its topic's document did. What a crisis restricts arrives here too, as `content_edited`."""
    tasks.sync_topic.enqueue(post.topic_id, post.topic.revision)


@receiver([notice_published, notice_withdrawn], dispatch_uid="search.sync_notice")
def on_notice_changed(sender: type, *, notice: OfficialNotice, **_: Any) -> None:
    """An official notice appeared or left."""
    tasks.sync_notice.enqueue(notice.pk, notice.revision)
