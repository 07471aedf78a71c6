"""Who may read what citizens write while a crisis asks for care: a published route can be a target list (MODERATION.md)."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import F, QuerySet

from countries import directory
from crisis.banner import BannerCrisis, open_crises
from crisis.enums import Scope, VisibilityRegime
from crisis.models import Crisis
from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES
from forum.models import ForumListing, Post, Topic
from forum.signals import content_edited

STRICTNESS = [VisibilityRegime.PUBLIC.value, VisibilityRegime.MEMBERS.value, VisibilityRegime.STAFF.value]
CHUNK = 500


def _covers(crisis: BannerCrisis, codes: Sequence[str]) -> bool:
    """Say whether a crisis is about one of these countries. A ship or a carrier covers only what is tied to it by hand."""
    if crisis.scope == Scope.WORLD:
        return True
    if crisis.scope == Scope.BELGIUM:
        return "BE" in codes
    if crisis.scope == Scope.REGIONS:
        entries = [directory.entry(code) for code in codes if directory.known(code)]
        return any({entry.region, entry.subregion} & set(crisis.regions) for entry in entries)
    return bool(set(codes) & set(crisis.countries))


def strictest_visibility(codes: Iterable[str], crisis_id: int | None = None) -> str:
    """Return the strictest regime of the open crises that cover these countries, and of the crisis that the text is tied to."""
    wanted = list(codes)
    regimes = {c.visibility_regime for c in open_crises("fr") if c.visibility_regime != VisibilityRegime.PUBLIC and _covers(c, wanted)}
    if crisis_id is not None:
        regimes |= set(Crisis.objects.open().filter(pk=crisis_id).values_list("visibility_regime", flat=True))
    return max(regimes | {VisibilityRegime.PUBLIC.value}, key=STRICTNESS.index)


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
    changed = 0
    for rows in _chunks(topics):
        by_regime: dict[str, list[int]] = {}
        for pk, countries, crisis_id, present in rows:
            wanted = strictest_visibility(countries, crisis_id)
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
