"""The simple engine: few queries, no text left behind, wildcards are letters."""

import pytest
from django.db import IntegrityError, transaction

from search.documents import WINDOW, SearchQuery
from search.engines.database import DatabaseEngine
from search.models import SearchText
from tests.search.engines.conftest import NOW, NOW_SECONDS, ids, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine():
    return DatabaseEngine()


def search(engine, text="", **options):
    return engine.search(SearchQuery(text, "nl", **options), now=NOW)


def test_it_says_that_it_is_simple(engine):
    assert search(engine).is_degraded
    assert search(engine).engine == "database"


@pytest.mark.parametrize("count", [1, 30])
def test_one_query_when_enough_is_found_and_two_when_not(engine, django_assert_num_queries, count):
    engine.index(make_document(pk) for pk in range(count))
    with django_assert_num_queries(1 if count > 10 else 2):
        # SELECT rows with all the words (, SELECT rows with one of them)
        search(engine, "vlucht Lima")
    with django_assert_num_queries(1):
        search(engine)


def test_many_documents_are_written_in_few_queries(engine, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        # SAVEPOINT, SELECT revisions, INSERT … ON CONFLICT (as many as the database's limit of parameters makes: 3 on SQLite), RELEASE SAVEPOINT
        assert engine.index(make_document(pk) for pk in range(200)) == 200


def test_wildcards_of_the_database_are_letters(engine):
    engine.index([make_document(1, title="100% terugbetaald", body="a_b")])
    assert ids(search(engine, "t%d")) == []
    assert ids(search(engine, "%")) == [1]  # no words: the list
    assert ids(search(engine, "axb")) == []


def test_more_than_the_window_is_not_counted(engine):
    engine.index(make_document(pk, published_at=NOW_SECONDS - pk) for pk in range(WINDOW + 5))
    page = search(engine, limit=WINDOW)
    assert (page.total, page.total_is_exact) == (WINDOW, False)
    assert ids(page) == list(range(WINDOW))


def test_deleted_row_holds_no_text(engine):
    engine.index([make_document(1, title="geheim", tags=("geheim",))])
    engine.delete([("topic-1", 2)])
    row = SearchText.objects.get()
    assert (row.folded, row.folded_title, row.marks, row.document, row.is_live) == ("", "", "", {}, False)


def test_database_refuses_text_of_a_deleted_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchText.objects.create(key="topic-1", revision=1, is_live=False, folded=" geheim ")


def test_beginnings_of_words_are_found(engine):
    engine.index([make_document(1, title="Ambassades", body="x")])
    assert ids(search(engine, "ambassa")) == [1]
    assert ids(search(engine, "bassade")) == []
