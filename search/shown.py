"""What a page shows beside a hit, read from the database when it is shown: an index that lags behind never shows what is no longer public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from crisis.models import OfficialNotice, OfficialNoticeText
from forum.enums import Validity
from forum.models import Topic, ValidityDates
from search.documents import TOPIC, SearchDocument, document_key
from search.extensions import Presenter, source_of
from search.statements import fetch_rows

NOTICE = "notice"
NO_TEXT = Value("", output_field=CharField())
NO_NUMBER = Value(0, output_field=IntegerField())
# PostgreSQL needs the type of a null in a union.
NO_DATE = Cast(Value(None, output_field=DateTimeField()), DateTimeField())
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("title", "summary", "language", "kind", "signed_as", "gone_reason"), NO_TEXT),
    **dict.fromkeys(("revision", "reply_count", "worked_count"), NO_NUMBER),
    **dict.fromkeys(("confirmed_at", "check_from", "stale_from", "gone_at"), NO_DATE),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row that may be shown now. The fields stand in the order of `columns`."""

    source: str
    pk: int
    revision: int
    title: str
    summary: str
    language: str
    kind: str
    signed_as: str
    gone_reason: str
    reply_count: int
    worked_count: int
    confirmed_at: datetime | None
    check_from: datetime | None
    stale_from: datetime | None
    gone_at: datetime | None

    def validity(self, now: datetime | None = None) -> Validity:
        """The state at `now`, by the rule of the forum."""
        return ValidityDates.validity(self, now or timezone.now())  # type: ignore[arg-type]  # the one place of the rule reads only the dates


def columns(queryset: QuerySet[Any, Any], source: str, **named: Any) -> QuerySet[Any, Any]:
    """The rows of `queryset` in the form of `Shown`: `named` says what a column is (a field name or an expression); the others stay empty."""
    wanted = EMPTY | {"source": Value(source, output_field=CharField()), "pk": "pk"} | named
    return queryset.order_by().values_list(*(wanted[name] for name in Shown.__slots__))


def present_topics(pks: Sequence[int], visibilities: Sequence[str], language: str) -> QuerySet[Any, Any]:
    """The topics among `pks` that readers of these regimes may find now."""
    named = {name: name for name in ("revision", "title", "summary", "language", "kind", "gone_reason", "reply_count", "worked_count")}
    dates = {name: name for name in ("check_from", "stale_from", "gone_at")}
    topics = Topic.objects.searchable().filter(pk__in=pks, visibility__in=visibilities)
    return columns(topics, TOPIC, **named, **dates, confirmed_at=Coalesce("last_confirmed_at", "published_at"))


def present_notices(pks: Sequence[int], visibilities: Sequence[str], language: str) -> QuerySet[Any, Any]:
    """The official notices among `pks` that are published; they are for everybody. In `language` where the notice has it, else in French."""
    texts = OfficialNoticeText.objects.filter(notice=OuterRef("pk"), language=language)

    def worded(name: str) -> Coalesce:
        return Coalesce(Subquery(texts.values(name)[:1]), f"text_fr__{name}")

    notices = OfficialNotice.objects.published().filter(pk__in=pks)
    named = {"revision": "revision", "confirmed_at": "published_at"}
    return columns(notices, NOTICE, title=worded("title"), signed_as=worded("signed_as"), language=worded("language"), **named)


def shown_rows(documents: Iterable[SearchDocument], visibilities: Sequence[str], language: str) -> dict[str, Shown]:
    """By document key, the rows that may be shown now: one query, whatever the number of sources."""
    pks_of: dict[Presenter, list[int]] = {}
    for document in documents:
        present = source_of(document).present
        if present is not None:
            pks_of.setdefault(present, []).append(document.pk)
    rows = [Shown(*values) for values in fetch_rows(pks_of, visibilities, language)]
    return {document_key(row.source, row.pk): row for row in rows}
