"""Chainable reads of crises and official notices."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q

from crisis.enums import EVERYWHERE, NoticeStatus, Scope


class CrisisQuerySet(models.QuerySet[Any]):
    """Reads of crises."""

    def open(self) -> Self:
        """Crises that are on."""
        return self.filter(closed_at__isnull=True)

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


class NoticeQuerySet(models.QuerySet[Any]):
    """Reads of official notices."""

    def published(self) -> Self:
        """Notices that the world may read: approved by a second person and not withdrawn."""
        return self.filter(status=NoticeStatus.PUBLISHED)

    def for_country(self, code: str) -> Self:
        """Notices about one country, directly or through an open crisis that names it."""
        return self.filter(Q(country_id=code) | Q(country__isnull=True, crisis__crisiscountry__country_id=code)).distinct()

    def newest(self) -> Self:
        """Latest publication first."""
        return self.order_by("-published_at", "-pk")
