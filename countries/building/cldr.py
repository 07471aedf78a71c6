"""Names, regions, languages, currencies and the capitals' names in four languages, as the Unicode CLDR gives them."""

import json
from pathlib import Path
from typing import Any

from babel import Locale
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from countries.enums import LANGUAGES

CONTAINMENT = Path(__file__).with_name("cldr_containment.json")
_WORLD = "001"


def country_rows(codes: list[str]) -> dict[str, dict[str, Any]]:
    """By code: `names`, `region`, `subregion`, `languages`, `currencies`; what CLDR leaves out is left out."""
    locales = {language: Locale(language) for language in LANGUAGES}
    regions = regions_of_countries()
    rows: dict[str, dict[str, Any]] = {}
    for code in codes:
        region, subregion = regions.get(code, ("", ""))
        row = {
            "names": {language: locale.territories[code] for language, locale in locales.items()},
            "region": region,
            "subregion": subregion,
            "languages": official_languages(code),
            "currencies": get_territory_currencies(code),
        }
        rows[code] = {field: value for field, value in row.items() if value}
    return rows


def region_names() -> dict[str, dict[str, str]]:
    """Names of the regions and subregions that countries stand in, by code and language."""
    locales = {language: Locale(language) for language in LANGUAGES}
    used = sorted({code for pair in regions_of_countries().values() for code in pair})
    return {code: {language: locale.territories[code] for language, locale in locales.items()} for code in used}


def regions_of_countries() -> dict[str, tuple[str, str]]:
    """(region, subregion) by country: CLDR's tree world, region, subregion, country; deeper levels keep the second."""
    contains: dict[str, list[str]] = json.loads(CONTAINMENT.read_text())["contains"]
    found: dict[str, tuple[str, str]] = {}
    for region in contains[_WORLD]:
        for subregion in contains[region]:
            for country in _leaves(subregion, contains):
                found[country] = (region, subregion)
    return found


def _leaves(code: str, contains: dict[str, list[str]]) -> list[str]:
    if code not in contains:
        return [code]
    return [leaf for child in contains[code] for leaf in _leaves(child, contains)]


def official_languages(code: str) -> list[str]:
    """Official languages in CLDR's order, scripts and regions dropped ("sr_Latn" and "sr" are one)."""
    tags = get_official_languages(code, regional=False, de_facto=True)
    return list(dict.fromkeys(tag.split("_")[0] for tag in tags))


def zone_cities(zone: str) -> dict[str, str]:
    """CLDR's name of the city that a time zone is named after, by language; the zone's own name where a language has none."""
    own = zone.rsplit("/", 1)[-1].replace("_", " ")
    return {language: Locale(language).time_zones.get(zone, {}).get("city", own) for language in LANGUAGES}
