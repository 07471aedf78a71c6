"""Who may read, answer, change and withdraw: each rule as a check and as its queryset twin, which a test proves equal."""

from datetime import timedelta
from typing import TypedDict

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Actor, Allowed, Denied, Verdict, has_role, is_staff_member
from crisis.enums import VisibilityRegime
from forum.enums import EDITABLE_STATUSES, READABLE_STATUSES, WITHDRAWABLE_STATUSES, Kind, PostStatus
from forum.models import Post, Topic
from forum.querysets import PostQuerySet, TopicQuerySet, visible_regimes
from forum.visibility import STRICTNESS, known_restrictions, strictest

# May answer in the ministry's name, signed by function (PRODUCT.md, "The official word has one home").
OFFICIAL_ROLES = (Role.EMBASSY, Role.DUTY_OFFICER, Role.CRISIS_EDITOR, Role.SPOKESPERSON)


# New texts of one account in an hour (drafts count): far above what a person types, far below what a program sends. Edits are not counted.
POSTS_PER_HOUR = 20
POSTS_WINDOW = timedelta(hours=1)


class Standing(TypedDict):
    """What `visible_to` asks of a reader."""

    member: bool
    staff: bool


def standing(user: Actor) -> Standing:
    """Return the standing of a reader. No query for a visitor without an account."""
    member = isinstance(user, User) and user.is_active
    return {"member": member, "staff": member and is_staff_member(user)}


def effective_visibility(topic: Topic) -> str:
    """Return the stricter of what is stored and what the open crises ask for now (an archived topic's row is not rewritten)."""
    return max(topic.visibility, strictest(known_restrictions(), topic.country_codes), key=STRICTNESS.index)


def can_read(user: Actor, topic: Topic) -> Verdict:
    """Say whether `user` may read a topic: published or archived, and open to readers of this standing."""
    if topic.status not in READABLE_STATUSES:
        return Denied(_("This is not public."))
    if effective_visibility(topic) not in visible_regimes(**standing(user)):
        return Denied(_("During this crisis only some people may read this."))
    return Allowed()


def readable_by(user: Actor) -> TopicQuerySet:
    """Return the topics that `can_read` allows: its queryset twin, while the stored visibility is up to date."""
    topics: TopicQuerySet = Topic.objects.readable().visible_to(**standing(user))
    return topics


def can_reply(user: Actor, topic: Topic) -> Verdict:
    """Say whether `user` may answer in a topic."""
    if not isinstance(user, User) or not user.is_active:
        return Denied(_("Sign in first."))
    if topic.status != PostStatus.PUBLISHED or topic.gone_at:
        return Denied(_("This topic is closed."))
    return can_read(user, topic)


def replyable_by(user: Actor) -> TopicQuerySet:
    """Return the topics that `can_reply` allows: its queryset twin."""
    if not isinstance(user, User) or not user.is_active:
        none: TopicQuerySet = Topic.objects.none()
        return none
    open_topics: TopicQuerySet = Topic.objects.published().visible_to(**standing(user)).filter(gone_at__isnull=True)
    return open_topics


def can_post_now(user: User) -> Verdict:
    """Say whether `user` may send one more new text within the hour. One query on an index, bounded by the limit."""
    lately = Post.objects.by(user).filter(created_at__gt=timezone.now() - POSTS_WINDOW).order_by("-created_at", "-pk").values("pk")
    if len(lately[:POSTS_PER_HOUR]) < POSTS_PER_HOUR:
        return Allowed()
    return Denied(_("You sent many texts within an hour. Keep this one here, and send it a little later."))


def can_answer_officially(user: Actor, topic: Topic) -> Verdict:
    """Say whether `user` may answer in the ministry's name: embassy staff about their own countries, the crisis team about all."""
    if has_role(user, Role.DUTY_OFFICER, Role.CRISIS_EDITOR, Role.SPOKESPERSON):
        return Allowed()
    if any(has_role(user, Role.EMBASSY, country=code) for code in topic.country_codes):
        return Allowed()
    return Denied(_("You may not answer officially about this country."))


def _of_author(user: Actor, post: Post, statuses: frozenset[PostStatus], reason: object) -> Verdict:
    if not isinstance(user, User) or not user.is_active or post.author_id != user.pk:
        return Denied(_("Only its author may do this."))
    return Allowed() if post.status in statuses else Denied(reason)


def _posts_of(user: Actor, statuses: frozenset[PostStatus]) -> PostQuerySet:
    posts: PostQuerySet = Post.objects.none()
    if isinstance(user, User) and user.is_active:
        posts = Post.objects.by(user).filter(status__in=sorted(statuses))
    return posts


def can_edit(user: Actor, post: Post) -> Verdict:
    """Say whether `user` may change the text of a post. A tombstone stays as it is."""
    verdict = _of_author(user, post, EDITABLE_STATUSES, _("This text can no longer be changed."))
    return Denied(_("This text can no longer be changed.")) if verdict and post.gone_at else verdict


def editable_by(user: Actor) -> PostQuerySet:
    """Return the posts that `can_edit` allows: its queryset twin."""
    return _posts_of(user, EDITABLE_STATUSES).filter(gone_at__isnull=True)


def can_withdraw(user: Actor, post: Post) -> Verdict:
    """Say whether `user` may take a post back."""
    return _of_author(user, post, WITHDRAWABLE_STATUSES, _("This text can no longer be withdrawn."))


def withdrawable_by(user: Actor) -> PostQuerySet:
    """Return the posts that `can_withdraw` allows: its queryset twin."""
    return _posts_of(user, WITHDRAWABLE_STATUSES)


def can_confirm(topic: Topic) -> Verdict:
    """Say whether readers may say "worked for me" of what a topic shows: a tip, an offer, or the accepted answer of a question."""
    if topic.status != PostStatus.PUBLISHED or topic.gone_at:
        return Denied(_("This cannot be confirmed."))
    if topic.kind == Kind.QUESTION and topic.answer_id is None:
        return Denied(_("This question has no answer yet."))
    return Allowed()


def confirmable() -> TopicQuerySet:
    """Return the topics that `can_confirm` allows: its queryset twin."""
    topics: TopicQuerySet = Topic.objects.published().filter(gone_at__isnull=True).exclude(Q(kind=Kind.QUESTION) & Q(answer__isnull=True))
    return topics


def is_restricted_to_members(topic: Topic) -> bool:
    """Say whether signing in would be enough to read."""
    return effective_visibility(topic) == VisibilityRegime.MEMBERS
