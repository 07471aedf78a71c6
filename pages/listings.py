"""What the home and country pages read of the forum: list rows with their topics, each an indexed range of fixed length."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Q, QuerySet, Subquery
from django.utils import timezone

from countries import directory
from forum.enums import Kind, Need, Validity
from forum.models import ForumListing
from forum.permissions import Standing
from forum.prepared import Place, Prepared

NEWEST = 30
PER_NEED = 3
MOST_TIPS = 16
SHORT = 3


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """The freshest tips about one need."""

    need: str
    rows: list[ForumListing]


EVERYBODY: Standing = {"member": False, "staff": False}
COUNTRY = Place("country", CharField())
CONFIRMED, NEWEST_FIRST = ("-confirmed_at", "-topic_id"), ("-newest_at", "-topic_id")


def _listed(kind: str, order: tuple[str, str], limit: int, member: bool, staff: bool) -> "QuerySet[ForumListing]":
    rows = ForumListing.objects.for_filters(country=COUNTRY, kind=kind).filter(gone_at__isnull=True)  # type: ignore[arg-type]
    if kind == Kind.QUESTION:
        rows = rows.filter(answered=False)
    return rows.visible_to(member=member, staff=staff).with_topics().order_by(*order)[:limit]


LISTED = Prepared(_listed)


def confirmed_tips(country: str = "", limit: int = SHORT, reader: Standing = EVERYBODY) -> list[ForumListing]:
    """Return the tips that were confirmed last. One query."""
    return LISTED(Kind.TIP, CONFIRMED, limit, reader["member"], reader["staff"], country=country)


def fresh_tips(limit: int, reader: Standing = EVERYBODY) -> list[ForumListing]:
    """Return tips that hold now, those confirmed last first; where none of the newest holds, the newest. One query of fixed length."""
    newest = confirmed_tips(limit=NEWEST, reader=reader)
    now = timezone.now()
    return ([row for row in newest if row.validity(now) == Validity.FRESH] or newest)[:limit]


def open_questions(country: str = "", limit: int = SHORT, reader: Standing = EVERYBODY) -> list[ForumListing]:
    """Return the newest questions without an accepted answer. One query."""
    return LISTED(Kind.QUESTION, NEWEST_FIRST, limit, reader["member"], reader["staff"], country=country)


def open_offers(country: str, limit: int = SHORT, reader: Standing = EVERYBODY) -> list[ForumListing]:
    """Return the newest offers of help. One query."""
    return LISTED(Kind.OFFER, NEWEST_FIRST, limit, reader["member"], reader["staff"], country=country)


def tips_by_need(country: str, reader: Standing = EVERYBODY) -> list[NeedGroup]:
    """Return the tips about a country by need, the need with the freshest word first.

    One query where a country has few tips. Where it has more than are read at once, the best tip of each need that is not among
    them takes one more: a need's only answer is never missing because others are newer."""
    rows = confirmed_tips(country, NEWEST, reader)
    groups: dict[str, list[ForumListing]] = {}
    for row in rows:
        need = row.topic.needs[0] if row.topic.needs else ""
        groups.setdefault(need, []).append(row)
    if len(rows) == NEWEST:
        for row in BEST_OF_EACH_NEED(reader["member"], reader["staff"], country=country):
            groups.setdefault(row.need, [row])
    return _within_a_page(groups)


def _within_a_page(groups: dict[str, list[ForumListing]]) -> list[NeedGroup]:
    """Return the best tip of every need, and of the first needs more while the page has room: `MOST_TIPS` are what EDGE carries."""
    room = max(0, MOST_TIPS - len(groups))
    shown = []
    for need, found in groups.items():
        more = min(PER_NEED, len(found), 1 + room) - 1
        room -= more
        shown.append(NeedGroup(need, found[: 1 + more]))
    return shown


def _best_of_each_need(member: bool, staff: bool) -> "QuerySet[ForumListing]":
    """The last confirmed tip of each need: an index look-up for each of them."""
    tips = ForumListing.objects.filter(gone_at__isnull=True).visible_to(member=member, staff=staff).order_by(*CONFIRMED)
    best = [Subquery(tips.for_filters(country=COUNTRY, need=need, kind=Kind.TIP).values("pk")[:1]) for need in Need.values]  # type: ignore[arg-type]
    return ForumListing.objects.filter(Q(pk__in=best)).with_topics().order_by(*CONFIRMED)


BEST_OF_EACH_NEED = Prepared(_best_of_each_need)


def by_name(codes: Iterable[str], language: str) -> list[directory.CountryEntry]:
    """Return countries sorted by their name in `language`; unknown codes are left out."""
    wanted = set(codes)
    return [entry for entry in directory.entries(language) if entry.code in wanted]
