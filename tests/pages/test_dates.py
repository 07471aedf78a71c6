"""Dates and times as people of each language write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from pages import dates

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        ("fr", "1er mars 2021", "18 mars 2021"),
        ("nl", "1 maart 2021", "18 maart 2021"),
        ("de", "1. März 2021", "18. März 2021"),
        ("en", "1 March 2021", "18 March 2021"),
    ],
)
def test_a_day_of_another_year(language: str, first: str, later: str) -> None:
    assert dates.day(date(2021, 3, 1), language) == first
    assert dates.day(date(2021, 3, 18), language) == later


def test_the_year_is_left_out_while_it_lasts() -> None:
    assert dates.day(timezone.localdate().replace(month=3, day=1), "fr") == "1er mars"


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "dimanche 1er mars"), ("nl", "zondag 1 maart"), ("de", "Sonntag, 1. März"), ("en", "Sunday 1 March")]
)
def test_a_day_of_the_week(language: str, words: str) -> None:
    assert dates.long_day(date(2026, 3, 1), language) == words


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [("fr", "1er févr", "22 sept"), ("nl", "1 feb", "22 sep"), ("de", "1. Feb", "22. Sept"), ("en", "1 Feb", "22 Sep")],
)
def test_a_day_in_a_narrow_column(language: str, first: str, later: str) -> None:
    assert (dates.short_day(date(2026, 2, 1), language), dates.short_day(date(2026, 9, 22), language)) == (first, later)


def test_a_date_that_law_wants_has_its_year() -> None:
    today = timezone.localdate()
    assert dates.full_day(today.replace(month=3, day=1), "fr") == f"1er mars {today.year}"


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_month_fits_into_a_postmark(language: str, month: int) -> None:
    word = dates.short_month(date(2026, month, 1), language)
    assert 3 <= len(word) <= 5
    assert not word.endswith(".")


@pytest.mark.parametrize(("language", "words"), [("fr", "9h05"), ("nl", "9.05 uur"), ("de", "9.05 Uhr"), ("en", "09:05")])
def test_a_time_of_day(language: str, words: str) -> None:
    assert dates.clock(datetime(2026, 3, 18, 9, 5, tzinfo=UTC), language) == words


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-3), "il y a 1 minute"),
        (timedelta(seconds=20), "il y a 1 minute"),
        (timedelta(minutes=59), "il y a 59 minutes"),
        (timedelta(hours=23), "il y a 23 heures"),
        (timedelta(days=6), "il y a 6 jours"),
        (timedelta(days=8), "il y a 1 semaine"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    assert dates.ago(NOW - passed, "fr", NOW) == words
