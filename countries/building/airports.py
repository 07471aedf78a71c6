"""Airports with an IATA code, as airportsdata gives them. It does not say which have scheduled flights, so none are left out."""

from typing import Any

import airportsdata


def airport_rows(known: set[str]) -> list[list[Any]]:
    """[IATA, country, name, city, latitude, longitude, zone], in order of country and code."""
    rows = [
        [iata, row["country"], row["name"], row["city"], round(row["lat"], 4), round(row["lon"], 4), row["tz"]]
        for iata, row in airportsdata.load("IATA").items()
        if row["country"] in known and len(iata) == 3
    ]
    return sorted(rows, key=lambda row: (row[1], row[0]))
