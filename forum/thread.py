"""The posts under a topic as its page shows them: official answers, the accepted answer, one page of replies, words of readers by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BigIntegerField, BooleanField, CharField, Count, DateTimeField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from forum.enums import ConfirmationKind, PostStatus
from forum.models import Confirmation, Post
from forum.paging import Cursor, after, parse_cursor
from forum.prepared import Place, Prepared

REPLIES_A_PAGE = 20
# What a page shows of a post, its text and its author: half of a query's time goes into the columns that it names.
SHOWN = (
    *("public_id", "topic", "author", "live_version", "is_first", "status", "signed_as", "created_at", "published_at", "gone_at"),
    *("live_version__html", "live_version__language", "live_version__number", "live_version__created_at"),
    *("author__pseudonym", "author__member_code", "author__archive_source"),
)
MOST_OFFICIAL = 10
DAYS_SHOWN = 4
DAYS_READ = timedelta(days=30)


@dataclass(slots=True)
class Day:
    """What readers said of one day; visitors without an account are counted apart."""

    day: date
    worked: int = 0
    not_true: int = 0
    visitors: int = 0


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything under the first post."""

    official: list[Post]
    answer: Post | None
    replies: list[Post]
    next_page: str
    is_first_page: bool
    days: list[Day] = field(default_factory=list)


TOPIC = Place("topic", BigIntegerField())
ANSWER = Place("answer", BigIntegerField())


def _under_topic() -> QuerySet[Post]:
    posts = Post.objects.filter(topic=TOPIC, is_first=False, status=PostStatus.PUBLISHED, live_version__isnull=False, gone_at__isnull=True)
    return posts.select_related("live_version", "author").only(*SHOWN).order_by("created_at", "pk")


def _apart(has_answer: bool) -> QuerySet[Post]:
    """What does not stand among the replies: official answers, and the answer that the author chose."""
    apart = ~Q(signed_as="") | Q(pk=ANSWER) if has_answer else ~Q(signed_as="")
    return _under_topic().filter(apart)[: MOST_OFFICIAL + 1]


def _replies(has_answer: bool, has_start: bool) -> QuerySet[Post]:
    replies = _under_topic().filter(signed_as="")
    if has_answer:
        replies = replies.exclude(pk=ANSWER)
    if has_start:
        start = Cursor(Place("moment", DateTimeField()), Place("public_id", CharField()))  # type: ignore[arg-type]
        replies = replies.filter(after(start, moment="created_at", tie="pk", rows=Post.objects.filter(topic=TOPIC), newest_first=False))
    return replies[: REPLIES_A_PAGE + 1]


def _days() -> QuerySet[Confirmation, tuple[date, str, bool, int]]:
    words = Confirmation.objects.filter(post=Place("post", BigIntegerField()), created_at__gte=Place("since", DateTimeField()))
    words = words.annotate(visitor=ExpressionWrapper(Q(user__isnull=True), output_field=BooleanField()))
    return words.values_list("happened_date", "kind", "visitor").annotate(count=Count("pk")).order_by("happened_date")


APART, REPLIES, DAYS = Prepared(_apart), Prepared(_replies), Prepared(_days)


def read_thread(first: Post, *, cursor: str = "") -> Thread:
    """Read what stands under the first post of a topic in three queries, whatever its number. Raises BadCursor."""
    topic = first.topic
    start = parse_cursor(cursor) if cursor else None
    has_answer = topic.answer_id is not None
    values = {"topic": topic.pk, "answer": topic.answer_id}
    apart = APART(has_answer, **values)
    begin = {"moment": start.moment, "public_id": start.public_id} if start else {}
    page = REPLIES(has_answer, start is not None, **values, **begin)
    last = page[REPLIES_A_PAGE - 1] if len(page) > REPLIES_A_PAGE else None
    return Thread(
        official=[post for post in apart if post.signed_as and post.pk != topic.answer_id],
        answer=next((post for post in apart if post.pk == topic.answer_id), None),
        replies=page[:REPLIES_A_PAGE],
        next_page=str(Cursor(last.created_at, last.public_id)) if last else "",
        is_first_page=start is None,
        days=read_days(topic.answer_id or first.pk) if start is None else [],
    )


def read_days(post_id: int) -> list[Day]:
    """Return what readers said of a post on the last days that somebody spoke of, oldest first; one query."""
    return _by_day(DAYS(post=post_id, since=timezone.now() - DAYS_READ))[-DAYS_SHOWN:]


def _by_day(rows: Iterable[tuple[date, str, bool, int]]) -> list[Day]:
    days: dict[date, Day] = {}
    for happened, kind, visitor, count in rows:
        entry = days.setdefault(happened, Day(happened))
        if visitor:
            entry.visitors += count
        if kind == ConfirmationKind.WORKED:
            entry.worked += count
        else:
            entry.not_true += count
    return [days[happened] for happened in sorted(days)]
