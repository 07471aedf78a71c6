"""Chainable reads of crises and official notices."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When

from accounts.enums import Realm
from crisis.enums import EVERYWHERE, NoticeStatus, Scope


class CrisisQuerySet(models.QuerySet[Any]):
    """Reads of crises."""

    def open(self) -> Self:
        """Crises that are on for the world. One that is practised reaches neither a banner nor what may be read."""
        return self.filter(closed_at__isnull=True).exclude(realm=Realm.PRACTICE)

    def open_in(self, realm: str) -> Self:
        """Crises that are on in one realm, practice included."""
        return self.filter(closed_at__isnull=True, realm=realm)

    def touching(self, codes: Iterable[str], regions: Iterable[str] = ()) -> Self:
        """Crises whose scope covers one of these countries (ISO codes) or regions, or everybody."""
        return self.filter(
            Q(scope__in=sorted(EVERYWHERE))
            | Q(scope=Scope.COUNTRIES, crisiscountry__country__in=list(codes))
            | Q(scope=Scope.REGIONS, crisisregion__region__in=list(regions))
        ).distinct()

    def most_severe_first(self) -> Self:
        """Order of the banner."""
        return self.order_by("severity", "-opened_at", "pk")

    def desk_order(self) -> Self:
        """Order of the desk: what is on first, then the latest. Said to the database: the two put NULL at opposite ends."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "severity", "-opened_at", "pk")


class NoticeQuerySet(models.QuerySet[Any]):
    """Reads of official notices."""

    def published(self) -> Self:
        """Notices that the world may read: approved by a second person, not withdrawn, and meant (not practised)."""
        return self.filter(status=NoticeStatus.PUBLISHED).exclude(realm=Realm.PRACTICE)

    def for_country(self, code: str) -> Self:
        """Notices about one country, directly or through the crisis that names it."""
        return self.filter(Q(country_id=code) | Q(country__isnull=True, crisis__crisiscountry__country_id=code)).distinct()

    def newest(self) -> Self:
        """Latest publication first."""
        return self.order_by("-published_at", "-pk")

    def desk_order(self) -> Self:
        """Order of the desk: what waits for a second reader, drafts, published ones, withdrawn ones; the latest first in each."""
        ranks = (NoticeStatus.SUBMITTED, NoticeStatus.DRAFT, NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN)
        rank = Case(*[When(status=status, then=Value(n)) for n, status in enumerate(ranks)], output_field=IntegerField())
        return self.annotate(rank=rank).order_by("rank", "-created_at", "-pk")
