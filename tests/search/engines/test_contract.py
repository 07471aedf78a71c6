"""What every engine must do alike: eligibility, filters, paging, escaping, bad input, deletion, order."""

import pytest

from search.documents import PlaceHint, plain
from tests.search.engines.conftest import DAY, NOW_SECONDS, ids, make_document

pytestmark = pytest.mark.django_db


def test_found_by_title_and_body(load, find):
    load(make_document(1), make_document(2, title="Apotheek", body="De apotheek in Cusco is open."))
    assert ids(find("apotheek", language="nl")) == [2]
    assert ids(find("Cusco", language="nl")) == [2]
    assert ids(find("Lima", language="nl")) == [1]


def test_document_comes_back_whole(load, find):
    document = make_document(7, external_id="faq-7", tags=("peru",), confirmed_count=3, url="/nl/onderwerpen/T00007", place="Lima", reply_count=2)
    load(document)
    page = find("vlucht", language="nl")
    assert [hit.document for hit in page.hits] == [document]
    assert page.total == 1
    assert page.next_offset is None


def test_nothing_found_is_an_empty_page(load, find):
    load(make_document(1))
    page = find("zonnepanelen", language="nl")
    assert (page.hits, page.total, page.next_offset) == ((), 0, None)


def test_empty_query_lists_newest_first(load, find):
    load(*(make_document(pk, published_at=NOW_SECONDS - pk * DAY) for pk in (3, 1, 2)))
    assert ids(find("")) == [1, 2, 3]
    assert ids(find("   ")) == [1, 2, 3]


# -- eligibility ------------------------------------------------------------------------------------------------------------


def test_deleted_document_is_gone_from_list_and_total(engine, load, find):
    load(make_document(1), make_document(2))
    engine.delete([("topic-1", 2)])
    engine.refresh()
    page = find("vlucht", language="nl")
    assert ids(page) == [2]
    assert page.total == 1
    assert page.facets["countries"] == {"PE": 1}
    assert dict(engine.ids_with_revisions()) == {"topic-2": 1}


def test_delete_without_revision_removes_whatever_is_there(engine, load, find):
    load(make_document(1, revision=9))
    engine.delete([("topic-1", None)])
    engine.refresh()
    assert find("vlucht").total == 0
    assert dict(engine.ids_with_revisions()) == {}


def test_delete_of_something_unknown_does_nothing(engine, load, find):
    load(make_document(1))
    engine.delete([("topic-99", 4), ("topic-98", None)])
    engine.refresh()
    assert find("vlucht").total == 1


def test_other_visibility_is_not_found_unless_asked(load, find):
    load(make_document(1), make_document(2, visibility="residents"))
    assert ids(find("vlucht")) == [1]
    assert sorted(ids(find("vlucht", visibilities=("public", "residents")))) == [1, 2]
    assert ids(find("")) == [1]


def test_dangerous_text_keeps_its_title_only(load, find):
    load(make_document(1, title="Geld wisselen", body="Ga naar de man aan de haven.", gone_at=NOW_SECONDS - 60, gone_reason="scam", tags=("geld",)))
    assert find("haven", language="nl").total == 0
    hit = find("wisselen", language="nl").hits[0]
    assert hit.document.body == ""
    assert plain(hit.fragment) == ""
    assert hit.document.gone_reason == "scam"


# -- revisions ----------------------------------------------------------------------------------------------------------------


def test_older_revision_does_not_overwrite(engine, load, find):
    load(make_document(1, revision=5, title="Nieuwe titel"))
    assert engine.index([make_document(1, revision=4, title="Oude titel")]) == 0
    engine.refresh()
    assert [hit.document.title for hit in find("titel").hits] == ["Nieuwe titel"]
    assert dict(engine.ids_with_revisions()) == {"topic-1": 5}


def test_same_or_newer_revision_overwrites(engine, load, find):
    load(make_document(1, revision=5, title="Eerste titel"))
    assert engine.index([make_document(1, revision=5, title="Tweede titel")]) == 1
    assert engine.index([make_document(1, revision=6, title="Derde titel")]) == 1
    engine.refresh()
    page = find("titel")
    assert [hit.document.title for hit in page.hits] == ["Derde titel"]
    assert page.total == 1


def test_old_task_cannot_bring_a_deleted_text_back(engine, load, find):
    load(make_document(1, revision=5))
    engine.delete([("topic-1", 6)])
    assert engine.index([make_document(1, revision=5)]) == 0
    engine.refresh()
    assert find("vlucht").total == 0
    assert dict(engine.ids_with_revisions()) == {}


def test_old_deletion_does_not_remove_a_newer_text(engine, load, find):
    load(make_document(1, revision=5))
    engine.delete([("topic-1", 4)])
    engine.refresh()
    assert ids(find("vlucht")) == [1]


def test_restored_text_comes_back_with_a_newer_revision(engine, load, find):
    load(make_document(1, revision=5))
    engine.delete([("topic-1", 6)])
    load(make_document(1, revision=7))
    assert ids(find("vlucht")) == [1]


# -- escaping and bad input -------------------------------------------------------------------------------------------------------


def test_markup_stays_text_and_is_marked_as_data(load, find):
    title = '<script>alert("vlucht")</script>'
    load(make_document(1, title=title, body='<img src=x onerror=alert(1)> vlucht & "meer" </mark>'))
    hit = find("vlucht", language="nl").hits[0]
    assert plain(hit.title) == title
    assert plain(hit.fragment) == '<img src=x onerror=alert(1)> vlucht & "meer" </mark>'
    assert [part.text for part in hit.title if part.is_match] == ["vlucht"]
    assert [part.text for part in hit.fragment if part.is_match] == ["vlucht"]


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "vlucht\x00lima",
        "a" * 10_000,
        "vlucht " * 2_000,
        "\u202evlucht\u202c",
        "\ud800",
        '"',
        '"vlucht',
        "vlucht AND (OR NOT",
        "vlucht:* ~2 ^9 /x/ [a TO b] {",
        "title:vlucht",
        "\\",
        "%_%",
        "'; DROP TABLE search_searchtext; --",
        "<script>",
        "😀 🇧🇪",
        "..." * 100,
        "ﷺ" * 50,
        "日本語の検索",
        "-",
        "l'",
        "'s",
    ],
)
def test_any_text_is_answered(load, find, text):
    load(make_document(1))
    for language in ("", "nl", "xx"):
        page = find(text, language=language)
        assert page.total in {0, 1}
        assert len(page.hits) == page.total


@pytest.mark.parametrize(
    "text",
    [
        "\x00vlucht\x00",
        "x" * 70_000,
        "\u202e\u202dvlucht",
        "\ud800 vlucht",
        "a\u0301 " * 500,
        "",
        "\ufeffvlucht",
        "0" * 400,
        "https://example.org/" + "p" * 5000,
    ],
)
def test_any_text_is_indexed(engine, load, find, text):
    load(make_document(1, title="Vlucht", body=text), make_document(2, title=text, body="niets"))
    assert 1 in ids(find("vlucht"))
    assert dict(engine.ids_with_revisions()) == {"topic-1": 1, "topic-2": 1}


def test_decomposed_accents_and_wide_apostrophes_are_one_word(load, find):
    load(make_document(1, language="fr", title="L’ho\u0302tel rouvert", body=""))
    for text in ("hôtel", "hotel", "l'hôtel", "L’HÔTEL", "ho\u0302tel"):
        assert ids(find(text, language="fr")) == [1], text


@pytest.mark.parametrize(
    ("text", "query", "other"),
    [
        ("مطار الدار البيضاء مغلق اليوم", "مطار", "قطار"),
        ("我在北京机场,航班取消了", "机场", "火车"),
        ("北京机场 CA905", "北京", "上海"),
        ("ホテルを予約しました", "ホテル", "バス"),
        ("Аэропорт закрыт", "аэропорт", "вокзал"),
        ("שדה התעופה סגור", "התעופה", "רכבת"),
        ("공항 폐쇄", "공항", "기차"),
    ],
)
def test_other_scripts_are_found_by_their_words(load, find, text, query, other):
    load(make_document(1, language="xx", title=text, body=""), make_document(2, language="xx", title="xyz", body=text))
    for reader in ("", "fr"):
        page = find(query, language=reader)
        assert sorted(ids(page)) == [1, 2]
        marked = "".join(part.text for hit in page.hits for part in hit.title if part.is_match)
        assert query.casefold() in marked.casefold()
        assert ids(find(other, language=reader)) == []


def test_invisible_characters_do_not_hide_a_word(load, find):
    load(make_document(1, title="vlu\u00adcht naar Brussel", body=""), make_document(2, title="am\u200bbassade", body=""))
    assert ids(find("vlucht", language="nl")) == [1]
    assert ids(find("ambassade", language="nl")) == [2]


def test_spaces_of_french_typography_part_words(load, find):
    load(make_document(1, language="fr", title="Que faire à Puno\u202f?", body="«\u202fPérou\u202f»\u202f: bus\u00a0!"))
    for word in ("Puno", "Pérou", "bus", "Puno\u202f?", "«\u202fbus\u202f»"):
        assert ids(find(word, language="fr")) == [1], word


# -- relevance --------------------------------------------------------------------------------------------------------------------


def test_more_words_come_first(load, find):
    load(
        make_document(1, title="Apotheek", body="In Cusco."),
        make_document(2, title="Apotheek met insuline", body="In Cusco."),
        make_document(3, title="Hotel", body="In Cusco."),
    )
    assert ids(find("apotheek insuline", language="nl"))[0] == 2
    assert 3 not in ids(find("apotheek insuline", language="nl"))


def test_few_results_with_all_words_are_followed_by_some_with_one(load, find):
    load(make_document(1, title="Apotheek", body="x"), make_document(2, title="Insuline", body="x"), make_document(3, title="Hotel", body="x"))
    page = find("apotheek insuline", language="nl")
    assert page.is_relaxed
    assert sorted(ids(page)) == [1, 2]


def test_stale_comes_after_fresh_and_dangerous_last(load, find):
    load(
        make_document(1, gone_at=NOW_SECONDS - 5, body=""),
        make_document(2, check_from=NOW_SECONDS - 9 * DAY, stale_from=NOW_SECONDS - 8 * DAY, body=""),
        make_document(3, body=""),
    )
    assert ids(find("vlucht", language="nl")) == [3, 2, 1]


def test_old_only_answer_is_still_found(load, find):
    load(make_document(1, published_at=NOW_SECONDS - 2000 * DAY, check_from=NOW_SECONDS - 1990 * DAY, stale_from=NOW_SECONDS - 1980 * DAY))
    assert ids(find("vlucht")) == [1]


def test_confirmed_comes_before_disputed(load, find):
    load(make_document(1, disputed_count=3), make_document(2), make_document(3, confirmed_count=5))
    assert ids(find("vlucht", language="nl")) == [3, 2, 1]


def test_place_hint_finds_texts_about_the_country(load, find):
    load(make_document(1, title="Grens open", body="", countries=("AF",)), make_document(2, title="Hotel", body="", countries=("PE",)))
    assert ids(find("Kaboul", language="fr")) == []
    assert ids(find("Kaboul", language="fr", places=(PlaceHint("Kaboul", ("AF",)),))) == [1]


def test_need_finds_a_text_whatever_its_words(load, find):
    load(
        make_document(1, language="nl", title="Bij ons thuis", body="Twee bedden vrij.", needs=("shelter",)),
        make_document(2, language="nl", title="Bij ons thuis", body="Twee stoelen vrij.", needs=("transport",)),
        make_document(3, language="fr", title="Logement chez nous", body="Deux lits."),
    )
    assert ids(find("logement", language="fr")) == [3, 1]
    assert ids(find("Stoff", language="de")) == []


def test_text_about_the_named_place_comes_before_better_words_elsewhere(load, find):
    load(
        make_document(1, title="Vlucht geannuleerd", body="Vlucht geannuleerd, alles geannuleerd.", countries=("LB",)),
        make_document(2, title="Wat nu", body="De vlucht van morgen gaat niet.", countries=("PE",)),
    )
    places = (PlaceHint("Lima", ("PE",), is_country=False),)
    assert ids(find("vlucht geannuleerd Lima", language="nl", places=places)) == [2, 1]


def test_all_words_come_before_some_words_even_when_they_are_old(load, find):
    long_ago = NOW_SECONDS - 60 * DAY
    load(
        make_document(1, title="Bagage en paspoort kwijt", published_at=long_ago, check_from=long_ago + DAY, stale_from=long_ago + 2 * DAY),
        make_document(2, title="Paspoort, paspoort, paspoort", body="paspoort", confirmed_count=9),
    )
    page = find("bagage paspoort", language="nl")
    assert (ids(page), page.is_relaxed) == ([1, 2], True)


def test_readers_own_country_stands_a_little_higher_unless_the_words_name_another(load, find):
    load(*(make_document(pk, title="Bus naar de grens", body="", countries=(code,)) for pk, code in enumerate(("PE", "BO", "CL"), 1)))
    assert ids(find("bus grens", language="nl", reader_countries=("BO",)))[0] == 2
    assert ids(find("bus grens", language="nl", reader_countries=("CL",)))[0] == 3
    named = (PlaceHint("Peru", ("PE",)),)
    assert ids(find("bus grens Peru", language="nl", places=named, reader_countries=("BO",)))[0] == 1
    assert sorted(ids(find("bus grens", language="nl", reader_countries=("XX",)))) == [1, 2, 3]


def test_dutch_question_finds_french_tip(load, find):
    load(
        make_document(1, language="fr", title="Vol de rapatriement", body="Départ de Kinshasa."),
        make_document(2, language="fr", title="Météo", body="Il pleut."),
    )
    assert ids(find("repatriëringsvlucht", language="nl")) == [1]


def test_quoted_words_must_stand_together(load, find):
    load(
        make_document(1, title="Ambassade van Peru", body="x"),
        make_document(2, title="Peru en de ambassade", body="x"),
    )
    assert ids(find('"ambassade van peru"', language="nl"))[0] == 1


def test_official_text_is_shown_in_the_readers_language(load, find):
    french = ("fr", "Frontière fermée", "La frontière avec la Bolivie est fermée.")
    load(make_document(1, entity="official", title="Grens gesloten", body="De grens met Bolivia is gesloten.", translations=(french,)))
    hit = find("frontière", language="fr").hits[0]
    assert (hit.document.language, plain(hit.title)) == ("fr", "Frontière fermée")
    assert [part.text for part in hit.fragment if part.is_match] == ["frontière"]
    assert find("grens", language="nl").hits[0].document.language == "nl"


# -- life of the index --------------------------------------------------------------------------------------------------------


def test_drop_leaves_nothing(engine, load, find):
    load(make_document(1))
    engine.drop()
    engine.prepare()
    engine.activate()
    engine.refresh()
    assert find("vlucht").total == 0
    assert list(engine.ids_with_revisions()) == []


def test_prepare_and_activate_again_keep_the_documents(engine, load, find):
    load(make_document(1))
    engine.prepare()
    engine.activate()
    assert engine.ready()
    assert ids(find("vlucht")) == [1]
