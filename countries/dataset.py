"""Reading of the committed reference data (`countries/data/`), the only source of facts at run time."""

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).with_name("data")
FACT_SETS = ("cldr", "phonenumbers", "tzdata", "geonames", "airports")
GUARD_SET = "guard"
OWN_SET = "own"
OWN_TABLES = ("aliases.csv", "confusable.csv", "demonyms.csv", "known_airports.csv", "words.csv")


@dataclass(frozen=True, slots=True)
class Release:
    """Provenance of one data set and the digest of its committed bytes."""

    data_set: str
    version: str
    source: str
    licence: str
    as_of: date
    sha: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """One committed file: its release, its rows, and what else stands in its head."""

    release: Release
    rows: Any
    extra: dict[str, Any]


class ReferenceDataDamaged(Exception):
    """A committed file is missing or not in its form."""


def read(data_set: str, folder: Path = DATA_DIR) -> DataSet:
    """The committed `data_set`. Raises `ReferenceDataDamaged`."""
    path = folder / f"{data_set}.json"
    try:
        raw = path.read_bytes()
        content: dict[str, Any] = json.loads(raw)
        rows = content.pop("rows")
        release = _release(content.pop("release"), _digest(data_set, raw, folder))
    except (OSError, ValueError, KeyError) as error:
        raise ReferenceDataDamaged(f"{path.name}: {error}") from error
    return DataSet(release, rows, content)


def releases(folder: Path = DATA_DIR) -> dict[str, Release]:
    """Release of every committed data set, by its name. Raises `ReferenceDataDamaged`."""
    return {data_set: read(data_set, folder).release for data_set in (*FACT_SETS, GUARD_SET, OWN_SET)}


def table(name: str, folder: Path = DATA_DIR) -> list[dict[str, str]]:
    """Rows of one of the own tables; lines that begin with # are comments. Raises `ReferenceDataDamaged`."""
    path = folder / name
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    except OSError as error:
        raise ReferenceDataDamaged(f"{name}: {error}") from error
    rows = list(csv.DictReader(lines))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ReferenceDataDamaged(f"{name}: row {number} has not the columns of its head")
    return rows


def _release(head: dict[str, str], sha: str) -> Release:
    return Release(head["data_set"], head["version"], head["source"], head["licence"], date.fromisoformat(head["as_of"]), sha)


def _digest(data_set: str, raw: bytes, folder: Path) -> str:
    digest = hashlib.sha256(raw)
    if data_set == OWN_SET:
        for name in OWN_TABLES:
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()
