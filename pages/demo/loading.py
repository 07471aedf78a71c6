"""Puts the demonstration together, in one transaction, and takes it out again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.enums import Realm
from accounts.models import AccountEvent, ProfileVersion, User
from crisis.publication import raise_generation
from forum.models import ForumTag, Topic
from moderation.services.realms import remove_realm
from notifications.services.intents import cancel_waiting
from notifications.tasks import deliver
from pages.demo.content import DOMAIN, content_digest, read_content
from pages.demo.crises import close_ended, load_crises, load_notices
from pages.demo.deciding import Desk
from pages.demo.mark import DemoMark
from pages.demo.people import give_sign_ins, load_people, load_staff, sign_ins_missing
from pages.demo.signins import forget_sign_ins
from pages.demo.topics import Loader, load_tags


class DatabaseInUse(Exception):
    """The database has people or content that the demonstration did not make: it must not become a demonstration."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done: `fresh` False means that everything was there already."""

    fresh: bool
    people: int = 0
    topics: int = 0
    posts: int = 0
    notices: int = 0


def mark_database(*, now: datetime | None = None) -> DemoMark:
    """Mark an unused database as the demonstration's. Raises DatabaseInUse; a second call returns the mark."""
    mark = DemoMark.objects.filter(pk=1).first()
    if mark is not None:
        return mark
    if User.objects.filter(is_system=False).exists() or Topic.objects.exists():
        raise DatabaseInUse
    return DemoMark.objects.create(pk=1, made_at=now or timezone.now())


def _waiting_jobs() -> set[UUID]:
    return set(DBTaskResult.objects.filter(status="READY").values_list("pk", flat=True))


def _drop_needless_jobs(before: set[UUID]) -> None:
    """Keep one job for each row that the load changed, the one of its last revision, and none for mails that nobody gets."""
    newest: dict[tuple[str, int], tuple[int, UUID]] = {}
    jobs = DBTaskResult.objects.exclude(pk__in=before).filter(status="READY")
    jobs.filter(task_path=deliver.module_path).delete()
    for pk, path, arguments in jobs.values_list("pk", "task_path", "args_kwargs"):
        row, revision = [*arguments["args"], 0, 0][:2]
        newest[path, row] = max(newest.get((path, row), (-1, pk)), (revision, pk), key=lambda kept: kept[0])
    jobs.exclude(pk__in=[pk for _revision, pk in newest.values()]).delete()
    # They were queued in the past: the health page would call the queue late.
    jobs.update(enqueued_at=timezone.now())


@transaction.atomic
def load_demo(*, now: datetime | None = None) -> Loaded:
    """Load everything, dated back from `now`; where this release's content is loaded already, only see to the sign-ins.

    Raises DatabaseInUse, and then nothing was written. Content of another release is taken out first.
    """
    now = now or timezone.now()
    mark, content = mark_database(now=now), read_content()
    if mark.content == content_digest():
        if sign_ins_missing(content):
            give_sign_ins(content)
        return Loaded(fresh=False)
    if mark.content:
        remove_demo()
    before = _waiting_jobs()
    load_tags(content)
    staff = load_staff(content, now=now)
    desk = Desk(staff)
    people = load_people(content, desk, now=now)
    crises = load_crises(content, staff, now=now)
    notices = load_notices(content, crises, staff, now=now)
    loader = Loader(people=people, crises=crises, desk=desk, now=now)
    posts = loader.load(content)
    close_ended(content, crises, staff, now=now)
    # These decisions are part of the story: nobody waits for their mails. Those that visitors take are mailed.
    cancel_waiting(decision_refs=[decision.public_id for decision in desk.decisions])
    _drop_needless_jobs(before)
    give_sign_ins(content)
    DemoMark.objects.filter(pk=1).update(content=content_digest(), loaded_at=now)
    raise_generation()
    return Loaded(fresh=True, people=len(people) + len(staff), topics=len(content.topics), posts=posts, notices=notices)


@transaction.atomic
def remove_demo() -> dict[str, int]:
    """Take out all content of the demonstration and its people; return counts. What visitors wrote as themselves stays."""
    removed = remove_realm(realm=Realm.DEMO)
    people = User.objects.filter(email__endswith=f"@{DOMAIN}")
    gone, kept = 0, 0
    for user in people.order_by("pk"):
        if _is_needed(user):
            kept += 1
            continue
        # The record of accounts is append-only for people; these are none.
        QuerySet(AccountEvent).filter(user=user).delete()
        ProfileVersion.objects.filter(user=user).delete()
        user.delete()
        gone += 1
    ForumTag.objects.filter(tagged_versions__isnull=True).delete()
    forget_sign_ins()
    DemoMark.objects.filter(pk=1).update(content="", loaded_at=None)
    return removed | {"User": gone, "UserKept": kept}


def _is_needed(user: User) -> bool:
    """Say whether something outside the demonstration hangs on a person of it: a visitor wrote or decided under that sign-in."""
    return user.topics.exists() or user.posts.exists()
