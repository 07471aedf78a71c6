"""The time of day in a country's capital."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from countries import directory
from countries.models import Place

# Time zones of the capitals, by the state of the tables that they were read from; one entry at most.
_zones: dict[object, dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Now, in the zone of a capital; `several` when the country has more zones than that one."""

    at: datetime
    several: bool


def _capital_zones() -> dict[str, str]:
    token = directory.token()
    if token not in _zones:
        _zones.clear()
        _zones[token] = dict(Place.objects.present().capitals().exclude(time_zone="").values_list("country_id", "time_zone"))
    return _zones[token]


def in_capital(entry: directory.CountryEntry, now: datetime | None = None) -> LocalTime | None:
    """Return the time in the capital of a country; None when its zone is not known."""
    zone = _capital_zones().get(entry.code) or (entry.time_zones[0] if len(entry.time_zones) == 1 else "")
    try:
        return LocalTime((now or timezone.now()).astimezone(ZoneInfo(zone)), len(entry.time_zones) > 1) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
