"""Opens, moves and closes review items as texts are submitted and withdrawn. At most one undecided item per thing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import ProfileVersion, User
from forum.enums import PostStatus
from forum.models import Post, PostVersion
from moderation.enums import Action, FindingCode, ItemState, Priority, SubjectKind
from moderation.models import ReviewItem
from moderation.screening import Finding, screen_post, screen_profile
from moderation.services.records import write_decision
from moderation.subjects import subject_of

# Response targets (MODERATION.md): threat to life 5 minutes, a tip 2 hours by day and 4 by night.
TARGET_LIFE = timedelta(minutes=5)
TARGET_DAY = timedelta(hours=2)
TARGET_NIGHT = timedelta(hours=4)
DAY_HOURS = range(7, 22)


def priority_of(findings: Sequence[Finding]) -> str:
    """Return the place in the queue that findings give."""
    if any(finding.code == FindingCode.THREAT_TO_LIFE for finding in findings):
        return Priority.LIFE
    return Priority.RISK if any(finding.severity >= 2 for finding in findings) else Priority.NORMAL


def target_of(priority: str, opened_at: datetime) -> datetime:
    """Return until when somebody should have decided."""
    if priority == Priority.LIFE:
        return opened_at + TARGET_LIFE
    return opened_at + (TARGET_DAY if timezone.localtime(opened_at).hour in DAY_HOURS else TARGET_NIGHT)


def _start(item: ReviewItem, findings: Sequence[Finding], now: datetime) -> None:
    """Set whose turn it is, how urgent, and since when.

    An edit while the text waits keeps its place: neither does it go to the end, nor does the author gain or lose time by it, except
    that a threat to life always has its five minutes from now. A text that comes back from its author waits from now.
    """
    waits = item.pk is not None and item.state == ItemState.OPEN
    item.state = ItemState.OPEN
    item.priority, item.findings = priority_of(findings), [finding.as_json() for finding in findings]
    target = target_of(item.priority, now)
    if waits:
        item.revision += 1
        item.target_at = min(item.target_at, target)
    else:
        item.revision += 1 if item.pk else 0
        item.opened_at, item.target_at = now, target


def open_item(*, post: Post, version: PostVersion, submitted_at: datetime | None = None) -> ReviewItem:
    """Open an item for a submitted text, or move the undecided one to it and raise its revision."""
    countries, needs = _desk_of(post, version)
    findings = screen_post(post, version, countries)
    # The first version of a post can have no item yet: one query less for every reply.
    item = None if version.number == 1 else ReviewItem.objects.undecided().select_for_update(of=("self",)).filter(post=post).first()
    if item is None:
        item = ReviewItem(subject=SubjectKind.POST, post=post, realm=post.topic.realm, author_id=post.author_id)
    _start(item, findings, submitted_at or timezone.now())
    item.version, item.language = version, version.language
    item.country_id, item.kind, item.need = next(iter(countries), None), version.kind, next(iter(needs), "")
    item.is_edit = post.status == PostStatus.PUBLISHED
    item.save()
    return item


def _desk_of(post: Post, version: PostVersion) -> tuple[list[str], list[str]]:
    """Return countries and needs of a text: its own, or for a reply those of its topic, which everybody sees already."""
    if post.is_first:
        return [row.country_id for row in version.country_rows.all()], [row.need for row in version.need_rows.all()]
    return list(post.topic.country_codes), list(post.topic.needs)


def open_profile_item(*, version: ProfileVersion) -> ReviewItem:
    """Open an item for a proposed profile, or move the person's undecided one to it: one proposal waits at a time."""
    person: User = version.user
    undecided = ReviewItem.objects.undecided().select_for_update(of=("self",)).filter(subject=SubjectKind.PROFILE, author=person)
    item: ReviewItem = undecided.first() or ReviewItem(subject=SubjectKind.PROFILE, author=person)
    _start(item, screen_profile(version), timezone.now())
    item.profile, item.country_id, item.language = version, person.country_id, version.language
    item.save()
    return item


def _close(item: ReviewItem, from_status: str) -> None:
    write_decision(
        item=item,
        actor=item.author,
        action=Action.WITHDRAW,
        from_status=from_status,
        to_status=PostStatus.WITHDRAWN,
        snapshot=subject_of(item).snapshot(),
    )
    item.state, item.decided_at, item.escalated = ItemState.DECIDED, timezone.now(), False
    item.revision += 1
    item.save(update_fields=["state", "decided_at", "revision", "escalated"])


def _status_before(item: ReviewItem) -> str:
    """Return what the post was before its author withdrew it, as the item knows it."""
    if item.is_edit:
        return PostStatus.PUBLISHED
    return PostStatus.CHANGES_REQUESTED if item.state == ItemState.WITH_AUTHOR else PostStatus.PENDING


def close_withdrawn(*, post: Post) -> None:
    """Close the undecided item of a post that its author withdrew."""
    items = ReviewItem.objects.undecided().select_for_update(of=("self",))
    item = items.select_related("post__topic", "post__live_version", "version", "author").filter(post=post).first()
    if item is not None:
        _close(item, _status_before(item))


def withdraw_profile_item(*, user: User) -> None:
    """Close the undecided item of a proposal that its person took back."""
    items = ReviewItem.objects.undecided().select_for_update(of=("self",)).select_related("profile__user", "author")
    for item in items.filter(subject=SubjectKind.PROFILE, author=user).order_by("pk"):
        _close(item, PostStatus.PENDING)
