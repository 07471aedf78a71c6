"""The shipped thesaurus and how terms are looked up."""

import csv

import pytest

from search.lexicon import LANGUAGES
from search.thesaurus import PATH, Thesaurus, default_thesaurus, key_of, make_concept, shipped_concepts


def names(words, language):
    return [concept.name for concept in default_thesaurus().concepts_of(key_of(words, language), language)]


def test_every_concept_has_every_language():
    concepts = shipped_concepts()
    assert len(concepts) >= 150
    assert [concept.name for concept in concepts if {variant.language for variant in concept.variants} != set(LANGUAGES)] == []


def test_names_are_unique():
    with PATH.open(encoding="utf-8", newline="") as file:
        listed = [row["concept"] for row in csv.DictReader(file)]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        (["vluchten"], "nl", "flight"),
        (["Flüge"], "de", "flight"),
        (["vols"], "fr", "flight"),
        (["tremblements", "terre"], "fr", "earthquake"),
        (["geldautomaten"], "nl", "atm"),
        (["embassies"], "en", "embassy"),
        (["passeports"], "fr", "passport"),
    ],
)
def test_inflected_forms_are_found(words, language, expected):
    assert expected in names(words, language)


def test_same_word_of_another_language_is_not_meant():
    assert names(["vol"], "nl") == []
    assert "gift" not in names(["Gift"], "de")


def test_unknown_word_has_no_concept():
    assert default_thesaurus().concepts_of(("zzz",), "nl") == []
    assert default_thesaurus().concepts_of((), "nl") == []


@pytest.mark.parametrize("variants", [{"fr": "de la"}, {"nl": "een twee drie vier vijf zes zeven acht negen tien"}])
def test_variant_that_cannot_be_searched_is_refused(variants):
    with pytest.raises(ValueError, match="searchable words"):
        make_concept("wrong", variants)


def test_two_concepts_of_one_word_are_both_found():
    thesaurus = Thesaurus([make_concept("a", {"nl": "post"}), make_concept("b", {"nl": "post|posten"})])
    assert [concept.name for concept in thesaurus.concepts_of(key_of(["post"], "nl"), "nl")] == ["a", "b"]
