"""Who may read what citizens write while a crisis asks for care: a published route can be a target list (MODERATION.md)."""

from collections.abc import Iterable, Sequence

from countries import directory
from crisis.banner import BannerCrisis, open_crises
from crisis.enums import Scope, VisibilityRegime
from crisis.models import Crisis

STRICTNESS = [VisibilityRegime.PUBLIC.value, VisibilityRegime.MEMBERS.value, VisibilityRegime.STAFF.value]


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
