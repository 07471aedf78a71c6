"""The author's acts: write, reply, keep a draft, submit, edit, withdraw. Each is one transaction with its signal."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Realm
from accounts.models import User
from crisis.publication import raise_generation
from forum.enums import EDITABLE_STATUSES, READABLE_STATUSES, WITHDRAWABLE_STATUSES, PostStatus
from forum.models import Post, PostVersion, Topic
from forum.services.publication import copy_status
from forum.services.shown import leave_public
from forum.services.versions import append_version
from forum.signals import content_submitted, content_withdrawn
from forum.texts import PostText


class EditNotAllowed(Exception):
    """The post is not the actor's, or its status does not allow this; `args[0]` is the reason to show."""


class EditConflict(Exception):
    """Somebody (perhaps the same person in another tab) wrote a newer version; nothing was stored."""


def _stored_key(actor: User, submission_key: str | None) -> str | None:
    """Return what is stored for a form's key: it belongs to one person, so nobody meets another's post by its key."""
    if not submission_key:
        return None
    return hashlib.sha256(f"{actor.pk}:{submission_key}".encode()).hexdigest()[:40]


def _already_sent(key: str | None) -> Post | None:
    return Post.objects.filter(submission_key=key).select_related("topic", "latest_version").first() if key else None


@transaction.atomic
def create_topic(
    *, actor: User, text: PostText, submit: bool = True, realm: str = Realm.LIVE, submission_key: str | None = None, **imported: Any
) -> Post:
    """Store a new topic; `submit` sends it to review, else it is a draft. The same `submission_key` twice returns the first post."""
    key = _stored_key(actor, submission_key)
    if sent := _already_sent(key):
        return sent
    status = PostStatus.PENDING if submit else PostStatus.DRAFT
    try:
        with transaction.atomic():
            topic = Topic.objects.create(author=actor, realm=realm, status=status)
            post = Post.objects.create(topic=topic, author=actor, is_first=True, status=status, submission_key=key, **imported)
    except IntegrityError:
        # The same form, sent twice at the same moment, was stored by the other request meanwhile.
        if sent := _already_sent(key):
            return sent
        raise
    version = append_version(post, text, number=1, created_at=imported.get("created_at"))
    if submit:
        content_submitted.send(sender=Post, post=post, version=version)
    return post


@transaction.atomic
def create_reply(*, actor: User, topic: Topic, text: PostText, submission_key: str | None = None, signed_as: str = "", **imported: Any) -> Post:
    """Store a reply to a published topic and send it to review. Raises EditNotAllowed when the topic is not open to replies."""
    key = _stored_key(actor, submission_key)
    if sent := _already_sent(key):
        return sent
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if locked.status != PostStatus.PUBLISHED or locked.gone_at:
        raise EditNotAllowed(_("This topic is closed."))
    try:
        with transaction.atomic():
            post = Post.objects.create(topic=locked, author=actor, status=PostStatus.PENDING, submission_key=key, signed_as=signed_as, **imported)
    except IntegrityError:
        if sent := _already_sent(key):
            return sent
        raise
    version = append_version(post, text, number=1, created_at=imported.get("created_at"))
    content_submitted.send(sender=Post, post=post, version=version)
    return post


def _locked_own_post(actor: User, post: Post, version_number: int | None) -> Post:
    """Lock the topic, then the post; check author and version."""
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    locked: Post = Post.objects.select_for_update(of=("self",)).select_related("latest_version").get(pk=post.pk)
    locked.topic = topic
    if locked.author_id != actor.pk:
        raise EditNotAllowed(_("Only its author may change this text."))
    if version_number is not None and locked.latest_version and locked.latest_version.number != version_number:
        raise EditConflict(locked.public_id)
    return locked


@transaction.atomic
def save_draft(*, actor: User, post: Post, text: PostText, version_number: int | None = None) -> PostVersion:
    """Append a version to a draft; nothing is sent. Raises EditNotAllowed, EditConflict."""
    locked = _locked_own_post(actor, post, version_number)
    if locked.status != PostStatus.DRAFT:
        raise EditNotAllowed(_("This text was sent already."))
    return append_version(locked, text)


@transaction.atomic
def submit_draft(*, actor: User, post: Post, text: PostText, version_number: int | None = None) -> Post:
    """Send a draft to review with its last text. Raises EditNotAllowed, EditConflict."""
    version = save_draft(actor=actor, post=post, text=text, version_number=version_number)
    return _submit(version.post, version)


def _submit(post: Post, version: PostVersion) -> Post:
    copy_status(post, PostStatus.PENDING)
    content_submitted.send(sender=Post, post=post, version=version)
    return post


@transaction.atomic
def edit_post(*, actor: User, post: Post, text: PostText, version_number: int) -> PostVersion:
    """Append the author's new text; it waits for review while an approved text stays public. Raises EditNotAllowed, EditConflict."""
    locked = _locked_own_post(actor, post, version_number)
    if locked.status not in EDITABLE_STATUSES or locked.gone_at:
        raise EditNotAllowed(_("This text can no longer be changed."))
    version = append_version(locked, text)
    if locked.status == PostStatus.CHANGES_REQUESTED:
        copy_status(locked, PostStatus.PENDING)
    if locked.status != PostStatus.DRAFT:
        content_submitted.send(sender=Post, post=locked, version=version)
    return version


@transaction.atomic
def withdraw_post(*, actor: User, post: Post) -> Post:
    """Take one's own post off the site; the text stays in the author's account. A second call changes nothing."""
    locked = _locked_own_post(actor, post, None)
    if locked.status == PostStatus.WITHDRAWN:
        return locked
    if locked.status not in WITHDRAWABLE_STATUSES:
        raise EditNotAllowed(_("This text can no longer be withdrawn."))
    before = locked.status
    copy_status(locked, PostStatus.WITHDRAWN)
    if before == PostStatus.PUBLISHED:
        leave_public(locked)
    if before in READABLE_STATUSES:
        raise_generation()
    content_withdrawn.send(sender=Post, post=locked)
    return locked


def touch(topic: Topic) -> None:
    """Raise the topic's revision after a change that is shown, indexed or decided."""
    Topic.objects.filter(pk=topic.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    topic.refresh_from_db(fields=["revision", "updated_at"])
