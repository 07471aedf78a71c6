"""System checks: the committed reference data are whole before the site starts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from countries import dataset
from countries.enums import LANGUAGES, PlaceKind
from countries.folding import fold
from countries.naming import slugs

_RULES = frozenset({"never", "capital", "lower", "name", "code"})


@register(Tags.compatibility)
def check_reference_data(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E001 damaged file, E002 country without name or slug, E003 equal slugs, E004 own table, with what to do."""
    if app_configs is not None and not any(config.name == "countries" for config in app_configs):
        return []
    try:
        rows: dict[str, Any] = dataset.read("cldr").rows
        dataset.read(dataset.GUARD_SET)
        tables = {name: dataset.table(name) for name in dataset.OWN_TABLES}
    except dataset.ReferenceDataDamaged as damaged:
        return [Error(f"Reference data are damaged: {damaged}", hint="Restore countries/data/ from the repository.", id="countries.E001")]
    return [*unnamed(rows), *equal_slugs(rows, tables["aliases.csv"]), *unknown_in_tables(tables, set(rows))]


def unnamed(rows: dict[str, Any]) -> Iterator[CheckMessage]:
    """E002: a country that has no name, or no slug, in one of the languages would have no page there."""
    for code, row in rows.items():
        missing = [language for language, slug in slugs(row.get("names", {}), code, ()).items() if not slug]
        if missing:
            text = f"Country {code} has no name for a page in: {', '.join(missing)}."
            yield Error(text, hint="Run build_reference again with a data set that names it.", id="countries.E002")


def equal_slugs(rows: dict[str, Any], aliases: list[dict[str, str]]) -> Iterator[CheckMessage]:
    """E003: two countries of one language with the same address."""
    own = [row for row in aliases if row["use"] == "slug"]
    given = Counter(pair for code, row in rows.items() for pair in slugs(row.get("names", {}), code, own).items())
    for (language, slug), count in given.items():
        if count > 1:
            text = f"{count} countries have the address {slug} in {language}."
            yield Error(text, hint="Give one of them an alias with use=slug.", id="countries.E003")


def unknown_in_tables(tables: dict[str, list[dict[str, str]]], codes: set[str]) -> Iterator[CheckMessage]:
    """E004: an own table names an unknown country, language, kind or rule, or a key that is not folded."""
    for name, rows in tables.items():
        for row in rows:
            fault = _fault(row, codes)
            if fault:
                yield Error(f"{name}: {fault} in {row}", hint="docs/countries.md describes the columns.", id="countries.E004")


def _fault(row: dict[str, str], codes: set[str]) -> str:
    if "code" in row and row["code"] not in codes:
        return "unknown country"
    if "kind" in row and row["kind"] not in PlaceKind.values:
        return "unknown kind"
    if "rule" in row and row["rule"] not in _RULES:
        return "unknown rule"
    languages = row.get("languages", row.get("language", "")).split()
    if any(language not in LANGUAGES for language in languages):
        return "unknown language"
    return "key not folded" if "key" in row and fold(row["key"]) != row["key"] else ""
