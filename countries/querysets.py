"""Reading of the reference tables, in conditions that chain."""

from collections.abc import Iterable
from typing import Self

from django.db import models

from countries.enums import PlaceKind

FOREIGN_FORM = 60
"""Weight of a capital's form in some other language; below every form of the four languages."""


class ReferenceReleaseQuerySet(models.QuerySet):
    """Releases of the data sets."""

    def current(self) -> Self:
        """The release of each data set that the rows in force come from."""
        return self.filter(is_current=True)


class CountryQuerySet(models.QuerySet):
    """Countries."""

    def in_region(self, region: str) -> Self:
        """Countries of a region or subregion, by its code in the Unicode CLDR (`150` Europe, `039` Southern Europe)."""
        return self.filter(models.Q(region=region) | models.Q(subregion=region))


class PlaceQuerySet(models.QuerySet):
    """Capitals, cities and airports."""

    def present(self) -> Self:
        """Places that the release in force still holds; a place that a person chose is never deleted."""
        return self.filter(is_present=True)

    def capitals(self) -> Self:
        return self.filter(kind=PlaceKind.CAPITAL)

    def airports(self) -> Self:
        return self.filter(kind=PlaceKind.AIRPORT)

    def of_country(self, code: str) -> Self:
        return self.filter(country_id=code)


class PlaceNameQuerySet(models.QuerySet):
    """Names of places and peoples by their folded key."""

    def for_keys(self, keys: Iterable[str]) -> Self:
        """Names whose folded key is one of `keys`: one query over the index of keys."""
        return self.filter(key__in=keys)

    def typo_targets(self) -> Self:
        """Names that a misspelt word may mean: of countries, capitals and peoples in the four languages, never codes."""
        named = models.Q(kind__in=(PlaceKind.COUNTRY, PlaceKind.DEMONYM)) | models.Q(kind=PlaceKind.CAPITAL, weight__gte=FOREIGN_FORM + 1)
        return self.filter(named, is_code=False)
