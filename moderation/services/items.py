"""Opens, moves and closes review items as texts are submitted and withdrawn. At most one undecided item per thing."""

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


def priority_of(findings: list[Finding]) -> str:
    """Return the place in the queue that findings give."""
    codes = {finding.code for finding in findings}
    if FindingCode.THREAT_TO_LIFE in codes:
        return Priority.LIFE
    return Priority.RISK if any(finding.severity >= 2 for finding in findings) else Priority.NORMAL


def target_of(priority: str, opened_at: datetime) -> datetime:
    """Return until when somebody should have decided."""
    if priority == Priority.LIFE:
        return opened_at + TARGET_LIFE
    return opened_at + (TARGET_DAY if timezone.localtime(opened_at).hour in DAY_HOURS else TARGET_NIGHT)


def open_item(*, post: Post, version: PostVersion, submitted_at: datetime | None = None) -> ReviewItem:
    """Open an item for a submitted text, or move the undecided one to it and raise its revision."""
    findings = screen_post(post, version)
    countries = [row.country_id for row in version.country_rows.all()]
    if not post.is_first:
        countries = countries or list(post.topic.country_codes)
    needs = [row.need for row in version.need_rows.all()]
    now = submitted_at or timezone.now()
    priority = priority_of(findings)
    item = ReviewItem.objects.undecided().select_for_update(of=("self",)).filter(post=post).first()
    if item is None:
        item = ReviewItem(subject=SubjectKind.POST, post=post, realm=post.topic.realm, author_id=post.author_id, opened_at=now)
    else:
        item.revision += 1
    item.version, item.state = version, ItemState.OPEN
    item.country_id, item.language = (countries[0] if countries else None), version.language
    item.kind, item.need = version.kind, (needs[0] if needs else "")
    item.priority, item.target_at = priority, target_of(priority, now)
    item.findings = [finding.as_json() for finding in findings]
    item.is_edit = post.status == PostStatus.PUBLISHED
    item.save()
    return item


def open_profile_item(*, version: ProfileVersion) -> ReviewItem:
    """Open an item for a proposed profile; an older undecided proposal of the person is closed as withdrawn."""
    withdraw_profile_item(user=version.user)
    findings = screen_profile(version)
    priority, now = priority_of(findings), timezone.now()
    return ReviewItem.objects.create(
        subject=SubjectKind.PROFILE,
        profile=version,
        author=version.user,
        country=version.user.country,
        language=version.language,
        priority=priority,
        opened_at=now,
        target_at=target_of(priority, now),
        findings=[finding.as_json() for finding in findings],
    )


def _close(item: ReviewItem, actor: User, from_status: str) -> None:
    write_decision(
        item=item,
        actor=actor,
        action=Action.WITHDRAW,
        from_status=from_status,
        to_status=PostStatus.WITHDRAWN,
        snapshot=subject_of(item).snapshot(),
    )
    item.state, item.decided_at = ItemState.DECIDED, timezone.now()
    item.revision += 1
    item.save(update_fields=["state", "decided_at", "revision"])


def close_withdrawn(*, post: Post) -> None:
    """Close the undecided item of a post that its author withdrew."""
    item = ReviewItem.objects.undecided().select_for_update(of=("self",)).select_related("post", "version").filter(post=post).first()
    if item is not None:
        _close(item, post.author, PostStatus.PENDING)


def withdraw_profile_item(*, user: User) -> None:
    """Close the undecided items of a person's proposals."""
    items = ReviewItem.objects.undecided().select_for_update(of=("self",)).select_related("profile", "profile__user")
    for item in items.filter(profile__user=user).order_by("pk"):
        _close(item, user, PostStatus.PENDING)
