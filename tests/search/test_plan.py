"""How words become a plan: language, clauses, alternatives, how many must match."""

import pytest

from search.documents import LONGEST_QUERY, PlaceHint, SearchQuery
from search.lexicon import LANGUAGES
from search.plan import FOLDED, MOST_WORDS, PLACE_RELAXED, build_plan, query_language, required_clauses
from search.thesaurus import Thesaurus, default_thesaurus, make_concept

EMPTY = Thesaurus([])


def plan_of(text, language="", thesaurus=None, **fields):
    return build_plan(SearchQuery(text, language, **fields), thesaurus or default_thesaurus())


def written(plan):
    """The words of each clause as the reader wrote them."""
    return [clause.alternatives[0].words for clause in plan.clauses]


def said(plan, language):
    return {alternative.words for clause in plan.clauses for alternative in clause.alternatives if alternative.language == language}


@pytest.mark.parametrize(("count", "required"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (10, 6)])
def test_required_clauses(count, required):
    assert required_clauses(count) == required


@pytest.mark.parametrize(
    ("text", "reader", "expected"),
    [
        ("hoe kan ik naar huis", "fr", "nl"),
        ("comment rentrer à la maison", "nl", "fr"),
        ("wie komme ich nach Hause", "en", "de"),
        ("how do I get home", "de", "en"),
        ("vlucht", "fr", "nl"),
        ("visa", "de", "de"),
        ("Lima", "nl", "nl"),
        ("Lima", "", ""),
    ],
)
def test_query_language(text, reader, expected):
    assert query_language(text.split(), reader, default_thesaurus()) == expected


def test_small_words_fall_away_unless_there_are_no_others():
    assert written(plan_of("hoe kan ik naar Lima", "nl", EMPTY)) == [("Lima",)]
    assert written(plan_of("où est", "fr", EMPTY)) == [("où",), ("est",)]


def test_word_is_looked_for_in_the_languages_of_the_query_and_folded():
    plan = plan_of("Kaboul", "fr", EMPTY)
    assert [alternative.language for alternative in plan.clauses[0].alternatives] == ["fr", FOLDED]


def test_unknown_language_looks_in_all():
    assert plan_of("Kaboul", "", EMPTY).languages == LANGUAGES
    assert plan_of("Kaboul", "xx", EMPTY).languages == LANGUAGES


def test_concept_brings_its_words_in_other_languages():
    plan = plan_of("vlucht", "nl")
    assert said(plan, "fr") >= {("vol",)}
    assert said(plan, "de") >= {("Flug",)}
    assert said(plan, "en") >= {("flight",)}


def test_longest_term_wins():
    plan = plan_of("vol de rapatriement Kinshasa", "fr")
    assert written(plan) == [("vol", "rapatriement"), ("Kinshasa",)]
    assert ("repatriëringsvlucht",) in said(plan, "nl")


def test_compound_without_concept_is_looked_for_in_its_parts():
    assert ("reis", "ticket") in said(plan_of("terugreisticket", "nl", EMPTY), "nl")


def test_word_of_another_language_is_understood_too():
    assert ("vol",) in said(plan_of("vlucht", "fr"), "fr")


def test_staffs_concepts_take_the_place_of_the_shipped_ones():
    own = Thesaurus([make_concept("strike", {"nl": "stakingsdag", "fr": "journée d'action"})])
    assert ("journée", "d'action") in said(plan_of("stakingsdag", "nl", own), "fr")


def test_place_hint_gives_countries_to_its_words_only():
    plan = plan_of("vlucht Kaboul", "nl", places=(PlaceHint("kaboul", ("AF",)),))
    assert [clause.countries for clause in plan.clauses] == [(), ("AF",)]


def test_quoted_words_are_a_phrase_and_the_rest_is_not():
    plan = plan_of('"grens gesloten" Bolivia', "nl", EMPTY)
    assert [(clause.alternatives[0].words, clause.alternatives[0].phrase) for clause in plan.clauses] == [
        (("grens", "gesloten"), True),
        (("Bolivia",), False),
    ]


def test_same_word_twice_counts_once():
    plan = plan_of("Lima Lima lima", "nl", EMPTY)
    assert written(plan) == [("Lima",), ("lima",)]


def test_relaxed_plan_wants_one_clause():
    plan = plan_of("Lima Cusco Arequipa Puno", "nl", EMPTY)
    assert plan.required == 3
    relaxed = plan.relaxed()
    assert (relaxed.required, relaxed.is_relaxed) == (1, True)
    assert [clause.alternatives for clause in relaxed.clauses] == [clause.alternatives for clause in plan.clauses]


def test_place_must_match_until_the_plan_is_relaxed():
    query = SearchQuery("vlucht geannuleerd Lima", "nl", places=(PlaceHint("Lima", ("PE",), is_country=False),))
    plan = build_plan(query, EMPTY)
    (place,) = plan.places
    assert place.countries == ("PE",)
    assert plan.relaxed().places == ()
    assert plan.relaxed().clauses[-1].place_weight == place.place_weight * PLACE_RELAXED


def test_name_that_may_be_a_word_need_not_match():
    plan = build_plan(SearchQuery("nice hotel", "en", places=(PlaceHint("nice", ("FR",), is_sure=False),)), EMPTY)
    assert plan.places == ()
    assert [clause.countries for clause in plan.clauses] == [("FR",), ()]


def test_name_of_a_country_weighs_less_than_that_of_a_town():
    def weights(is_country):
        (clause,) = build_plan(SearchQuery("Peru", "nl", places=(PlaceHint("Peru", ("PE",), is_country=is_country),)), EMPTY).clauses
        return clause.alternatives[0].weight, clause.place_weight

    (country_word, country), (town_word, town) = weights(True), weights(False)
    assert country_word < town_word
    assert country > town


def test_need_comes_from_the_thesaurus():
    thesaurus = Thesaurus([make_concept("room", {"nl": "kamer", "fr": "chambre d'hôte"}, "shelter")])
    assert [clause.needs for clause in plan_of("kamer Lima", "nl", thesaurus).clauses] == [("shelter",), ()]
    assert plan_of("chambre d'hôte", "fr", thesaurus).clauses[0].needs == ("shelter",)
    assert plan_of("chambre", "fr", thesaurus).clauses[0].needs == ()


def test_words_of_a_term_are_expanded_too_but_weigh_less():
    terms = {"lost passport": {"fr": "passeport perdu", "nl": "verloren paspoort"}, "passport": {"fr": "passeport", "de": "Reisepass"}}
    (clause,) = plan_of("passeport perdu", "fr", Thesaurus([make_concept(name, words) for name, words in terms.items()])).clauses
    weights = {(each.words, each.language): each.weight for each in clause.alternatives}
    assert 0 < weights[("Reisepass",), "de"] < weights[("verloren", "paspoort"), "nl"]


def test_readers_country_counts_when_the_words_name_none():
    assert build_plan(SearchQuery("bus", "nl", reader_countries=("PE",)), EMPTY).near == ("PE",)
    named = SearchQuery("bus Bolivia", "nl", places=(PlaceHint("Bolivia", ("BO",)),), reader_countries=("PE",))
    assert build_plan(named, EMPTY).near == ()


@pytest.mark.parametrize("text", ["", "   ", "!!! ...", "\x00", '""'])
def test_nothing_to_search_has_no_clauses(text):
    plan = plan_of(text, "fr")
    assert (plan.clauses, plan.required) == ((), 0)


def test_long_query_is_cut():
    plan = plan_of(" ".join(f"woord{number}" for number in range(2000)), "nl", EMPTY)
    assert len(plan.clauses) == MOST_WORDS
    assert len(SearchQuery("é" * 10_000).words) == LONGEST_QUERY


def test_typing_errors_are_looked_for_in_longer_words_only():
    assert [clause.typo_of for clause in plan_of("Lima ambasade B12345", "nl", EMPTY).clauses] == ["", "ambasade", ""]
