"""The ISO 3166-1 codes and the time zones of each country, from the IANA time zone database."""

from importlib.resources import files

KOSOVO = "XK"


def country_codes() -> list[str]:
    """Every ISO 3166-1 code of iso3166.tab, and Kosovo, which ISO has not assigned."""
    return sorted({row[0] for row in _rows("iso3166.tab")} | {KOSOVO})


def zones_of_countries() -> dict[str, list[str]]:
    """Time zones by country, in the order of zone.tab (the most populous first)."""
    zones: dict[str, list[str]] = {}
    for row in _rows("zone.tab"):
        zones.setdefault(row[0], []).append(row[2])
    return zones


def _rows(name: str) -> list[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
