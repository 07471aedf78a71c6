"""What readers and askers add: "worked for me", "no longer true", and which answer helped."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crisis.publication import raise_generation
from forum.enums import ConfirmationKind, Kind, PostStatus
from forum.models import Confirmation, ForumListing, Post, Topic
from forum.services.publication import rewrite_listing, set_validity
from forum.services.writing import EditNotAllowed, touch
from forum.signals import content_edited


class AlreadyConfirmed(Exception):
    """The same person said something about that day already."""


@transaction.atomic
def confirm_post(*, post: Post, kind: str, happened_date: date, actor: User | None, created_at: datetime | None = None) -> Confirmation:
    """Store a reader's word and renew the validity. Raises EditNotAllowed unless the post is public, AlreadyConfirmed the second time."""
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    locked: Post = Post.objects.select_for_update(of=("self",)).select_related("live_version").get(pk=post.pk)
    if locked.status != PostStatus.PUBLISHED or topic.gone_at or happened_date > timezone.localdate():
        raise EditNotAllowed(_("This cannot be confirmed."))
    try:
        with transaction.atomic():
            confirmation = Confirmation.objects.create(
                post=locked, kind=kind, happened_date=happened_date, user=actor, created_at=created_at or timezone.now()
            )
    except IntegrityError as error:
        raise AlreadyConfirmed(locked.public_id) from error
    _count(topic, locked, confirmation)
    return confirmation


def _count(topic: Topic, post: Post, confirmation: Confirmation) -> None:
    if confirmation.kind == ConfirmationKind.WORKED:
        topic.worked_count += 1
        post.last_confirmed_at = max(filter(None, [post.last_confirmed_at, confirmation.created_at]))
        version = post.live_version
        assert version is not None  # noqa: S101 - a constraint of the table
        set_validity(post, version, topic.needs)
        post.save(update_fields=["last_confirmed_at", "check_from", "stale_from"])
    else:
        topic.not_true_count += 1
    if post.is_first:
        topic.last_confirmed_at, topic.check_from, topic.stale_from = post.last_confirmed_at, post.check_from, post.stale_from
        topic.save(update_fields=["worked_count", "not_true_count", "last_confirmed_at", "check_from", "stale_from"])
        ForumListing.objects.filter(topic=topic).update(
            confirmed_at=topic.last_confirmed_at or topic.published_at, check_from=topic.check_from, stale_from=topic.stale_from
        )
    touch(topic)
    raise_generation()
    content_edited.send(sender=Post, post=post)


@transaction.atomic
def accept_answer(*, actor: User, answer: Post) -> Topic:
    """Mark the reply that answered one's own question. Raises EditNotAllowed for others, or when the reply is not public."""
    topic = Topic.objects.select_for_update().get(pk=answer.topic_id)
    if topic.author_id != actor.pk or topic.kind != Kind.QUESTION or answer.is_first or answer.status != PostStatus.PUBLISHED:
        raise EditNotAllowed(_("Only the person who asked chooses the answer."))
    topic.answer = answer
    topic.save(update_fields=["answer"])
    touch(topic)
    rewrite_listing(topic)
    raise_generation()
    content_edited.send(sender=Post, post=answer)
    return topic
