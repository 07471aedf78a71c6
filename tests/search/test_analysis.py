"""The embedded analysis: words, cleaning, stemmers, compounds, language data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import _WORD, LONGEST_WORD, analyzer, clean, folded_term, folded_terms, is_word, split_words, words_as_written
from search.dutch import stem_dutch
from search.lexicon import LANGUAGES, common, fold, lexicon, normalise_german
from search.stemming import stem_french, stem_german, stemmer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’hôtel de l'aéroport", ["L'hôtel", "de", "l'aéroport"]),
        ("e-mail, 3,5 km; 10.000 €", ["e", "mail", "3,5", "km", "10.000"]),
        ("bureau.belge@example.org", ["bureau.belge", "example.org"]),
        ("vlu\u00adcht na\u200bar", ["vlucht", "naar"]),
        ("«\u202fPérou\u202f»\u202f: bus\u202f?", ["Pérou", "bus"]),
        ("connecté·e", ["connecté", "e"]),
        ("____ a_b _c", ["a_b", "_c"]),
        ("... !? — 😀", []),
        ("\u202eabc\u202c", ["abc"]),
        ("a\x00b", ["a", "b"]),
        ("", []),
    ],
)
def test_words_of_a_text(text, expected):
    assert split_words(text) == expected


@given(st.one_of(st.text(max_size=60), st.text("ab1_.,:;' é-9北かカ", max_size=30)))
def test_a_word_is_one_where_the_text_is_cut_into_it(text):
    cleaned = clean(text)
    spans = {match.span() for match in _WORD.finditer(cleaned)}
    found = {(at, end) for at in range(len(cleaned)) for end in range(at + 1, len(cleaned) + 1) if is_word(cleaned, at, end)}
    assert found == spans
    assert sorted(words_as_written(cleaned)) == sorted(cleaned[start:end] for start, end in spans)


@given(st.text(max_size=300))
def test_every_text_can_be_analysed_and_stored(text):
    for language in LANGUAGES:
        for term in (*analyzer(language).terms(text), *folded_terms(text)):
            term.encode()
            assert " " not in term
            assert "\x00" not in term


def test_clean_removes_what_no_store_takes():
    assert clean("a\x00b\ud800c\x1fd") == "a b c d"
    assert clean("e\u0301") == "é"
    assert clean("a\nb\tc") == "a\nb\tc"


@pytest.mark.parametrize(
    ("word", "expected"), [("Œuvre", "oeuvre"), ("PERÚ", "peru"), ("l'Été", "ete"), ("embassy's", "embassy"), ("Straße", "strasse"), ("Łódź", "lodz")]
)
def test_folded_term(word, expected):
    assert folded_term(word) == expected


def test_fold_keeps_plain_words_as_they_are():
    assert fold("visa") == "visa"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("rückholung", "ruckholung"),
        ("rueckholung", "ruckholung"),
        ("bauen", "bauen"),
        ("quelle", "quelle"),
        ("größe", "grosse"),
        ("aerzte", "arzte"),
        ("neue", "neue"),
    ],
)
def test_german_spellings_become_one(word, expected):
    assert normalise_german(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hôpitaux", "hopital"),
        ("chevaux", "cheval"),
        ("activement", "actif"),
        ("établissement", "etablir"),
        ("modificatrice", "modifi"),
        ("éducateur", "eduqu"),
        ("organisation", "organ"),
        ("nationale", "national"),
        ("aux", "aux"),
    ],
)
def test_french_stemmer(word, expected):
    assert stem_french(word).startswith(expected[:4])


@pytest.mark.parametrize(
    ("word", "expected"), [("botschaften", "botschaft"), ("kindern", "kind"), ("kleinste", "klein"), ("autos", "autos"), ("haus", "haus")]
)
def test_german_stemmer(word, expected):
    assert stem_german(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("lichamelijk", "licham"),
        ("lichamelijkheden", "licham"),
        ("opheffen", "opheff"),
        ("kerstvakantie", "kerstvakantie"),
        ("maan", "man"),
        ("brood", "brod"),
        ("mogelijkheden", "mogelijk"),
        ("vergunningen", "vergunn"),
        ("eigenaardig", "eigenaard"),
        ("ijs", "ijs"),
        ("", ""),
        ("e", "e"),
    ],
)
def test_dutch_stemmer(word, expected):
    assert stem_dutch(word) == expected


def test_unknown_stemmer_and_language_are_refused():
    with pytest.raises(KeyError):
        stemmer("dutch_kp")
    with pytest.raises(KeyError):
        lexicon("es")
    with pytest.raises(KeyError):
        analyzer("xx")


def test_compound_gives_its_heads_to_documents_and_stays_whole_in_queries():
    assert analyzer("nl").terms("terugreisticket") == ["terugreisticket", "reis", "ticket"]
    assert analyzer("nl").whole_terms_of("terugreisticket") == ("terugreisticket",)
    assert analyzer("de").terms("Rückholflug") == ["ruckholflug", "ruckhol", "flug"]
    assert analyzer("nl").parts_of("reis") == []


def test_protected_words_and_overrides_are_not_stemmed():
    assert analyzer("en").whole_terms_of("Honduras") == ("honduras",)
    assert analyzer("nl").whole_terms_of("geannuleerd") == analyzer("nl").whole_terms_of("annulering") == ("annuler",)


def test_stop_words_are_known_in_every_spelling():
    assert analyzer("fr").is_stop("À")
    assert analyzer("fr").is_stop("l'on")
    assert analyzer("de").is_stop("fuer")
    assert not analyzer("en").is_stop("US")


def test_endless_word_is_left_out():
    assert analyzer("fr").terms("x" * (LONGEST_WORD + 1)) == []
    assert len(folded_term("x" * 1000)) == LONGEST_WORD


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_data_is_whole(language):
    data = lexicon(language)
    assert {"lowercase", "stop", "overrides", "protected", "stemmer", "folding"} <= set(data.chain)
    assert ("decompounder" in data.chain) is bool(data.heads)
    assert ("elision" in data.chain) is bool(data.elision)
    assert len(data.stop) > 90
    assert len(data.overrides) > 40
    assert not data.stop & (set(data.overrides) | data.protected | data.heads)
    assert all(stem == fold(stem) and " " not in stem for stem in data.overrides.values())


@pytest.mark.parametrize("language", ["nl", "de"])
def test_no_head_hides_in_another(language):
    """Lucene 9 finds a head inside a longer one, Lucene 10 does not; without such heads both give the same parts."""
    heads, sizes = lexicon(language).heads, common()
    assert all(sizes.min_subword_size <= len(head) <= sizes.max_subword_size for head in heads)
    assert [(longer, head) for longer in heads for head in heads if head in longer[1:]] == []
