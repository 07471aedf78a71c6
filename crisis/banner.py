"""The banner: open crises that touch a page, the most severe first, as plain rows that a template can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.models import Crisis, CrisisText
from crisis.publication import current_generation

BANNER_LIMIT = 2

# generation → language → crises. One entry at most: a new generation drops the old one.
_snapshot: dict[int, dict[str, list["BannerCrisis"]]] = {}


@dataclass(frozen=True, slots=True)
class BannerCrisis:
    """One open crisis: where it leads to (`countries`, ISO codes; may be empty) and what to say in the reader's language."""

    public_id: str
    scope: str
    title: str
    summary: str
    language: str
    opened_at: datetime
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    visibility_regime: str


def open_crises(language: str) -> list[BannerCrisis]:
    """Return every open crisis in `language`, else French, else Dutch; read again only when something public changed."""
    generation = current_generation()
    if generation not in _snapshot:
        _snapshot.clear()
        _snapshot[generation] = {}
    by_language = _snapshot[generation]
    if language not in by_language:
        by_language[language] = _read(language)
    return by_language[language]


def _read(language: str) -> list[BannerCrisis]:
    crises = Crisis.objects.open().most_severe_first().prefetch_related("texts", "crisiscountry_set", "crisisregion_set")
    return [_banner(crisis, language) for crisis in crises]


def _banner(crisis: Crisis, language: str) -> BannerCrisis:
    texts: dict[str, CrisisText] = {text.language: text for text in crisis.texts.all()}
    text = texts.get(language) or texts.get("fr") or texts["nl"]
    return BannerCrisis(
        public_id=crisis.public_id,
        scope=crisis.scope,
        title=text.title,
        summary=text.summary,
        language=text.language,
        opened_at=crisis.opened_at,
        countries=tuple(row.country_id for row in crisis.crisiscountry_set.all()),
        regions=tuple(row.region for row in crisis.crisisregion_set.all()),
        visibility_regime=crisis.visibility_regime,
    )


def touching(crises: Sequence[BannerCrisis], codes: Sequence[str], region: str = "") -> list[BannerCrisis]:
    """Return those of `crises` that concern one of the countries `codes` (or their `region`, or everybody)."""
    wanted = set(codes)
    return [c for c in crises if (not c.countries and not c.regions) or wanted & set(c.countries) or (region and region in c.regions)]
