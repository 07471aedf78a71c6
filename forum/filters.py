"""What a list was asked for: the parameters of an address, checked against closed lists before the database is asked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import Language
from countries import directory
from forum.enums import Kind, Need, Validity
from forum.models import ForumListing, Topic
from forum.paging import BadCursor, Cursor, after, parse_cursor
from forum.prepared import Place, Prepared
from forum.querysets import ListingQuerySet

# What the line of a phone on EDGE carries in a second (docs/performance.md).
PAGE_SIZE = 15
NEWEST, CONFIRMED = "newest", "confirmed"
SORTS = {NEWEST: _("Newest first"), CONFIRMED: _("Last confirmed first")}
SINCE = re.compile(r"([1-9][0-9]{0,2})([hd])")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
PARAMETERS = ("country", "need", "kind", "language", "state", "since", "sort", "page")


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """A checked request for topics; an empty field means any. `errors` ties what was wrong to its parameter."""

    country: str = ""
    need: str = ""
    kind: str = ""
    language: str = ""
    state: str = ""
    since: str = ""
    sort: str = NEWEST
    cursor: Cursor | None = None
    errors: dict[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """The column of the order, on which `since` and the cursor are ranges."""
        return "confirmed_at" if self.sort == CONFIRMED else "newest_at"

    @property
    def chosen(self) -> dict[str, str]:
        """Return the filters that are set, without order and page."""
        names = ("country", "need", "kind", "language", "state", "since")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def since_words(self) -> str:
        """Return how far back the list goes, in words: "Last 7 days"."""
        found = SINCE.fullmatch(self.since)
        if found is None:
            return ""
        count = int(found[1])
        words = ngettext("Last hour", "Last %(n)d hours", count) if found[2] == "h" else ngettext("Last day", "Last %(n)d days", count)
        return words % {"n": count}

    def rows(self, *, member: bool = False, staff: bool = False, now: datetime | None = None) -> ListingQuerySet:
        """Return the list rows asked for, in order, of what a reader of this standing may see."""
        return _rows(self._shape(), member, staff, self._values(now or timezone.now()))

    def page(self, *, member: bool = False, staff: bool = False) -> list[ForumListing]:
        """Return a page of these rows, and one row more when another page follows. One query."""
        return PAGE(self._shape(), member, staff, **self._values(timezone.now()))

    def _shape(self) -> "_Shape":
        return _Shape(bool(self.kind), bool(self.language), bool(self.since), bool(self.cursor), self.state, self.column)

    def _values(self, now: datetime) -> dict[str, Any]:
        values = {"country": self.country, "need": self.need, "kind": self.kind, "language": self.language, "now": now}
        if self.since:
            values["since"] = now - _span(self.since)
        if self.cursor:
            values |= {"moment": self.cursor.moment, "public_id": self.cursor.public_id}
        return values

    def cursor_after(self, row: ForumListing) -> str:
        """Return the cursor of the page that follows `row`."""
        return str(Cursor(getattr(row, self.column), row.topic.public_id))


class _Shape(NamedTuple):
    """What the statement of a filter depends on: which parts are set, not to what."""

    kind: bool
    language: bool
    since: bool
    cursor: bool
    state: str
    column: str


PLACES: dict[str, Any] = {
    **{name: Place(name, CharField()) for name in ("country", "need", "kind", "language", "public_id")},
    **{name: Place(name, DateTimeField()) for name in ("now", "since", "moment")},
}


def _rows(shape: _Shape, member: bool, staff: bool, values: Mapping[str, Any]) -> ListingQuerySet:
    rows: ListingQuerySet = ForumListing.objects.for_filters(
        country=values["country"],
        need=values["need"],
        kind=values["kind"] if shape.kind else "",
        language=values["language"] if shape.language else "",
    ).visible_to(member=member, staff=staff)
    if shape.state:
        rows = rows.in_state(shape.state, now=values["now"])
    if shape.since:
        rows = rows.filter(**{f"{shape.column}__gte": values["since"]})
    if shape.cursor:
        cursor = Cursor(values["moment"], values["public_id"])
        rows = rows.filter(after(cursor, moment=shape.column, tie="topic_id", rows=Topic.objects.all(), newest_first=True))
    return rows.order_by(f"-{shape.column}", "-topic_id").select_related("topic")


def _page(shape: _Shape, member: bool, staff: bool) -> ListingQuerySet:
    return _rows(shape, member, staff, PLACES).with_topics()[: PAGE_SIZE + 1]


PAGE = Prepared(_page)


def _span(text: str) -> timedelta:
    found = SINCE.fullmatch(text)
    assert found is not None  # noqa: S101 - checked when it was read
    return timedelta(**{"hours" if found[2] == "h" else "days": int(found[1])})


def _country(value: str) -> str:
    code = value.upper()
    return code if directory.known(code) else ""


def _one_of(values: Any) -> Callable[[str], str]:
    return lambda value: value if value in values else ""


CHECKS: dict[str, tuple[Callable[[str], str], Any]] = {
    "country": (_country, _("We do not know this country. Choose one from the list.")),
    "need": (_one_of(Need.values), _("We do not know this need. Choose one from the list.")),
    "kind": (_one_of(Kind.values), _("Choose tips, offers or questions.")),
    "language": (lambda v: v if v in Language.values or LANGUAGE_CODE.fullmatch(v) else "", _("We do not know this language.")),
    "state": (_one_of(Validity.values), _("Choose one of the four states.")),
    "since": (lambda v: v if SINCE.fullmatch(v) else "", _("Write a time as 24h or 7d.")),
    "sort": (_one_of(SORTS), _("Choose an order from the list.")),
}


def read_filter(parameters: Mapping[str, str]) -> TopicFilter:
    """Return the filter that an address asks for. What is wrong is left out and named in `errors`; nothing is guessed."""
    values: dict[str, str] = {}
    errors: dict[str, Any] = {}
    for name, (check, message) in CHECKS.items():
        typed = parameters.get(name, "").strip()
        if not typed:
            continue
        if checked := check(typed[:40]):
            values[name] = checked
        else:
            errors[name] = message
    cursor = None
    if page := parameters.get("page", ""):
        try:
            cursor = parse_cursor(page[:40])
        except BadCursor:
            errors["page"] = _("This page of the list does not exist. Start again from the first one.")
    return TopicFilter(**values, cursor=cursor, errors=errors)
