"""The countries that people write about now: what the home page offers first and the list can be narrowed to."""

from django.db.models import OuterRef, QuerySet, Subquery

from countries.models import Country
from crisis.publication import current_generation
from forum.models import ForumListing
from forum.prepared import Prepared

# Generation → codes; a new generation drops the old one.
_kept: dict[int, list[str]] = {}


def _lively() -> QuerySet[Country, str]:
    newest = ForumListing.objects.for_filters(country=OuterRef("code")).visible_to().order_by("-newest_at", "-topic_id")  # type: ignore[arg-type]
    countries = Country.objects.annotate(newest=Subquery(newest.values("newest_at")[:1])).filter(newest__isnull=False)
    return countries.order_by("-newest", "code").values_list("code", flat=True)


LIVELY = Prepared(_lively)


def lively_countries() -> list[str]:
    """Return the codes of the countries with the newest topics, each once. One query a generation: an index look-up for each country."""
    generation = current_generation()
    if generation not in _kept:
        found = LIVELY()
        _kept.clear()
        _kept[generation] = found
    return _kept[generation]
