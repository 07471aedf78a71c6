"""Rewrites who may read published topics when a crisis opens, closes or changes its regime."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, QuerySet

from crisis.enums import Scope
from crisis.models import Crisis
from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES
from forum.models import ForumListing, Post, Topic
from forum.signals import content_edited
from forum.visibility import restrictions, strictest

CHUNK = 500


def _chunks(topics: QuerySet[Topic]) -> Iterator[list[tuple[int, list[str], int | None, str]]]:
    last = 0
    columns = ("pk", "country_codes", "crisis_id", "visibility")
    while rows := list(topics.filter(pk__gt=last).order_by("pk").values_list(*columns)[:CHUNK]):
        last = rows[-1][0]
        yield rows


@transaction.atomic
def refresh_visibility(*, country_codes: Iterable[str] = ()) -> int:
    """Give every published topic about these countries (all when empty) the visibility that the open crises ask for; returns how many changed."""
    codes = list(country_codes)
    topics = Topic.objects.filter(status__in=sorted(PUBLIC_STATUSES))
    if codes:
        topics = topics.filter(pk__in=ForumListing.objects.filter(need="", country_code__in=codes).values("topic_id"))
    asked, changed = restrictions(), 0
    for rows in _chunks(topics):
        by_regime: dict[str, list[int]] = {}
        for pk, countries, crisis_id, present in rows:
            wanted = strictest(asked, countries, crisis_id)
            if wanted != present:
                by_regime.setdefault(wanted, []).append(pk)
        for regime, pks in sorted(by_regime.items()):
            _write(regime, pks)
            changed += len(pks)
    if changed:
        raise_generation()
    return changed


def _write(regime: str, pks: list[int]) -> None:
    Topic.objects.filter(pk__in=pks).update(visibility=regime, revision=F("revision") + 1)
    ForumListing.objects.filter(topic__in=pks).update(visibility=regime)
    for first in Post.objects.filter(topic__in=pks, is_first=True).select_related("topic").order_by("pk"):
        content_edited.send(sender=Post, post=first)


def concerned_countries(crisis: Crisis) -> list[str]:
    """Return the countries whose topics a crisis may restrict; empty means that any topic may be concerned."""
    if crisis.scope == Scope.COUNTRIES:
        return sorted(crisis.crisiscountry_set.values_list("country_id", flat=True))
    return []
