"""What waits for a moderator: filters, order, pages by key, and the figures above the list. No COUNT on a growing table, no OFFSET."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from accounts.enums import Language, Realm
from accounts.permissions import Actor
from countries import directory
from forum.enums import Kind, Need
from forum.language import UNDETERMINED
from moderation.enums import ItemState, Priority
from moderation.marks import label_of
from moderation.models import ReviewItem
from moderation.permissions import reviewable_by
from moderation.querysets import ReviewItemQuerySet
from moderation.waiting import Waiting, duration_words, waiting_of

PAGE = 25
UPCOMING = 3
# Figures stop here: "99+" says enough, and the database need not count a hundred thousand rows for it.
CAP = 99
AGES = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": timedelta(days=1)}
# Where a page that counted leaves the figure for the menu.
WAITING = "moderation_waiting"
# Columns that a row shows; the texts themselves stay in the database.
HEAVY = ("version__body", "version__html", "profile__about")


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a list shows it."""

    item: ReviewItem
    title: str
    language: str
    waiting: Waiting
    marks: list[tuple[str, str]]
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above the list; numbers are capped at `CAP` + 1."""

    waiting: int
    late: int
    oldest: str

    @staticmethod
    def shown(number: int) -> str:
        """Return a capped number in words."""
        return f"{CAP}+" if number > CAP else str(number)


def filtered(items: ReviewItemQuerySet, chosen: Mapping[str, Any], now: datetime) -> ReviewItemQuerySet:
    """Return the items that all chosen filters allow; empty values allow everything."""
    for field in ("language", "kind", "need", "subject", "priority"):
        if value := chosen.get(field):
            items = items.filter(**{field: value})
    if country := chosen.get("country"):
        items = items.filter(country_id=None if country == "-" else country)
    age = chosen.get("age")
    if age == "late":
        items = items.filter(target_at__lt=now)
    elif age:
        items = items.filter(opened_at__lte=now - AGES[age])
    return items


def page_of(user: Actor, chosen: Mapping[str, Any], *, after: str = "", now: datetime | None = None) -> tuple[list[ReviewItem], str]:
    """Return one page of items in order and the key of the next page ("" on the last). An unknown key begins again."""
    now = now or timezone.now()
    items = reviewable_by(user).filter(state=chosen.get("state") or ItemState.OPEN)
    items = filtered(items, chosen, now).in_order()
    place = ReviewItem.objects.filter(public_id=after).values_list("priority", "opened_at", "pk").first() if after else None
    if place:
        items = items.behind(*place)
    found = list(_shown(items)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""


def _shown(items: ReviewItemQuerySet) -> ReviewItemQuerySet:
    """Load what a row shows, without the texts."""
    return items.select_related("version", "profile", "post__topic").defer(*HEAVY)


def desk_head(user: Actor) -> list[ReviewItem]:
    """Return the first items of the user's desks, at most CAP + 1: the number for the menu and, mostly, what comes next."""
    return list(_shown(reviewable_by(user).waiting().in_order())[: CAP + 1])


def upcoming(user: Actor, item: ReviewItem, head: list[ReviewItem] | None = None) -> list[ReviewItem]:
    """Return the items after this one in the order of the user's desks; at the end it begins again. Own texts are left out.

    With `head` (from `desk_head`) the database is asked again only when it ended before three were found.
    """
    head = desk_head(user) if head is None else head
    me, place = getattr(user, "pk", None), (item.priority, item.opened_at, item.pk)
    others = [other for other in head if other.pk != item.pk and other.author_id != me]
    found = [other for other in others if (other.priority, other.opened_at, other.pk) > place][:UPCOMING]
    if len(found) < UPCOMING and len(head) > CAP:
        behind = reviewable_by(user).waiting().exclude(author_id=me).in_order().behind(*place)
        found = list(_shown(behind)[:UPCOMING])
    return found or others[:UPCOMING]


def waiting_count(user: Actor) -> int:
    """Return how many items wait on the user's desks, at most CAP + 1."""
    return reviewable_by(user).waiting()[: CAP + 1].count()


def figures(user: Actor, now: datetime) -> Figures:
    """Return the figures of the user's desks in one query; the oldest is exact: the smallest moment, not that of some row of the page."""
    items = reviewable_by(user).waiting()
    oldest = items.order_by("opened_at").values("opened_at")[:1]
    first = items.in_order().annotate(oldest=Subquery(oldest))[: CAP + 1]
    counted = first.aggregate(waiting=Count("pk"), late=Count("pk", filter=Q(target_at__lt=now)), since=Max("oldest"))
    return Figures(counted["waiting"], counted["late"], duration_words(now - counted["since"]) if counted["since"] else "")


def title_of(item: ReviewItem) -> tuple[str, str]:
    """Return (title, its language): of a reply that of its topic, of a profile the proposed name."""
    if item.profile is not None:
        return gettext("Profile: %(name)s") % {"name": item.profile.pseudonym}, ""
    assert item.post is not None and item.version is not None  # noqa: S101, PT018 - a constraint of the table
    if item.version.title:
        return item.version.title, item.language
    return gettext("Reply to “%(title)s”") % {"title": item.post.topic.title or item.post.topic.public_id}, ""


def language_name(code: str) -> str:
    """Return the name of a language in itself; one outside the four is named by its code, an unknown one says so."""
    if code in Language.values:
        return str(Language(code).label)
    return gettext("language not certain") if code == UNDETERMINED else gettext("language: %(code)s") % {"code": code}


def facts_of(item: ReviewItem, language: str) -> list[str]:
    """Return what an item is about, in words: kind, countries, need, language, and whether it changes a public text."""
    facts = [str(Kind(item.kind).label)] if item.kind else []
    facts.append(directory.name(item.country_id, language) if item.country_id and directory.known(item.country_id) else gettext("no country"))
    if item.need:
        facts.append(str(Need(item.need).label))
    facts.append(language_name(item.language))
    if item.is_edit:
        facts.append(gettext("change of a public text"))
    if item.realm == Realm.PRACTICE:
        facts.append(str(Realm.PRACTICE.label))
    if item.escalated:
        facts.append(gettext("passed on"))
    return facts


def marks_of(findings: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return (severity class, label) of each sort of finding, gravest first, each once."""
    ordered = sorted(findings, key=lambda finding: -int(finding.get("severity", 1)))
    levels = {3: "urgent", 2: "risk"}
    found = {label_of(f["code"], f.get("detail", "")): levels.get(f.get("severity", 1), "remark") for f in ordered}
    return [(level, label) for label, level in found.items()]


def rows_of(items: Iterable[ReviewItem], language: str, now: datetime) -> list[Row]:
    """Return items as a list shows them."""
    rows = []
    for item in items:
        title, spoken = title_of(item)
        marks = marks_of(item.findings)
        if item.priority == Priority.LIFE and not marks:
            marks = [("urgent", str(Priority.LIFE.label))]
        waiting = waiting_of(item.opened_at, item.target_at, item.decided_at or now)
        rows.append(Row(item, title, spoken, waiting, marks, facts_of(item, language)))
    return rows
