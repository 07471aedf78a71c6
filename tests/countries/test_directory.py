"""The countries in memory: complete, sorted, cheap, renewed."""

from typing import Any

import pytest

from accounts.models import User
from countries import directory
from countries.directory import UnknownCountry
from countries.enums import LANGUAGES
from countries.models import Country, CountryOverride

pytestmark = pytest.mark.django_db


def test_every_iso_country_and_kosovo_has_a_name_and_an_address_in_four_languages() -> None:
    entries = directory.entries("fr")
    assert len(entries) == 250
    assert directory.known("XK")
    for country in entries:
        for language in LANGUAGES:
            assert country.names[language]
            assert directory.by_slug(country.slugs[language], language) is country


@pytest.mark.parametrize(("language", "slug"), [("fr", "perou"), ("nl", "peru"), ("de", "peru"), ("en", "peru")])
def test_addresses_of_the_contract(language: str, slug: str) -> None:
    found = directory.by_slug(slug, language)
    assert found is not None
    assert found.code == "PE"


@pytest.mark.parametrize(
    ("code", "language", "slug"),
    [("AT", "de", "oesterreich"), ("CI", "fr", "cote-d-ivoire"), ("HK", "fr", "hong-kong"), ("US", "fr", "etats-unis"), ("LC", "en", "st-lucia")],
)
def test_slugs_are_readable(code: str, language: str, slug: str) -> None:
    assert directory.entry(code).slug(language) == slug


def test_slug_counts_in_its_language_only() -> None:
    assert directory.by_slug("perou", "nl") is None
    assert directory.by_slug("../perou", "fr") is None


def test_entry_gives_what_the_data_sets_say() -> None:
    belgium = directory.entry("BE")
    assert belgium.languages == ("nl", "fr", "de")
    assert belgium.currency == "EUR"
    assert belgium.time_zones == ("Europe/Brussels",)
    assert belgium.calling_code == "+32"
    assert belgium.emergency == {"any": ("100", "101", "112")}
    assert belgium.neighbours == ("DE", "FR", "LU", "NL")
    assert belgium.capital_name("nl") == "Brussel"
    assert "BRU" in {airport.iata for airport in belgium.airports}
    assert belgium.airports[0].iata in {"BRU", "CRL"}


def test_what_no_data_set_gives_is_empty() -> None:
    assert directory.entry("GN").emergency == {}
    assert directory.entry("BV").time_zones == ()
    assert directory.entry("HM").airports == ()


def test_contested_capitals_are_not_stated() -> None:
    for code in ("IL", "PS", "EH"):
        assert directory.entry(code).capital_name("fr") == ""


def test_every_fact_names_its_source_licence_and_day() -> None:
    for country in directory.entries("en"):
        for source in country.provenance.values():
            assert source.source
            assert source.licence
            assert source.as_of.year >= 2025
    assert set(directory.entry("BE").provenance) == {
        "names",
        "capital",
        "currencies",
        "languages",
        "time_zones",
        "calling_code",
        "emergency",
        "neighbours",
        "airports",
    }


def test_entries_are_sorted_without_regard_to_accents() -> None:
    names = [country.name("fr") for country in directory.entries("fr")]
    assert names.index("Équateur") < names.index("Espagne") < names.index("Estonie")
    assert names[0] == "Afghanistan"


def test_choices_are_code_and_name_in_the_readers_language() -> None:
    choices = directory.choices("nl")
    assert len(choices) == 250
    assert ("BE", "België") in choices
    assert choices[0] == ("AF", "Afghanistan")


def test_regions_have_names_and_hold_their_countries() -> None:
    assert directory.region_name("150", "fr") == "Europe"
    assert directory.region_name("999", "fr") == ""
    assert ("150", "Europa") in directory.regions("nl")
    assert "BE" in {country.code for country in directory.in_region("155", "fr")}
    assert {country.code for country in directory.in_region("155", "fr")} == set(Country.objects.in_region("155").values_list("code", flat=True))


def test_unknown_country_is_refused() -> None:
    assert not directory.known("ZZ")
    with pytest.raises(UnknownCountry):
        directory.entry("ZZ")
    with pytest.raises(UnknownCountry):
        directory.name("be", "fr")


def test_unknown_language_reads_english() -> None:
    assert directory.entry("BE").name("it") == "Belgium"
    assert directory.entries("it")[0].code == "AF"


def test_questions_cost_no_query_once_read(django_assert_num_queries: Any) -> None:
    directory.entry("BE")
    with django_assert_num_queries(0):
        directory.entries("nl")
        directory.by_slug("perou", "fr")
        directory.choices("de")


def test_first_question_costs_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(8):
        directory.entry("BE")


def test_correction_made_elsewhere_is_seen_at_the_next_check(settings: Any) -> None:
    settings.COUNTRIES_REFRESH_SECONDS = 0
    assert directory.entry("GN").emergency == {}
    CountryOverride.objects.create(country_id="GN", field="emergency", value={"police": ["117"]}, reason="embassy", made_by="a-1")
    assert directory.entry("GN").emergency == {"police": ("117",)}
    assert directory.entry("GN").provenance["emergency"].source == "staff"


def test_between_two_checks_the_snapshot_stands(settings: Any) -> None:
    settings.COUNTRIES_REFRESH_SECONDS = 1_000
    before = directory.entry("GN")
    CountryOverride.objects.create(country_id="GN", field="emergency", value={"police": ["117"]}, reason="embassy", made_by="a-1")
    assert directory.entry("GN") is before


def test_no_row_of_the_app_points_at_a_user() -> None:
    for model in (Country, CountryOverride):
        assert all(field.related_model is not User for field in model._meta.get_fields())
