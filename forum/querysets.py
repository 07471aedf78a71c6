"""Chainable reads of content. `published()` is the gate: what it does not return, no page, feed or index may show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crisis.enums import VisibilityRegime
from forum.enums import PUBLIC_STATUSES, READABLE_STATUSES, Validity

# What a row of a list shows, of itself and of its topic: half of a query's time goes into the columns that it names.
LISTED = (
    *("topic", "need", "kind", "check_from", "stale_from", "gone_at", "newest_at", "confirmed_at"),
    *("topic__public_id", "topic__slug", "topic__kind", "topic__title", "topic__summary", "topic__language", "topic__place"),
    *("topic__country_codes", "topic__needs", "topic__published_at", "topic__reply_count", "topic__worked_count"),
)


def validity_q(state: str, now: datetime, prefix: str = "") -> Q:
    """Return the date comparison that means `state` at `now`; `prefix` leads to the three dates."""
    check, stale, gone = f"{prefix}check_from", f"{prefix}stale_from", f"{prefix}gone_at__isnull"
    return {
        Validity.FRESH: Q(**{f"{check}__gt": now, gone: True}),
        Validity.CHECK: Q(**{f"{check}__lte": now, f"{stale}__gt": now, gone: True}),
        Validity.STALE: Q(**{f"{stale}__lte": now, gone: True}),
        Validity.GONE: Q(**{gone: False}),
    }[Validity(state)]


def visible_regimes(*, member: bool, staff: bool) -> list[str]:
    """Return the visibility regimes that a reader of this standing may see."""
    regimes = [VisibilityRegime.PUBLIC.value]
    if member or staff:
        regimes.append(VisibilityRegime.MEMBERS.value)
    if staff:
        regimes.append(VisibilityRegime.STAFF.value)
    return regimes


class TopicQuerySet(models.QuerySet[Any]):
    """Reads of topics."""

    def published(self) -> Self:
        """Topics whose first post is public now."""
        return self.filter(status__in=sorted(PUBLIC_STATUSES))

    def readable(self) -> Self:
        """Topics that have an address: published ones and archived ones."""
        return self.filter(status__in=sorted(READABLE_STATUSES))

    def searchable(self) -> Self:
        """Topics that belong in the index."""
        return self.published()

    def visible_to(self, *, member: bool = False, staff: bool = False) -> Self:
        """Leave out what a crisis restricts to members or staff."""
        return self.filter(visibility__in=visible_regimes(member=member, staff=staff))


class PostQuerySet(models.QuerySet[Any]):
    """Reads of posts."""

    def published(self) -> Self:
        """Posts whose text the world may read: public themselves, in a public topic, neither marked dangerous."""
        return self._live(PUBLIC_STATUSES).filter(topic__status__in=sorted(PUBLIC_STATUSES))

    def readable(self) -> Self:
        """Posts with a live text at an address: as `published`, in topics that are archived too."""
        return self._live(READABLE_STATUSES).filter(topic__status__in=sorted(READABLE_STATUSES))

    def _live(self, statuses: Iterable[str]) -> Self:
        return self.filter(status__in=sorted(statuses), live_version__isnull=False, gone_at__isnull=True, topic__gone_at__isnull=True)

    def by(self, author: Any) -> Self:
        """Posts of one author, whatever their status."""
        return self.filter(author=author)

    def first_posts(self) -> Self:
        """Bodies of topics."""
        return self.filter(is_first=True)


class ListingQuerySet(models.QuerySet[Any]):
    """Reads of the list rows: one row per published topic × country × need, so each filter is one indexed range."""

    def for_filters(self, *, country: str = "", need: str = "", kind: str = "", language: str = "") -> Self:
        """Rows of one combination; empty means any, which has rows of its own, so no topic appears twice."""
        rows = self.filter(country_code=country, need=need)
        if kind:
            rows = rows.filter(kind=kind)
        if language:
            rows = rows.filter(language=language)
        return rows

    def in_state(self, state: str, *, now: datetime | None = None) -> Self:
        """Rows whose validity is `state` now."""
        return self.filter(validity_q(state, now or timezone.now()))

    def visible_to(self, *, member: bool = False, staff: bool = False) -> Self:
        """Leave out what a crisis restricts to members or staff."""
        return self.filter(visibility__in=visible_regimes(member=member, staff=staff))

    def with_topics(self) -> Self:
        """Rows with what a list shows of their topics (`LISTED`)."""
        return self.select_related("topic").only(*LISTED)

    def not_in(self, public_ids: Iterable[str]) -> Self:
        """Leave out topics that the page shows already."""
        return self.exclude(topic__public_id__in=list(public_ids))
