"""Folding and the forms of names."""

import pytest

from countries.demonyms import french, german, inflected
from countries.folding import fold, fold_german, words
from countries.naming import kind_of_capital, slug, slugs, spellings


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Pérou", "perou"),
        ("Pe\u0301rou", "perou"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("Côte d'Ivoire", "cote d ivoire"),
        ("U.S.A.", "usa"),
        ("Færøerne", "faeroerne"),
        ("Großbritannien", "grossbritannien"),
        ("São Tomé & Príncipe", "sao tome principe"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Nuku‘alofa", "nuku alofa"),
        ("  Sri   Lanka ", "sri lanka"),
        ("Congo - Kinshasa", "congo kinshasa"),
        ("", ""),
    ],
)
def test_fold(name: str, key: str) -> None:
    assert fold(name) == key


def test_german_umlauts_may_be_spelled_out() -> None:
    assert fold_german("Österreich") == "oesterreich"
    assert fold_german("Ägypten") == "aegypten"
    assert fold_german("Peru") == fold("Peru")


def test_words_know_where_they_stand() -> None:
    text = "Aux U.S.A. : l'été à Köln"
    found = words(text)
    assert [word.key for word in found] == ["aux", "usa", "l", "ete", "a", "koln"]
    assert all(text[word.start : word.end] == word.written for word in found)
    assert len(words(text, 2)) == 2


def test_french_forms_of_both_genders_and_numbers() -> None:
    assert list(french("Belge", "Belge")) == ["Belge", "Belges", "Belge", "Belges"]
    assert list(french("Français", "Française")) == ["Français", "Française", "Françaises"]


def test_german_forms_carry_every_ending() -> None:
    forms = set(german("belgisch", "Belgier", "Belgier", "Belgierin"))
    assert forms == {
        "belgisch",
        "belgische",
        "belgischen",
        "belgischer",
        "belgisches",
        "belgischem",
        "Belgier",
        "Belgiern",
        "Belgierin",
        "Belgierinnen",
    }


def test_every_country_of_the_table_has_forms_in_four_languages() -> None:
    row = dict.fromkeys(("fr_m", "fr_f", "nl_adj", "nl_m", "nl_pl", "nl_f", "de_adj", "de_m", "de_pl", "de_f", "en_adj", "en_m", "en_pl"), "a/b")
    assert {language for language, _ in inflected(row)} == {"fr", "nl", "de", "en"}


def test_spellings_of_a_name_write_signs_out() -> None:
    assert "Antigua and Barbuda" in spellings("Antigua & Barbuda", "en")
    assert "Sankt Lucia" in spellings("St. Lucia", "de")
    assert list(spellings("Myanmar (Birmanie)", "fr")) == ["Myanmar (Birmanie)", "Myanmar", "Birmanie"]
    assert list(spellings("Saint-Martin (partie néerlandaise)", "fr")) == ["Saint-Martin (partie néerlandaise)"]


def test_slug_is_made_of_the_alias_where_one_is_marked() -> None:
    assert slug("Österreich", "de") == "oesterreich"
    assert slug("Österreich", "fr") == "osterreich"
    marked = [{"code": "HK", "language": "", "name": "Hong Kong", "use": "slug"}]
    assert slugs({"fr": "R.A.S. chinoise"}, "HK", marked)["fr"] == "hong-kong"
    assert slugs({"fr": "Pérou"}, "PE", marked) == {"fr": "perou", "nl": "", "de": "", "en": ""}


def test_contested_capital_is_a_city() -> None:
    assert kind_of_capital({"contested": True}) == "city"
    assert kind_of_capital({}) == "capital"
