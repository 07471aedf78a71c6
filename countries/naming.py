"""Every written form that points at a country or place, derived from the data sets and the own tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from countries.demonyms import inflected
from countries.enums import LANGUAGES, PlaceKind
from countries.folding import fold, fold_german
from countries.querysets import FOREIGN_FORM

ANY = ""
_WEIGHT = {
    PlaceKind.COUNTRY: 100,
    PlaceKind.CAPITAL: 80,
    PlaceKind.AIRPORT: 70,
    PlaceKind.DEMONYM: 60,
    PlaceKind.CITY: 50,
    PlaceKind.REGION: 40,
}
MAIN_AIRPORT = _WEIGHT[PlaceKind.AIRPORT]
_SMALL_AIRPORT = 45
_ALIAS_LOSS = 5
_CONFUSABLE_LOSS = 60
_CODE_LENGTH = 3
_SAINT = {"fr": "Saint", "nl": "Sint", "de": "Sankt", "en": "Saint"}
_AND = {"fr": "et", "nl": "en", "de": "und", "en": "and"}
_BRACKETS = re.compile(r"^(?P<before>.+?) \((?P<inside>.+)\)$")


@dataclass(frozen=True, slots=True)
class Name:
    """One form before it is stored; `place` is (kind, source id) or None, `data_set` names its provenance."""

    key: str
    language: str
    kind: str
    country: str
    label: str
    weight: int
    data_set: str
    place: tuple[str, str] | None = None
    is_code: bool = False


def all_names(
    cldr: dict[str, Any],
    geonames: dict[str, Any],
    airports: list[Any],
    tables: dict[str, list[dict[str, str]]],
    frequent: frozenset[str],
) -> list[Name]:
    """All forms, one for each (key, language, kind, country); of equal ones the strongest, then the first.

    `frequent` are words of the four languages that a form which only GeoNames lists must not be."""
    forms: list[Name] = [
        *country_names(cldr),
        *alias_names(tables["aliases.csv"]),
        *capital_names(geonames),
        *airport_names(airports, cities_of_capitals(geonames), {row["key"] for row in tables["known_airports.csv"]}),
        *demonym_names(tables["demonyms.csv"]),
        *confusable_names(tables["confusable.csv"]),
    ]
    taken = {(form.key, form.country) for form in forms if form.data_set != "geonames"}
    forms += foreign_forms(geonames, {form.key for form in forms} | frequent, taken)
    best: dict[tuple[str, str, str, str], Name] = {}
    for form in forms:
        identity = (form.key, form.language, form.kind, form.country)
        if form.key and (identity not in best or best[identity].weight < form.weight):
            best[identity] = form
    return list(best.values())


def country_names(cldr: dict[str, Any]) -> Iterator[Name]:
    """CLDR's names with what a person may write for "&", "St." and brackets."""
    for code, row in cldr.items():
        for language, name in row["names"].items():
            for form in spellings(name, language):
                yield from _keyed(form, language, PlaceKind.COUNTRY, code, name, "cldr")


def spellings(name: str, language: str) -> Iterator[str]:
    """`name`; with "&" and "St." written out; each half of "Myanmar (Birmanie)"."""
    yield name
    written_out = name.replace("&", _AND[language]).replace("St. ", f"{_SAINT[language]} ")
    if written_out != name:
        yield written_out
    halves = _BRACKETS.match(name)
    if halves and "neerlandaise" not in fold(name):
        yield halves["before"]
        yield halves["inside"]


def alias_names(rows: Iterable[dict[str, str]]) -> Iterator[Name]:
    """Short forms, old names and exonyms of the own table; abbreviations of up to three capitals are codes."""
    for row in rows:
        kind = PlaceKind(row["kind"])
        is_code = row["name"].isupper() and len(fold(row["name"])) <= _CODE_LENGTH
        for form in _keyed(row["name"], row["language"], kind, row["code"], row["name"], "own", loss=_ALIAS_LOSS):
            yield Name(form.key, form.language, form.kind, form.country, form.label, form.weight, "own", None, is_code)


def capital_names(geonames: dict[str, Any]) -> Iterator[Name]:
    """The capital by its own name and by CLDR's name in each language; large cities of the same name elsewhere as such."""
    for code, row in geonames.items():
        capital = row.get("capital")
        if capital:
            kind = kind_of_capital(row)
            place = (kind.value, capital["id"])
            yield from _keyed(capital["name"], ANY, kind, code, capital["name"], "geonames", place)
            for language, name in capital["names"].items():
                yield from _keyed(name, language, kind, code, name, "cldr", place)
        for city in row.get("homonyms", []):
            place = (PlaceKind.CITY.value, city["id"])
            yield from _keyed(city["name"], ANY, PlaceKind.CITY, city["country"], city["name"], "geonames", place)


def foreign_forms(geonames: dict[str, Any], known: set[str], taken: set[tuple[str, str]]) -> Iterator[Name]:
    """Other Latin forms of the capitals, unless the form already means something or two capitals share it."""
    owners: dict[str, set[str]] = {}
    for code, row in geonames.items():
        for form in row.get("capital", {}).get("forms", []):
            owners.setdefault(fold(form), set()).add(code)
    for code, row in geonames.items():
        capital = row.get("capital")
        for form in capital["forms"] if capital else []:
            key = fold(form)
            if key not in known and (key, code) not in taken and len(owners[key]) == 1:
                kind = kind_of_capital(row)
                place = (kind.value, capital["id"])
                yield from _keyed(form, ANY, kind, code, capital["name"], "geonames", place, loss=_WEIGHT[kind] - FOREIGN_FORM)


def kind_of_capital(row: dict[str, Any]) -> PlaceKind:
    """A contested capital is stored as a city: it resolves, but the site does not call it a capital."""
    return PlaceKind.CITY if row.get("contested") else PlaceKind.CAPITAL


def cities_of_capitals(geonames: dict[str, Any]) -> set[tuple[str, str]]:
    """(country, key of the capital's English name), as airports name their city."""
    capitals = {code: row["capital"] for code, row in geonames.items() if "capital" in row}
    return {(code, fold(name)) for code, capital in capitals.items() for name in (capital["name"], capital["names"].get("en", ""))}


def airport_names(airports: Iterable[Any], capitals: set[tuple[str, str]], known: set[str]) -> Iterator[Name]:
    """Airports by IATA code and by their whole name. The data set does not say which are large: international by name, the
    capital's, or listed in `known_airports.csv` is `MAIN_AIRPORT`; the codes of the others are too often other abbreviations."""
    for iata, country, name, city, *_ in airports:
        place = (PlaceKind.AIRPORT.value, iata)
        label = f"{name} ({iata})"
        is_main = "International" in name or (country, fold(city)) in capitals or iata.lower() in known
        weight = MAIN_AIRPORT if is_main else _SMALL_AIRPORT
        yield Name(iata.lower(), ANY, PlaceKind.AIRPORT, country, label, weight, "airports", place, is_code=True)
        yield from _keyed(name, ANY, PlaceKind.AIRPORT, country, label, "airports", place, loss=_ALIAS_LOSS)


def demonym_names(rows: Iterable[dict[str, str]]) -> Iterator[Name]:
    """Inflected forms of the peoples' names."""
    for row in rows:
        for language, form in inflected(row):
            yield from _keyed(form, language, PlaceKind.DEMONYM, row["code"], form, "own")


def confusable_names(rows: Iterable[dict[str, str]]) -> Iterator[Name]:
    """Second meanings of a name, so that it is never taken for one country silently (Niger and Nigeria, the two Congos)."""
    for row in rows:
        kind = PlaceKind(row["kind"])
        yield Name(row["key"], ANY, kind, row["code"], row["label"], max(_WEIGHT[kind] - _CONFUSABLE_LOSS, 10), "own")


def _keyed(
    form: str,
    language: str,
    kind: PlaceKind,
    country: str,
    label: str,
    data_set: str,
    place: tuple[str, str] | None = None,
    loss: int = 0,
) -> Iterator[Name]:
    """`form` under its key and, where a German may write it without umlaut, under that key too."""
    for key in dict.fromkeys((fold(form), fold_german(form))):
        if key:
            yield Name(key, language, kind.value, country, label, _WEIGHT[kind] - loss, data_set, place)


def slug(name: str, language: str) -> str:
    """The form of `name` in an address: German umlauts spelled out, apostrophes as hyphens ("cote-d-ivoire", "oesterreich")."""
    key = fold_german(name) if language == "de" else fold(name)
    return key.replace(" ", "-")


def slugs(names: dict[str, str], code: str, aliases: Iterable[dict[str, str]]) -> dict[str, str]:
    """Slug by language of the country `code`: of its alias with use=slug where there is one, else of its name."""
    short = {row["language"]: row["name"] for row in aliases if row["code"] == code and row["use"] == "slug"}
    return {language: slug(short.get(language) or short.get(ANY) or names.get(language, ""), language) for language in LANGUAGES}
