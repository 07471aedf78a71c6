"""What readers and askers add: "worked for me", "no longer true", and which answer helped."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crisis.publication import raise_generation
from forum.enums import GUARDED_NEEDS, ConfirmationKind, Kind, PostStatus
from forum.models import Confirmation, Post, Topic
from forum.services.shown import accepted_answer, refresh_dates, set_validity
from forum.services.writing import EditNotAllowed, touch
from forum.signals import content_edited
from forum.validity import life_of


class AlreadyConfirmed(Exception):
    """The same person said something about that day already."""


def moves_validity(*, kind: str, member: bool, needs: Iterable[str]) -> bool:
    """Say whether one confirmation changes the dates of a tip. The one place of the rule (TRUST.md, "Confirmations can't be stuffed").

    A member's word counts. Visitors' words are counted apart: they never dispute a tip, and they never renew one about
    borders, security, flights or money, where a false "still true" sends somebody into danger.
    """
    if member:
        return True
    return kind == ConfirmationKind.WORKED and not GUARDED_NEEDS & set(needs)


def happened_at(day: date, said_at: datetime) -> datetime:
    """Return the moment that a word about `day` speaks for: the end of that day, never later than it was said."""
    end_of_day = timezone.make_aware(datetime.combine(day, time.max))
    return min(end_of_day, said_at)


def _locked(post: Post) -> Post:
    topic = Topic.objects.select_for_update().get(pk=post.topic_id)
    locked: Post = Post.objects.select_for_update(of=("self",)).select_related("live_version").get(pk=post.pk)
    locked.topic = topic
    return locked


@transaction.atomic
def confirm_post(*, post: Post, kind: str, happened_date: date, actor: User | None, created_at: datetime | None = None) -> Confirmation:
    """Store a reader's word and move the validity where it may.

    Raises EditNotAllowed unless the post is public and the day not in the future; AlreadyConfirmed the second time that day.
    """
    locked = _locked(post)
    if locked.status != PostStatus.PUBLISHED or locked.gone_at or locked.topic.gone_at or happened_date > timezone.localdate():
        raise EditNotAllowed(_("This cannot be confirmed."))
    if locked.topic.status != PostStatus.PUBLISHED or kind not in ConfirmationKind.values:
        raise EditNotAllowed(_("This cannot be confirmed."))
    try:
        with transaction.atomic():
            confirmation = Confirmation.objects.create(
                post=locked, kind=kind, happened_date=happened_date, user=actor, created_at=created_at or timezone.now()
            )
    except IntegrityError as error:
        raise AlreadyConfirmed(locked.public_id) from error
    if moves_validity(kind=kind, member=actor is not None, needs=locked.topic.needs):
        _move_validity(locked, confirmation)
    _count(locked, confirmation)
    return confirmation


def _move_validity(post: Post, confirmation: Confirmation) -> None:
    """A "worked for me" renews from its day on; a "no longer true" makes the statement "to be confirmed" from its day on."""
    version = post.live_version
    assert version is not None  # noqa: S101 - a constraint of the table
    moment = happened_at(confirmation.happened_date, confirmation.created_at)
    if confirmation.kind == ConfirmationKind.WORKED:
        known_until = post.last_confirmed_at or post.published_at
        if known_until is not None and moment <= known_until:
            return
        post.last_confirmed_at = moment
        set_validity(post, version, post.topic.needs)
    elif post.check_from is None or moment < post.check_from:
        post.check_from = moment
        post.stale_from = moment + life_of(version.kind, post.topic.needs)
    post.save(update_fields=["last_confirmed_at", "check_from", "stale_from"])


def _adds(confirmation: Confirmation) -> bool:
    """Say whether a word raises a counter: each of a member, of visitors the first alone. Five hundred addresses are one person (TRUST.md)."""
    if confirmation.user_id is not None:
        return True
    others = Confirmation.objects.filter(post_id=confirmation.post_id, kind=confirmation.kind, user__isnull=True)
    return not others.exclude(pk=confirmation.pk).exists()


def _count(post: Post, confirmation: Confirmation) -> None:
    """Raise the counters that the topic shows, copy the dates, tell who listens."""
    topic = post.topic
    answer = accepted_answer(topic)
    if post.is_first or (answer and answer.pk == post.pk):
        more = int(_adds(confirmation))
        if confirmation.kind == ConfirmationKind.WORKED:
            topic.worked_count += more
        else:
            topic.not_true_count += more
        topic.save(update_fields=["worked_count", "not_true_count"])
        if answer and not post.is_first:
            topic.answer = post
        refresh_dates(topic, post if post.is_first else Post.objects.get(topic=topic, is_first=True))
    touch(topic)
    raise_generation()
    content_edited.send(sender=Post, post=post)


@transaction.atomic
def accept_answer(*, actor: User, answer: Post) -> Topic:
    """Mark the reply that answered one's own question. Raises EditNotAllowed for others, or when the reply is not public."""
    locked = _locked(answer)
    topic = locked.topic
    if topic.author_id != actor.pk or topic.kind != Kind.QUESTION or locked.is_first or locked.status != PostStatus.PUBLISHED:
        raise EditNotAllowed(_("Only the person who asked chooses the answer."))
    if topic.status != PostStatus.PUBLISHED or topic.gone_at or locked.gone_at:
        raise EditNotAllowed(_("Only the person who asked chooses the answer."))
    topic.answer = locked
    topic.save(update_fields=["answer"])
    refresh_dates(topic, Post.objects.get(topic=topic, is_first=True))
    touch(topic)
    raise_generation()
    content_edited.send(sender=Post, post=locked)
    return topic
