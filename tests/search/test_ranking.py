"""The order: relevance, then validity and record."""

from datetime import UTC, datetime

import pytest

from search.documents import Candidate
from search.ranking import MOST_CONFIRMED, OLDEST_WEIGHT, rank, record_weight, validity_weight

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MOMENT = int(NOW.timestamp())
DAY = 86_400


def candidate(name="a", relevance=1.0, **fields):
    return Candidate(name, relevance, **fields)


def aged(days, life=1):
    """A tip published `days` ago whose need lives `life` days."""
    check = MOMENT - days * DAY + life * DAY
    return candidate(check_from=check, stale_from=check + life * DAY)


def order(*candidates):
    return [each.address for each, _ in rank(candidates, NOW)]


def test_new_tip_has_its_whole_weight_and_loses_half_of_the_rest_with_each_life():
    assert validity_weight(aged(0), MOMENT) == 1.0
    assert validity_weight(aged(1), MOMENT) == pytest.approx(OLDEST_WEIGHT + (1 - OLDEST_WEIGHT) / 2)
    assert validity_weight(aged(7, life=14), MOMENT) > validity_weight(aged(7, life=1), MOMENT)


def test_weight_only_falls_and_never_to_nothing():
    weights = [validity_weight(aged(days), MOMENT) for days in range(0, 2000, 10)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > OLDEST_WEIGHT * 0.8


def test_official_text_does_not_age():
    assert validity_weight(candidate(), MOMENT) == 1.0
    assert record_weight(candidate(is_official=True)) > record_weight(candidate())


def test_confirmations_count_up_to_a_limit_and_disputes_against():
    assert record_weight(candidate(confirmed_count=2)) > record_weight(candidate(confirmed_count=1)) > 1
    assert record_weight(candidate(confirmed_count=1000)) == MOST_CONFIRMED
    assert record_weight(candidate(disputed_count=1)) < 1
    assert record_weight(candidate(is_answered=True)) > 1


def test_much_better_words_beat_everything_else():
    assert order(candidate("weak", 1.0, confirmed_count=50, is_official=True), candidate("strong", 4.0, disputed_count=1)) == ["strong", "weak"]


def test_dangerous_comes_last_whatever_it_scores():
    assert order(candidate("gone", 9.0, gone_at=MOMENT), candidate("poor", 0.1)) == ["poor", "gone"]
    assert order(candidate("later", 9.0, gone_at=MOMENT + 1), candidate("poor", 0.1)) == ["later", "poor"]


def test_equal_scores_put_the_newer_first():
    assert order(candidate("old", published_at=1), candidate("new", published_at=2)) == ["new", "old"]


def test_nothing_and_no_relevance_are_possible():
    assert rank([], NOW) == []
    assert [score for _, score in rank([candidate(relevance=0.0)], NOW)] == [0.0]
