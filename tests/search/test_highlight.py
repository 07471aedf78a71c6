"""Highlights are pieces of text that join to the original; only whole wanted words are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import SearchQuery, plain
from search.highlight import FRAGMENT, LONGEST_TEXT, best_fragment, highlight, wanted_terms
from search.plan import build_plan
from search.thesaurus import default_thesaurus


def wanted(text, reader, language):
    return wanted_terms(build_plan(SearchQuery(text, reader), default_thesaurus()), language)


def marked(parts):
    return [part.text for part in parts if part.is_match]


@pytest.mark.parametrize(
    ("query", "reader", "text", "language", "expected"),
    [
        ("vlucht", "nl", "De vluchten naar Lima", "nl", ["vluchten"]),
        ("vlucht", "nl", "Un vol vers Lima", "fr", ["vol"]),
        ("hotel", "fr", "L’hôtel est ouvert", "fr", ["L’hôtel"]),
        ("ticket", "nl", "Een terugreisticket", "nl", ["terugreisticket"]),
        ("visa", "fr", "VISA visum visa.", "fr", ["VISA", "visa"]),
        ("Kaboul", "fr", "Kaboul", "es", ["Kaboul"]),
        ("vlucht", "nl", "De lucht is blauw", "nl", []),
        ("", "nl", "De lucht is blauw", "nl", []),
    ],
)
def test_marked_words(query, reader, text, language, expected):
    parts = highlight(text, wanted(query, reader, language))
    assert marked(parts) == expected
    assert plain(parts) == text


@given(st.text(max_size=400), st.text(max_size=40))
def test_pieces_join_to_the_text(text, query):
    found = wanted(query, "fr", "fr")
    assert plain(highlight(text, found)) == text
    assert len(plain(best_fragment(text, found))) <= FRAGMENT + 4


def test_best_sentence_is_the_one_with_most_different_words():
    filler = "Dit is een lange zin zonder iets wat gezocht wordt, en hij gaat nog even door. " * 5
    text = f"De grens is ver. {filler}De grens met Bolivia is gesloten. {filler}"
    parts = best_fragment(text, wanted("grens Bolivia gesloten", "nl", "nl"))
    assert plain(parts).startswith("… De grens met Bolivia is gesloten.")
    assert marked(parts) == ["grens", "Bolivia", "gesloten"]


def test_long_sentence_is_cut_at_words():
    parts = best_fragment("woord " * 400, wanted("woord", "nl", "nl"))
    assert plain(parts).endswith("woord …")


def test_word_deep_in_an_endless_sentence_is_shown():
    parts = best_fragment("niets " * 300 + "vlucht " + "niets " * 300, wanted("vlucht", "nl", "nl"))
    assert marked(parts) == ["vlucht"]


def test_nothing_wanted_shows_the_beginning():
    assert plain(best_fragment("Kort.", wanted("xyz", "nl", "nl"))) == "Kort."
    assert best_fragment("", wanted("xyz", "nl", "nl")) == ()


def test_very_long_text_is_read_to_a_limit():
    parts = best_fragment("a " * LONGEST_TEXT + "vlucht", wanted("vlucht", "nl", "nl"))
    assert marked(parts) == []
