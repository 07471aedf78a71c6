"""Loading of the committed reference data into the database: idempotent, in one transaction, by whole tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from countries import dataset
from countries.enums import LANGUAGES, FactField, PlaceKind
from countries.models import Country, CountryFact, Place, PlaceName, ReferenceRelease
from countries.naming import all_names, kind_of_capital, slugs
from countries.wording import guard

_BATCH = 2_000
_FACT_SOURCES = {
    "cldr": (FactField.LANGUAGES, FactField.CURRENCIES),
    "phonenumbers": (FactField.CALLING_CODE, FactField.EMERGENCY),
    "tzdata": (FactField.TIME_ZONES,),
    "geonames": (FactField.NEIGHBOURS, FactField.CAPITAL),
}
_PLACE_COLUMNS = ["country", "name", "names", "city", "latitude", "longitude", "population", "time_zone", "is_present", "release"]

Releases = dict[str, ReferenceRelease]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: nothing when `changed` is False; rows now in force by table."""

    changed: bool
    rows: dict[str, int]


def load_reference(folder: Path = dataset.DATA_DIR) -> Loaded:
    """Bring the tables to the committed data. Does nothing where the digests are equal. Raises `ReferenceDataDamaged`.

    Overrides by staff are not read and not written; slugs once given stay (addresses are kept)."""
    releases = dataset.releases(folder)
    with transaction.atomic():
        current = dict(ReferenceRelease.objects.current().values_list("data_set", "sha"))
        if current == {name: release.sha for name, release in releases.items()}:
            return Loaded(False, row_counts())
        sets = {name: dataset.read(name, folder) for name in dataset.FACT_SETS}
        tables = {name: dataset.table(name, folder) for name in dataset.OWN_TABLES}
        rows = {name: data.rows for name, data in sets.items()}
        stored = _store_releases(releases)
        _store_countries(rows["cldr"], tables["aliases.csv"], stored["cldr"])
        _store_facts(rows, stored)
        _store_places(rows, stored)
        _store_names(rows, tables, stored)
        return Loaded(True, row_counts())


def row_counts() -> dict[str, int]:
    """Rows in force by table."""
    return {model._meta.db_table.removeprefix("countries_"): model._default_manager.count() for model in (Country, CountryFact, Place, PlaceName)}


def _store_releases(releases: dict[str, dataset.Release]) -> Releases:
    ReferenceRelease.objects.current().update(is_current=False)
    stored: Releases = {}
    for name, release in releases.items():
        described = {"version": release.version, "source": release.source, "licence": release.licence, "as_of": release.as_of}
        stored[name], _ = ReferenceRelease.objects.update_or_create(data_set=name, sha=release.sha, defaults={**described, "is_current": True})
    return stored


def _store_countries(rows: dict[str, Any], aliases: Iterable[dict[str, str]], release: ReferenceRelease) -> None:
    own = [row for row in aliases if row["use"] == "slug"]
    countries = []
    for code, row in rows.items():
        country = Country(code=code, release=release, region=row.get("region", ""), subregion=row.get("subregion", ""))
        for language, slug in slugs(row["names"], code, own).items():
            setattr(country, f"name_{language}", row["names"][language])
            setattr(country, f"slug_{language}", slug)
        countries.append(country)
    columns = [*(f"name_{language}" for language in LANGUAGES), "region", "subregion", "release"]
    Country.objects.bulk_create(countries, update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _store_facts(rows: dict[str, Any], releases: Releases) -> None:
    facts = [
        CountryFact(country_id=code, field=field, value=fact_value(field, row), release=releases[data_set])
        for data_set, fields in _FACT_SOURCES.items()
        for code, row in rows[data_set].items()
        for field in fields
        if fact_value(field, row) is not None
    ]
    CountryFact.objects.all().delete()
    CountryFact.objects.bulk_create(facts, batch_size=_BATCH)


def fact_value(field: str, row: dict[str, Any]) -> Any:
    """The stored value of `field` in a data set's row, or None; a contested capital is none (docs/countries.md)."""
    value = row.get(field)
    if field != FactField.CAPITAL or value is None:
        return value
    if row.get("contested"):
        return None
    return {language: value["names"].get(language, value["name"]) for language in LANGUAGES}


def _store_places(rows: dict[str, Any], releases: Releases) -> None:
    places = [*_cities(rows["geonames"], releases["geonames"]), *_airports(rows["airports"], releases["airports"])]
    Place.objects.present().update(is_present=False)
    Place.objects.bulk_create(places, batch_size=_BATCH, update_conflicts=True, unique_fields=["kind", "source_id"], update_fields=_PLACE_COLUMNS)


def _cities(rows: dict[str, Any], release: ReferenceRelease) -> Iterable[Place]:
    for code, row in rows.items():
        if "capital" in row:
            yield _city(row["capital"], kind_of_capital(row), code, release)
        for homonym in row.get("homonyms", []):
            yield _city(homonym, PlaceKind.CITY, homonym["country"], release)


def _city(row: dict[str, Any], kind: PlaceKind, code: str, release: ReferenceRelease) -> Place:
    columns = {name: row[name] for name in ("name", "latitude", "longitude", "population", "time_zone")}
    return Place(kind=kind, source_id=row["id"], country_id=code, names=row.get("names", {}), release=release, **columns)


def _airports(rows: Iterable[Any], release: ReferenceRelease) -> Iterable[Place]:
    for iata, country, name, city, latitude, longitude, zone in rows:
        yield Place(
            kind=PlaceKind.AIRPORT,
            source_id=iata,
            country_id=country,
            name=name,
            city=city,
            latitude=latitude,
            longitude=longitude,
            time_zone=zone,
            release=release,
        )


def _store_names(rows: dict[str, Any], tables: dict[str, list[dict[str, str]]], releases: Releases) -> None:
    places = {(kind, source_id): pk for pk, kind, source_id in Place.objects.present().values_list("pk", "kind", "source_id")}
    names = [
        PlaceName(
            key=name.key,
            language=name.language,
            kind=name.kind,
            country_id=name.country,
            place_id=places[name.place] if name.place else None,
            label=name.label,
            weight=name.weight,
            is_code=name.is_code,
            release=releases[name.data_set],
        )
        for name in all_names(rows["cldr"], rows["geonames"], rows["airports"], tables, guard().frequent)
    ]
    PlaceName.objects.all().delete()
    PlaceName.objects.bulk_create(names, batch_size=_BATCH)
