"""Loading: idempotent, keeps corrections, addresses and places that people chose."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from countries import dataset, directory
from countries.dataset import ReferenceDataDamaged
from countries.loading import fact_value, load_reference, row_counts
from countries.models import Country, CountryFact, CountryOverride, Place, PlaceName, ReferenceRelease

pytestmark = pytest.mark.django_db


def change(path: Path, edit: Any) -> None:
    content = json.loads(path.read_text("utf-8"))
    edit(content)
    path.write_text(json.dumps(content), "utf-8")


def test_second_load_of_the_same_data_does_nothing(django_assert_num_queries: Any) -> None:
    names = set(PlaceName.objects.values_list("pk", flat=True))
    loaded = load_reference()
    assert not loaded.changed
    assert loaded.rows == row_counts()
    assert set(PlaceName.objects.values_list("pk", flat=True)) == names


def test_load_gives_every_row_a_release_with_source_licence_and_day() -> None:
    assert set(ReferenceRelease.objects.current().values_list("data_set", flat=True)) == {*dataset.FACT_SETS, "guard", "own"}
    for release in ReferenceRelease.objects.current():
        assert release.source
        assert release.licence
        assert release.as_of
    for model in (Country, CountryFact, Place, PlaceName):
        assert not model._default_manager.exclude(release__is_current=True).exists()


def test_new_release_is_loaded_and_the_old_one_stays_as_history(data_folder: Path) -> None:
    change(data_folder / "cldr.json", lambda content: content["rows"]["PE"]["names"].update(fr="Pérou nouveau"))
    old = ReferenceRelease.objects.current().get(data_set="cldr")
    assert load_reference(data_folder).changed
    assert Country.objects.get(code="PE").name_fr == "Pérou nouveau"
    old.refresh_from_db()
    assert not old.is_current
    assert ReferenceRelease.objects.current().filter(data_set="cldr").count() == 1
    assert not load_reference(data_folder).changed


def test_changed_name_keeps_the_address(data_folder: Path) -> None:
    change(data_folder / "cldr.json", lambda content: content["rows"]["PE"]["names"].update(fr="Pérou nouveau"))
    load_reference(data_folder)
    assert Country.objects.get(code="PE").slug_fr == "perou"


def test_correction_survives_a_reload_and_wins(data_folder: Path) -> None:
    CountryOverride.objects.create(country_id="PE", field="emergency", value={"police": ["105"]}, reason="embassy", made_by="a-1")
    change(data_folder / "phonenumbers.json", lambda content: content["rows"]["PE"].update(emergency={"any": ["911"]}))
    load_reference(data_folder)
    directory.refresh()
    assert CountryFact.objects.get(country_id="PE", field="emergency").value == {"any": ["911"]}
    assert directory.entry("PE").emergency == {"police": ("105",)}


def test_place_keeps_its_row_and_is_never_deleted(data_folder: Path) -> None:
    kabul = Place.objects.airports().get(source_id="KBL")
    change(data_folder / "airports.json", lambda content: content.update(rows=[row for row in content["rows"] if row[0] != "KBL"]))
    load_reference(data_folder)
    kabul.refresh_from_db()
    assert not kabul.is_present
    assert not PlaceName.objects.filter(place=kabul).exists()
    brussels = Place.objects.airports().get(source_id="BRU")
    assert brussels.is_present


def test_damaged_data_change_nothing(data_folder: Path) -> None:
    (data_folder / "cldr.json").write_text('{"release": {}', "utf-8")
    before = row_counts()
    with pytest.raises(ReferenceDataDamaged, match=r"cldr\.json"):
        load_reference(data_folder)
    assert row_counts() == before


def test_missing_file_and_ragged_table_are_damage(data_folder: Path) -> None:
    (data_folder / "aliases.csv").write_text("code,language,name,kind,use\nBE,fr,Belgique\n", "utf-8")
    with pytest.raises(ReferenceDataDamaged, match="row 2"):
        dataset.table("aliases.csv", data_folder)
    (data_folder / "own.json").unlink()
    with pytest.raises(ReferenceDataDamaged, match=r"own\.json"):
        dataset.read("own", data_folder)


def test_changed_own_table_is_a_new_release(data_folder: Path) -> None:
    before = dataset.read("own", data_folder).release.sha
    with (data_folder / "aliases.csv").open("a", encoding="utf-8") as table:
        csv.writer(table).writerow(["BE", "en", "Little Belgium", "country", ""])
    assert dataset.read("own", data_folder).release.sha != before
    load_reference(data_folder)
    assert PlaceName.objects.get(key="little belgium").country_id == "BE"


def test_capitals_are_places_with_names_and_contested_ones_are_cities() -> None:
    kabul = Place.objects.capitals().of_country("AF").get()
    assert kabul.names["fr"] == "Kaboul"
    assert kabul.population > 1_000_000
    assert not Place.objects.capitals().of_country("IL").exists()
    assert Place.objects.of_country("IL").filter(kind="city").exists()
    assert fact_value("capital", {"contested": True, "capital": {"name": "x", "names": {}}}) is None


def test_typo_targets_hold_no_codes_and_no_foreign_forms() -> None:
    targets = PlaceName.objects.typo_targets()
    assert targets.filter(key="kaboul").exists()
    assert not targets.filter(is_code=True).exists()
    assert not targets.filter(kind="airport").exists()


def test_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert out.getvalue().startswith("reference data up to date: country 250")


def test_command_reports_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise ReferenceDataDamaged("cldr.json: gone")

    monkeypatch.setattr("countries.management.commands.load_reference.load_reference", damaged)
    with pytest.raises(CommandError, match=r"cldr\.json: gone"):
        call_command("load_reference")
