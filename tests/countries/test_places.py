"""resolve_place beyond the table: how it reads a text, what it costs, what it never does."""

from typing import Any

import pytest

from countries import directory
from countries.enums import MatchReason
from countries.lookup import rows_of
from countries.places import resolve_place
from countries.typos import index, undouble

pytestmark = pytest.mark.django_db


def codes(text: str, language: str = "en", **options: Any) -> list[str]:
    return [candidate.country_code for candidate in resolve_place(text, language, **options)]


def test_candidates_come_in_the_order_of_the_text_with_their_position() -> None:
    text = "De Nairobi à Kinshasa"
    found = resolve_place(text, "fr")
    assert [(c.country_code, c.kind, c.matched) for c in found] == [("KE", "capital", "Nairobi"), ("CD", "capital", "Kinshasa")]
    assert [text[c.start : c.end] for c in found] == ["Nairobi", "Kinshasa"]


def test_the_strongest_meaning_of_an_ambiguous_name_comes_first() -> None:
    found = resolve_place("Niger", "fr")
    assert [(c.country_code, c.reason) for c in found] == [("NE", "ambiguous"), ("NG", "ambiguous")]
    assert found[0].weight > found[1].weight


def test_several_countries_under_one_form_are_never_exact() -> None:
    for text in ("Georgia", "Congo", "San José", "Kingston", "Korea", "Guinea"):
        found = resolve_place(text, "en")
        assert len({c.country_code for c in found}) > 1
        assert {c.reason for c in found} == {MatchReason.AMBIGUOUS.value}


def test_longest_name_wins_over_the_names_inside_it() -> None:
    assert codes("Papua New Guinea") == ["PG"]
    assert codes("Zuid-Soedan", "nl") == ["SS"]
    assert codes("Corée du Nord", "fr") == ["KP"]


def test_a_form_of_the_texts_own_language_shuts_out_the_others() -> None:
    assert codes("Island", "de") == ["IS"]
    assert codes("Island", "en") == []


def test_unknown_language_makes_a_word_doubtful_and_a_name_certain() -> None:
    assert [c.reason for c in resolve_place("Lima", "")] == ["ambiguous"]
    assert [c.reason for c in resolve_place("Pérou", "")] == ["exact"]


def test_airport_code_counts_in_capitals_or_alone_only() -> None:
    assert codes("kbl") == ["AF"]
    assert codes("we wait at KBL since Monday") == ["AF"]
    assert codes("we wait at kbl since Monday") == []
    assert codes("WE WAIT AT KBL SINCE MONDAY") == []
    assert codes("BRU KBL") == ["BE", "AF"]


def test_small_airport_is_a_question_in_a_short_text_and_nothing_in_a_sentence() -> None:
    assert {c.reason for c in resolve_place("KDH airport", "en")} == {"ambiguous"}
    assert codes("the people of KDH wrote to us yesterday") == []


def test_accented_word_is_no_code() -> None:
    assert codes("été", "fr") == []


def test_typos_are_looked_for_in_short_texts_only_and_on_demand() -> None:
    assert codes("Afghanstan") == ["AF"]
    assert codes("Afghanstan", typos=False) == []
    assert codes("one two three four five six seven eight nine ten eleven twelve Afghanstan") == []


def test_typo_never_outranks_the_name_as_written() -> None:
    typo, exact = resolve_place("Marroko", "nl")[0], resolve_place("Marokko", "nl")[0]
    assert (typo.reason, exact.reason) == ("typo", "exact")
    assert typo.weight < exact.weight


def test_same_name_twice_is_one_candidate() -> None:
    assert codes("Peru, peru, PERU") == ["PE"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\u202e\u202d", "\ud800", "Pérou\x00Pérou\u202e", "x" * 1_000_000, "Peru " * 200_000, "🇵🇪 " * 5_000, "a." * 50_000],
)
def test_strange_input_is_read_without_error(text: str) -> None:
    assert {c.country_code for c in resolve_place(text, "fr")} <= {"PE"}


def test_one_query_for_all_groups_of_words(django_assert_num_queries: Any) -> None:
    index()
    with django_assert_num_queries(1):
        resolve_place("Van Kabul via Istanbul naar Brussel, met een tussenstop in Addis Abeba en Burkna Faso", "nl")


def test_text_without_a_known_name_asks_nothing(django_assert_num_queries: Any) -> None:
    index()
    with django_assert_num_queries(0):
        assert resolve_place("Hoe kom ik morgen thuis zonder paspoort", "nl") == []


def test_more_keys_than_one_statement_holds(django_assert_num_queries: Any) -> None:
    keys = [*(f"unknown {number}" for number in range(600)), "kaboul", "perou"]
    rows_of(keys)
    with django_assert_num_queries(2):
        found = rows_of(keys)
    assert {key: rows[0].country for key, rows in found.items()} == {"kaboul": "AF", "perou": "PE"}
    with django_assert_num_queries(0):
        assert rows_of([]) == {}


def test_meanings_stand_in_the_order_of_their_weight() -> None:
    rows = rows_of(["niger"])["niger"]
    assert rows[0].country == "NE"
    assert [row.weight for row in rows] == sorted((row.weight for row in rows), reverse=True)
    assert all(isinstance(row.is_code, bool) for row in rows)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("nangladesh", "bangladesh"),  # another first letter
        ("abangladesh", "bangladesh"),  # one too many
        ("angladesh", "bangladesh"),  # one too few
        ("abngladesh", "bangladesh"),  # two in the wrong order
        ("bangaldesh", "bangladesh"),
        ("banglades", "bangladesh"),
    ],
)
def test_nearest_key_also_with_a_wrong_beginning(word: str, key: str) -> None:
    assert index().near(word) == {key: 1}


@pytest.mark.parametrize("word", ["xangladehs", "peri", "xxxxxxxxxxxx"])
def test_two_mistakes_with_a_wrong_beginning_are_too_many(word: str) -> None:
    assert "bangladesh" not in index().near(word)
    assert index().near("xxxxxxxxxxxx") == {}


def test_text_without_words_asks_nothing(django_assert_num_queries: Any) -> None:
    index()
    with django_assert_num_queries(0):
        assert resolve_place("?!", "nl") == []


def test_index_is_kept_until_the_tables_change(django_assert_num_queries: Any) -> None:
    first = index()
    with django_assert_num_queries(0):
        assert index() is first
    directory.refresh()
    assert index() is first


def test_undouble_folds_runs_of_letters() -> None:
    assert undouble("philippines") == undouble("philipines") == "philipines"
    assert undouble("") == ""


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("dormir a lima hotel", "fr", ["PE"]),
        ("hotel lima pas cher centre", "fr", ["PE"]),
        ("visa turkey how long does it", "en", ["TR"]),
        ("reis chili in de winter", "nl", ["CL"]),
        ("chili con carne", "nl", []),
        ("nice hotel near the station", "en", []),
        ("split the bill", "en", []),
        ("tours en stad", "nl", []),
    ],
)
def test_in_a_query_nobody_types_capitals(query: str, language: str, expected: list[str]) -> None:
    assert codes(query, language, is_query=True) == expected


def test_a_word_that_is_a_place_too_is_a_question_in_a_query_and_none_in_a_sentence() -> None:
    (found,) = resolve_place("dormir a lima hotel", "fr", is_query=True)
    assert found.reason == MatchReason.AMBIGUOUS
    assert codes("dormir a lima hotel", "fr") == []
    assert codes("on mange des haricots de lima avec du riz ce soir encore", "fr", is_query=True) == []
