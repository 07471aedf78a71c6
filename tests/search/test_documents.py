"""Documents and queries as values."""

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from search.documents import BadSearchQuery, Filters, SearchDocument, SearchQuery, epoch_seconds
from tests.search.engines.conftest import NOW, NOW_SECONDS, make_document


def filled() -> SearchDocument:
    """A document whose every field differs from its default."""
    return make_document(
        external_id="x", url="/u", place="Lima", needs=("visa",), tags=("a",), visibility="residents", gone_at=1, gone_reason="scam",
        confirmed_count=1, disputed_count=2, reply_count=3, is_answered=True, translations=(("fr", "t", "b"),), source="notice",
    )  # fmt: skip


def test_every_field_survives_json():
    document = filled()
    for field in fields(SearchDocument):
        assert getattr(document, field.name) != field.default, f"give {field.name} a value here, so that it can't be half wired"
    assert SearchDocument.from_json(json.loads(json.dumps(document.as_json()))) == document


def test_unknown_fields_of_a_newer_index_are_ignored():
    assert SearchDocument.from_json(make_document().as_json() | {"later": 1}) == make_document()


def test_key_tells_tables_apart():
    assert make_document(5).key == "topic-5"
    assert make_document(5, entity="official", source="notice").key == "notice-5"


def test_prepared_cleans_every_text():
    document = make_document(title="a\x00b", body="e\u0301", place="\x01", translations=(("fr", "\x00", "x\ud800"),)).prepared()
    assert (document.title, document.body, document.place, document.translations) == ("a b", "é", " ", (("fr", " ", "x "),))


def test_prepared_dangerous_document_has_no_text_but_its_title():
    document = filled().prepared()
    assert (document.title, document.body, document.translations, document.tags, document.place) == (filled().title, "", (), (), "")


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, "fresh"),
        ({"check_from": NOW_SECONDS}, "check"),
        ({"check_from": NOW_SECONDS - 9, "stale_from": NOW_SECONDS}, "stale"),
        ({"gone_at": NOW_SECONDS}, "gone"),
        ({"gone_at": NOW_SECONDS + 1}, "fresh"),
        ({"check_from": None, "stale_from": None}, ""),
    ],
)
def test_state(dates, state):
    assert make_document(**dates).state(NOW) == state


def test_official_text_is_shown_in_a_language_it_has():
    official = make_document(entity="official", translations=(("fr", "Titre", "Texte"),))
    assert (official.shown_in("fr").title, official.shown_in("fr").language) == ("Titre", "fr")
    assert official.shown_in("de") is official
    assert official.shown_in("nl") is official


def test_a_persons_text_is_never_changed():
    tip = make_document(translations=(("fr", "Titre", "Texte"),))
    assert tip.shown_in("fr") is tip


def test_unknown_state_is_refused():
    with pytest.raises(BadSearchQuery):
        SearchQuery(filters=Filters(states=("old",)))


def test_epoch_seconds():
    assert epoch_seconds(None) is None
    assert epoch_seconds(datetime(1970, 1, 2, tzinfo=UTC)) == 86_400
