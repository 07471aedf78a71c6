"""Opens and closes crises."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Realm
from accounts.models import User
from crisis.enums import NAMED_SCOPES, SCOPE_NEEDS, ReviewRegime, Scope, Severity, VisibilityRegime
from crisis.models import Crisis, CrisisCountry, CrisisRegion, CrisisText
from crisis.permissions import can_open_crisis
from crisis.publication import raise_generation
from crisis.services.refusals import demand, demand_languages
from crisis.signals import crisis_closed, crisis_opened


class CrisisIncomplete(Exception):
    """The scope needs what is missing; `field` names it. Without countries a banner would stand on every page."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class CrisisOpenAlready(Exception):
    """A crisis with the same title and scope is open: sent twice, or by two officers at once."""


def _complete(scope: str, texts: Mapping[str, Mapping[str, str]], said: Mapping[str, Any]) -> None:
    """Raise NoticeIncomplete or CrisisIncomplete when something is missing."""
    demand_languages(code for code, text in texts.items() if text.get("title"))
    field = SCOPE_NEEDS.get(scope)
    if field and not said[field]:
        raise CrisisIncomplete(field)


@transaction.atomic
def open_crisis(
    *,
    actor: User,
    scope: str,
    texts: Mapping[str, Mapping[str, str]],
    countries: Iterable[str] = (),
    regions: Iterable[str] = (),
    scope_name: str = "",
    severity: str = Severity.SEVERE,
    review_regime: str = ReviewRegime.PRE,
    visibility_regime: str = VisibilityRegime.PUBLIC,
    realm: str = Realm.LIVE,
    opened_at: Any = None,
) -> Crisis:
    """Declare a crisis. `texts` maps language to {"title", "summary"} and needs French and Dutch (else NoticeIncomplete).

    Raises CrisisNotAllowed; CrisisIncomplete when the scope's countries, regions or name are missing; CrisisOpenAlready.
    """
    demand(can_open_crisis(actor))
    countries, regions = sorted(set(countries)), sorted(set(regions))
    _complete(scope, texts, {"countries": countries, "regions": regions, "scope_name": scope_name.strip()})
    # Before the look for a twin: two officers at once wait here for one another.
    raise_generation()
    twins = Crisis.objects.open_in(realm).filter(scope=scope, texts__language="fr", texts__title=texts["fr"]["title"])
    if twins.exists():
        raise CrisisOpenAlready(texts["fr"]["title"])
    crisis = Crisis.objects.create(
        scope=scope,
        scope_name=scope_name.strip() if scope in NAMED_SCOPES else "",
        severity=severity,
        review_regime=review_regime,
        visibility_regime=visibility_regime,
        realm=realm,
        opened_by=actor,
        opened_at=opened_at or timezone.now(),
    )
    CrisisText.objects.bulk_create(CrisisText(crisis=crisis, language=code, **text) for code, text in texts.items() if text.get("title"))
    if scope == Scope.COUNTRIES:
        CrisisCountry.objects.bulk_create(CrisisCountry(crisis=crisis, country_id=code) for code in countries)
    if scope == Scope.REGIONS:
        CrisisRegion.objects.bulk_create(CrisisRegion(crisis=crisis, region=region) for region in regions)
    crisis_opened.send(sender=Crisis, crisis=crisis)
    return crisis


@transaction.atomic
def close_crisis(*, actor: User, crisis: Crisis) -> Crisis:
    """End a crisis; a second call changes nothing."""
    demand(can_open_crisis(actor, crisis))
    locked = Crisis.objects.select_for_update().get(pk=crisis.pk)
    if locked.closed_at:
        return locked
    locked.closed_at, locked.closed_by = timezone.now(), actor
    locked.save(update_fields=["closed_at", "closed_by"])
    raise_generation()
    crisis_closed.send(sender=Crisis, crisis=locked)
    return locked
