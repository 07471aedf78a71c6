"""The countries in memory: one snapshot a process, read by six queries, renewed when a release or a correction changes."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from countries import dataset
from countries.enums import LANGUAGES, FactField
from countries.folding import fold
from countries.models import Country, CountryFact, CountryOverride, Place, ReferenceRelease

_DEFAULT_REFRESH_SECONDS = 60
FALLBACK_LANGUAGE = "en"


class UnknownCountry(LookupError):
    """No country of the directory has this code."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from; a correction by staff has the source "staff"."""

    source: str
    licence: str
    as_of: date


@dataclass(frozen=True, slots=True)
class AirportEntry:
    """An airport with an IATA code."""

    iata: str
    name: str
    city: str


@dataclass(frozen=True, slots=True)
class CountryEntry:
    """One country with what the data sets give. An empty value means "not known", never "none"."""

    code: str
    names: Mapping[str, str]
    slugs: Mapping[str, str]
    region: str
    subregion: str
    capital: Mapping[str, str] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    time_zones: tuple[str, ...] = ()
    calling_code: str = ""
    emergency: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Numbers by service: `police`, `ambulance`, `fire`, or `any` where the data set does not distinguish."""
    neighbours: tuple[str, ...] = ()
    airports: tuple[AirportEntry, ...] = ()
    """All with an IATA code; those of the capital first, then international ones, then by name."""
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    """By field name; also `names` and `airports`."""

    @property
    def currency(self) -> str:
        """Currency codes in one text ("EUR", "BTN, INR"); empty when not known."""
        return ", ".join(self.currencies)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[FALLBACK_LANGUAGE]

    def slug(self, language: str) -> str:
        return self.slugs.get(language) or self.slugs[FALLBACK_LANGUAGE]

    def capital_name(self, language: str) -> str:
        """Name of the capital, empty when not known or contested."""
        return self.capital.get(language) or self.capital.get(FALLBACK_LANGUAGE, "")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the directory answers from; never changed after it is made."""

    token: tuple[Any, ...]
    by_code: Mapping[str, CountryEntry]
    by_slug: Mapping[tuple[str, str], CountryEntry]
    sorted_by: Mapping[str, tuple[CountryEntry, ...]]


class _Directory:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._check_at = 0.0

    def snapshot(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot is not None and time.monotonic() < self._check_at:
            return snapshot
        with self._lock:
            token = _token()
            if self._snapshot is None or self._snapshot.token != token:
                self._snapshot = _read(token)
            self._check_at = time.monotonic() + getattr(settings, "COUNTRIES_REFRESH_SECONDS", _DEFAULT_REFRESH_SECONDS)
            return self._snapshot

    def forget(self) -> None:
        with self._lock:
            self._snapshot = None
            self._check_at = 0.0


_directory = _Directory()


def refresh() -> None:
    """Read anew at the next question (after a load or a correction in this process)."""
    _directory.forget()


def token() -> object:
    """Equal as long as the tables have not changed; for caches that are derived from them."""
    return _directory.snapshot().token


def entry(code: str) -> CountryEntry:
    """The country with this ISO 3166-1 alpha-2 code (or XK). Raises `UnknownCountry`."""
    try:
        return _directory.snapshot().by_code[code]
    except KeyError:
        raise UnknownCountry(code) from None


def known(code: str) -> bool:
    """Whether the directory has a country with this code."""
    return code in _directory.snapshot().by_code


def codes() -> frozenset[str]:
    """Codes of all countries."""
    return frozenset(_directory.snapshot().by_code)


def entries(language: str) -> list[CountryEntry]:
    """All countries, sorted by their name in `language` without regard to accents."""
    sorted_by = _directory.snapshot().sorted_by
    return list(sorted_by.get(language) or sorted_by[FALLBACK_LANGUAGE])


def in_region(region: str, language: str) -> list[CountryEntry]:
    """Countries of a CLDR region or subregion, sorted by name."""
    return [country for country in entries(language) if region in (country.region, country.subregion)]


def by_slug(slug: str, language: str) -> CountryEntry | None:
    """The country whose page has this slug in `language`, or None."""
    return _directory.snapshot().by_slug.get((language, slug))


def name(code: str, language: str) -> str:
    """Name of a country. Raises `UnknownCountry`."""
    return entry(code).name(language)


def choices(language: str) -> list[tuple[str, str]]:
    """(code, name) for a select, sorted by name."""
    return [(country.code, country.name(language)) for country in entries(language)]


def regions(language: str) -> list[tuple[str, str]]:
    """(code, name) of the regions and subregions that hold countries, sorted by name."""
    pairs = [(code, names[language]) for code, names in _region_names().items()]
    return sorted(pairs, key=lambda pair: fold(pair[1]))


def region_name(code: str, language: str) -> str:
    """Name of a CLDR region ("150" Europe); empty for an unknown one."""
    return _region_names().get(code, {}).get(language, "")


@cache
def _region_names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = dataset.read("cldr").extra["regions"]
    return names


def _token() -> tuple[Any, ...]:
    releases = tuple(ReferenceRelease.objects.current().values_list("pk", "sha"))
    corrections = CountryOverride.objects.aggregate(count=Count("pk"), latest=Max("made_at"), last=Max("pk"))
    return (releases, *corrections.values())


def _read(token: tuple[Any, ...]) -> Snapshot:
    facts, provenance = _facts()
    airports = _airports()
    releases = {release.pk: _provenance(release) for release in ReferenceRelease.objects.all()}
    by_code = {
        country.code: _entry(
            country,
            facts[country.code],
            airports.get(country.code, []),
            {"names": releases[country.release_id], **provenance[country.code]},
        )
        for country in Country.objects.all()
    }
    by_slug = {(language, country.slugs[language]): country for country in by_code.values() for language in LANGUAGES}
    sorted_by = {language: tuple(sorted(by_code.values(), key=lambda c: (fold(c.names[language]), c.code))) for language in LANGUAGES}
    return Snapshot(token, by_code, by_slug, sorted_by)


def _facts() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Provenance]]]:
    """Values and their provenance by country and field, corrections by staff over the data sets."""
    facts: dict[str, dict[str, Any]] = defaultdict(dict)
    provenance: dict[str, dict[str, Provenance]] = defaultdict(dict)
    for fact in CountryFact.objects.select_related("release"):
        facts[fact.country_id][fact.field] = fact.value
        provenance[fact.country_id][fact.field] = _provenance(fact.release)
    for correction in CountryOverride.objects.all():
        facts[correction.country_id][correction.field] = correction.value
        provenance[correction.country_id][correction.field] = Provenance("staff", "", correction.made_at.date())
    return facts, provenance


def _provenance(release: ReferenceRelease) -> Provenance:
    return Provenance(release.source, release.licence, release.as_of)


def _airports() -> dict[str, list[tuple[AirportEntry, Provenance]]]:
    found: dict[str, list[tuple[AirportEntry, Provenance]]] = defaultdict(list)
    columns = Place.objects.present().airports().values_list("country_id", "source_id", "name", "city", "release_id")
    releases = ReferenceRelease.objects.in_bulk()
    for code, iata, name_, city, release in columns.iterator(chunk_size=2_000):
        found[code].append((AirportEntry(iata, name_, city), _provenance(releases[release])))
    return found


def _entry(
    country: Country,
    facts: Mapping[str, Any],
    airports: list[tuple[AirportEntry, Provenance]],
    provenance: dict[str, Provenance],
) -> CountryEntry:
    capital: dict[str, str] = facts.get(FactField.CAPITAL, {})
    emergency: dict[str, list[str]] = facts.get(FactField.EMERGENCY, {})
    if airports:
        provenance["airports"] = airports[0][1]
    return CountryEntry(
        code=country.code,
        names={**country.names(), **facts.get(FactField.NAMES, {})},
        slugs=country.slugs(),
        region=country.region,
        subregion=country.subregion,
        capital=capital,
        currencies=tuple(facts.get(FactField.CURRENCIES, ())),
        languages=tuple(facts.get(FactField.LANGUAGES, ())),
        time_zones=tuple(facts.get(FactField.TIME_ZONES, ())),
        calling_code=facts.get(FactField.CALLING_CODE, ""),
        emergency={service: tuple(numbers) for service, numbers in emergency.items()},
        neighbours=tuple(facts.get(FactField.NEIGHBOURS, ())),
        airports=_in_order([airport for airport, _ in airports], capital),
        provenance=provenance,
    )


def _in_order(airports: Iterable[AirportEntry], capital: Mapping[str, str]) -> tuple[AirportEntry, ...]:
    own = {fold(capital_name) for capital_name in capital.values()}

    def rank(airport: AirportEntry) -> tuple[bool, bool, str]:
        return (fold(airport.city) not in own, "International" not in airport.name, airport.name)

    return tuple(sorted(airports, key=rank))
