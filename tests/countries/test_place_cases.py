"""Every row of place_cases.csv, by language."""

import csv
from pathlib import Path

import pytest

from countries.places import resolve_place

TABLE = Path(__file__).with_name("place_cases.csv")


def cases() -> list[dict[str, str]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def test_the_table_is_large_and_has_negatives_in_every_language() -> None:
    rows = cases()
    assert len(rows) >= 400
    for language in ("fr", "nl", "de", "en"):
        assert sum(row["language"] == language and row["expected"] == "-" for row in rows) >= 10
    assert len({(row["text"], row["language"]) for row in rows}) == len(rows)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en", ""])
def test_every_case_of_the_table(language: str) -> None:
    wrong = []
    for row in cases():
        if row["language"] != language:
            continue
        found = resolve_place(row["text"], language)
        codes = " ".join(sorted({candidate.country_code for candidate in found})) or "-"
        reasons = {candidate.reason for candidate in found}
        if codes != row["expected"] or (row["reason"] and reasons != {row["reason"]}):
            wrong.append((row["text"], row["expected"], row["reason"], codes, reasons))
    assert wrong == []
