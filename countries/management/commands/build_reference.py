"""Rebuild the committed reference data from the installed data sets (development packages)."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from countries.building import airports, cldr, geonames, phones, zones
from countries.building.sources import UnknownVersion, release
from countries.building.writing import write_data_set
from countries.dataset import DATA_DIR, FACT_SETS


class Command(BaseCommand):
    help = "Reads CLDR, phonenumbers, tzdata, GeoNames and airportsdata and writes countries/data/*.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--target", type=Path, default=DATA_DIR, help="folder to write to (default: countries/data)")
        parser.add_argument("--as-of", type=date.fromisoformat, help="day of data sets whose installed version is not listed")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            provenance = {data_set: release(data_set, options["as_of"]) for data_set in FACT_SETS}
        except UnknownVersion as unknown:
            raise CommandError(str(unknown)) from unknown
        for data_set, rows in self._rows().items():
            extra = {"regions": cldr.region_names()} if data_set == "cldr" else {}
            head = provenance[data_set]
            write_data_set(options["target"] / f"{data_set}.json", head, rows, **extra)
            self.stdout.write(f"{data_set}: {len(rows)} rows ({head['version']}, as of {head['as_of']})")

    def _rows(self) -> dict[str, Any]:
        codes = zones.country_codes()
        country_zones = zones.zones_of_countries()
        return {
            "cldr": cldr.country_rows(codes),
            "phonenumbers": phones.phone_rows(codes),
            "tzdata": {code: {"time_zones": country_zones[code]} for code in codes if code in country_zones},
            "geonames": geonames.geonames_rows(codes, country_zones),
            "airports": airports.airport_rows(set(codes)),
        }
