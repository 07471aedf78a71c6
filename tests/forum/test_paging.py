"""Cursors: opaque, without primary keys, exact to the microsecond, refused when they are none of ours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.models import ForumListing, Topic
from forum.paging import BadCursor, Cursor, after, parse_cursor
from forum.services import apply_status
from tests.factories import make_post

NOON = datetime(2026, 3, 18, 12, 0, 0, 123456, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2199, 1, 1), timezones=st.just(UTC)))
def test_cursor_reads_back_exactly(moment: datetime) -> None:
    cursor = Cursor(moment, "7K3Q9D")
    assert parse_cursor(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text", ["", "x", ".", "A.", ".A", "abc.7K3Q9D", "A" * 13 + ".A", "ZZZZZZZZZZZZ.A", "1.é", "1.A.B", "1.' OR 1=1", "-1.A", "1.AAAAAAAAAAA"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        parse_cursor(text)


@pytest.mark.django_db
def test_pages_follow_without_gap_or_repeat_even_when_moments_are_equal() -> None:
    moments = [NOON, NOON, NOON, NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)]
    for moment in moments:
        apply_status(post=make_post(), status="published", published_at=moment)
    rows = ForumListing.objects.for_filters().order_by("-newest_at", "-topic_id").select_related("topic")
    whole, seen = list(rows), []
    page = list(rows[:2])
    while page:
        seen += page
        cursor = Cursor(page[-1].newest_at, page[-1].topic.public_id)
        page = list(rows.filter(after(cursor, moment="newest_at", tie="topic_id", rows=Topic.objects.all(), newest_first=True))[:2])
    assert seen == whole


@pytest.mark.django_db
def test_a_cursor_outlives_its_row() -> None:
    first = apply_status(post=make_post(), status="published", published_at=NOON)
    apply_status(post=make_post(), status="published", published_at=NOON - timedelta(hours=1))
    cursor = Cursor(NOON, first.topic.public_id)
    apply_status(post=first, status="hidden")
    rows = ForumListing.objects.for_filters()
    assert rows.filter(after(cursor, moment="newest_at", tie="topic_id", rows=Topic.objects.all(), newest_first=True)).count() == 1
