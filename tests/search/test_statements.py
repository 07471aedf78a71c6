"""Kept statements give what the presenters' own queries give, whatever the ids, and are written once."""

from datetime import datetime

import pytest

from forum.models import Topic
from forum.prepared import Prepared
from search import statements
from search.documents import WINDOW
from search.shown import NOTICE, Shown, present_notices, present_topics
from search.statements import SIZES, fetch_rows
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def published(count):
    return [make_post(status="published", title=f"Nachtbus nummer {number} naar Cusco").topic_id for number in range(count)]


def own(present, pks, language="nl"):
    """What the presenter's queryset gives when nothing is kept."""
    return sorted(present(pks, ("public",), language))


@pytest.mark.parametrize("count", [1, 2, SIZES[0], SIZES[0] + 1])
def test_same_rows_as_the_queryset(count):
    pks = published(count)
    assert sorted(fetch_rows({present_topics: pks}, ("public",), "nl")) == own(present_topics, pks)


def test_dates_are_dates_and_the_row_can_be_shown():
    (row,) = fetch_rows({present_topics: published(1)}, ("public",), "nl")
    shown = Shown(*row)
    assert isinstance(shown.confirmed_at, datetime)
    assert shown.confirmed_at.tzinfo is not None
    assert shown.gone_at is None


def test_kept_statement_reads_other_ids_and_the_present_state():
    first, second = published(2)
    assert [row[1] for row in fetch_rows({present_topics: [first]}, ("public",), "nl")] == [first]
    assert [row[1] for row in fetch_rows({present_topics: [second]}, ("public",), "nl")] == [second]
    Topic.objects.filter(pk=second).update(visibility="members")
    assert fetch_rows({present_topics: [second]}, ("public",), "nl") == []
    assert [row[1] for row in fetch_rows({present_topics: [second]}, ("public", "members"), "nl")] == [second]


def test_sources_stay_apart_in_one_query(notice_about_peru, django_assert_num_queries):
    topics = published(3)
    with django_assert_num_queries(1):
        rows = fetch_rows({present_topics: topics, present_notices: [notice_about_peru.pk]}, ("public",), "nl")
    assert sorted(rows) == sorted([*own(present_topics, topics), *own(present_notices, [notice_about_peru.pk])])
    assert [row[3] for row in rows if row[0] == NOTICE] == ["Wegen in Peru"]


def test_statement_is_written_once(monkeypatch):
    written = []
    monkeypatch.setattr(statements, "_prepared", Prepared(lambda *shape: written.append(shape) or statements._union(*shape)))
    for pk in published(3):
        assert len(fetch_rows({present_topics: [pk]}, ("public",), "nl")) == 1
    fetch_rows({present_topics: [pk]}, ("public",), "fr")
    assert len(written) == 2


def test_language_belongs_to_the_statement(notice_about_peru):
    titles = [fetch_rows({present_notices: [notice_about_peru.pk]}, ("public",), language)[0][3] for language in ("nl", "fr", "en")]
    assert titles == ["Wegen in Peru", "Routes du Pérou", "Routes du Pérou"]


def test_id_that_comes_twice_and_one_that_is_gone():
    (pk,) = published(1)
    assert len(fetch_rows({present_topics: [pk, pk, pk + 10_000]}, ("public",), "nl")) == 1


def test_nothing_is_asked_for_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert fetch_rows({present_topics: []}, ("public",), "nl") == []
        assert fetch_rows({}, ("public",), "nl") == []


def test_largest_window_is_one_query(django_assert_num_queries):
    pks = published(2)
    with django_assert_num_queries(1):
        rows = fetch_rows({present_topics: [*pks, *range(10_000, 10_000 + WINDOW - 2)]}, ("public",), "nl")
    assert [row[1] for row in sorted(rows)] == sorted(pks)
