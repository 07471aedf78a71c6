"""Who may read what citizens write while a crisis asks for care: a published route can be a target list (MODERATION.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from countries import directory
from crisis.banner import open_crises
from crisis.enums import Scope, VisibilityRegime
from crisis.models import Crisis

STRICTNESS = [VisibilityRegime.PUBLIC.value, VisibilityRegime.MEMBERS.value, VisibilityRegime.STAFF.value]


@dataclass(frozen=True, slots=True)
class Restriction:
    """What one open crisis asks for; `pk` 0 where only its texts are known."""

    regime: str
    scope: str
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    pk: int = 0

    def covers(self, codes: Sequence[str], crisis_id: int | None) -> bool:
        """Say whether it is about one of these countries. A ship or a carrier covers only what is tied to it by hand."""
        if crisis_id is not None and crisis_id == self.pk:
            return True
        if self.scope == Scope.WORLD:
            return True
        if self.scope == Scope.BELGIUM:
            return "BE" in codes
        if self.scope == Scope.REGIONS:
            entries = [directory.entry(code) for code in codes if directory.known(code)]
            return any({entry.region, entry.subregion} & set(self.regions) for entry in entries)
        return bool(set(codes) & set(self.countries))


def restrictions() -> list[Restriction]:
    """Return what the open crises ask for, as this transaction sees them: for writing. One query when nothing is restricted."""
    crises = Crisis.objects.open().exclude(visibility_regime=VisibilityRegime.PUBLIC).order_by("pk")
    return [
        Restriction(
            crisis.visibility_regime,
            crisis.scope,
            tuple(row.country_id for row in crisis.crisiscountry_set.all()),
            tuple(row.region for row in crisis.crisisregion_set.all()),
            crisis.pk,
        )
        for crisis in crises.prefetch_related("crisiscountry_set", "crisisregion_set")
    ]


def known_restrictions() -> list[Restriction]:
    """Return the same from the banner's snapshot, without a query: for reading."""
    crises = open_crises("fr")
    return [Restriction(c.visibility_regime, c.scope, c.countries, c.regions) for c in crises if c.visibility_regime != VisibilityRegime.PUBLIC]


def strictest(asked: Iterable[Restriction], codes: Iterable[str], crisis_id: int | None = None) -> str:
    """Return the strictest regime of those of `asked` that cover a text about `codes`."""
    about = list(codes)
    regimes = {restriction.regime for restriction in asked if restriction.covers(about, crisis_id)}
    return max(regimes | {VisibilityRegime.PUBLIC.value}, key=STRICTNESS.index)
