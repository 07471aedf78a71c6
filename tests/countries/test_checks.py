"""System checks of the reference data, and the guard words."""

from pathlib import Path
from typing import Any

import pytest

from countries import checks, dataset
from countries.checks import check_reference_data, equal_slugs, unknown_in_tables, unnamed
from countries.wording import Rule, Setting, Verdict, guard, is_common_code, rule_of, verdict_on_abbreviation, verdict_on_name


def ids(messages: Any) -> list[str | None]:
    return [message.id for message in messages]


def test_committed_data_pass() -> None:
    assert check_reference_data(None) == []


def test_other_apps_are_not_checked_here() -> None:
    assert check_reference_data([]) == []


def test_damaged_file_is_e001(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_args: Any) -> None:
        raise dataset.ReferenceDataDamaged("cldr.json: gone")

    monkeypatch.setattr(checks.dataset, "read", damaged)
    found = check_reference_data(None)
    assert ids(found) == ["countries.E001"]
    assert "cldr.json: gone" in found[0].msg
    assert found[0].hint


def test_country_without_a_name_is_e002() -> None:
    found = list(
        unnamed({"PE": {"names": {"fr": "Pérou", "nl": "Peru", "de": "Peru"}}, "BE": {"names": dict.fromkeys(("fr", "nl", "de", "en"), "B")}})
    )
    assert ids(found) == ["countries.E002"]
    assert "PE" in found[0].msg
    assert "en" in found[0].msg


def test_equal_addresses_are_e003() -> None:
    names = {"names": dict.fromkeys(("fr", "nl", "de", "en"), "Congo")}
    assert ids(equal_slugs({"CD": names, "CG": names}, [])) == ["countries.E003"] * 4
    alias = {"code": "CD", "language": "", "name": "Congo-Kinshasa", "kind": "country", "use": "slug"}
    assert ids(equal_slugs({"CD": names, "CG": names}, [alias])) == []


@pytest.mark.parametrize(
    "row",
    [
        {"code": "ZZ"},
        {"code": "BE", "kind": "planet"},
        {"rule": "sometimes"},
        {"languages": "fr it"},
        {"language": "it"},
        {"key": "Pérou"},
    ],
)
def test_fault_in_an_own_table_is_e004(row: dict[str, str]) -> None:
    assert ids(unknown_in_tables({"aliases.csv": [row]}, {"BE"})) == ["countries.E004"]


def test_own_tables_cover_the_countries_most_used() -> None:
    assert len(dataset.table("demonyms.csv")) >= 60
    assert len({row["code"] for row in dataset.table("demonyms.csv")}) == len(dataset.table("demonyms.csv"))


def test_rules_differ_by_language() -> None:
    assert rule_of("nice", "en") is Rule.NEVER
    assert rule_of("nice", "fr") is Rule.CAPITAL
    assert rule_of("peru", "fr") is Rule.NONE
    assert rule_of("nice", "") is Rule.NAME


@pytest.mark.parametrize(
    ("key", "language", "setting", "verdict"),
    [
        ("nice", "en", Setting(alone=True, nearly_alone=True, capital=True), Verdict.WORD),
        ("nice", "fr", Setting(alone=True, nearly_alone=True, capital=True), Verdict.DOUBTFUL),
        ("nice", "fr", Setting(alone=True, nearly_alone=True, capital=False), Verdict.WORD),
        ("halle", "de", Setting(alone=False, nearly_alone=True, capital=True), Verdict.WORD),
        ("lima", "en", Setting(alone=False, nearly_alone=False, capital=True), Verdict.DOUBTFUL),
        ("lima", "en", Setting(alone=False, nearly_alone=False, capital=False), Verdict.WORD),
        ("turkey", "en", Setting(alone=False, nearly_alone=False, capital=True), Verdict.PLACE),
        ("turkey", "en", Setting(alone=False, nearly_alone=True, capital=False), Verdict.DOUBTFUL),
        ("peru", "en", Setting(alone=False, nearly_alone=False, capital=False), Verdict.PLACE),
    ],
)
def test_verdict_on_a_name(key: str, language: str, setting: Setting, verdict: Verdict) -> None:
    assert verdict_on_name(key, language, setting) is verdict


def test_abbreviation_counts_in_capitals_or_alone() -> None:
    assert verdict_on_abbreviation(Setting(alone=False, nearly_alone=True, capital=False)) is Verdict.WORD
    assert verdict_on_abbreviation(Setting(alone=False, nearly_alone=False, capital=True)) is Verdict.PLACE
    assert verdict_on_abbreviation(Setting(alone=True, nearly_alone=True, capital=False)) is Verdict.PLACE


def test_guard_knows_frequent_words_and_abbreviations() -> None:
    assert {"chien", "peur"} <= guard().frequent
    assert is_common_code("usd", "fr")
    assert is_common_code("vol", "fr")
    assert not is_common_code("kbl", "fr")
    assert is_common_code("vol", "")


def test_every_data_set_states_its_licence(data_folder: Path) -> None:
    for release in dataset.releases(data_folder).values():
        assert release.licence
        assert len(release.sha) == 64
