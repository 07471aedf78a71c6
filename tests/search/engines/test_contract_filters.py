"""Filters, counts and paging: the same contract for every engine."""

import pytest

from search.documents import STATES, BadSearchQuery, SearchQuery
from tests.search.engines.conftest import DAY, NOW, NOW_SECONDS, ids, make_document

# -- filters --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def varied(load):
    load(
        make_document(1, countries=("PE", "BO"), needs=("flights",), kind="tip", language="nl", tags=("lima", "brussel")),
        make_document(
            2, countries=("PE",), needs=("visa", "borders"), kind="question", language="fr", title="Vol vers Bruxelles", body="Un vol part."
        ),
        make_document(
            3,
            countries=(),
            needs=(),
            kind="offer",
            language="de",
            title="Flug nach Brüssel",
            body="Ein Flug geht.",
            published_at=NOW_SECONDS - 9 * DAY,
        ),
        make_document(
            4,
            entity="official",
            needs=("flights",),
            kind="",
            language="en",
            title="Flight to Brussels",
            body="A flight leaves.",
            check_from=None,
            stale_from=None,
        ),
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {1, 2, 3, 4}),
        ({"countries": ("BO",)}, {1}),
        ({"countries": ("BO", "PE")}, {1, 2, 4}),
        ({"countries": ("XX",)}, set()),
        ({"needs": ("visa",)}, {2}),
        ({"needs": ("visa", "flights")}, {1, 2, 4}),
        ({"kinds": ("offer",)}, {3}),
        ({"languages": ("de", "en")}, {3, 4}),
        ({"tags": ("lima",)}, {1}),
        ({"tags": ("lima", "brussel")}, {1}),
        ({"tags": ("lima", "visa")}, set()),
        ({"official": True}, {4}),
        ({"official": False}, {1, 2, 3}),
        ({"since": NOW_SECONDS - 7 * DAY}, {1, 2, 4}),
        ({"since": NOW_SECONDS - DAY}, {1, 2, 4}),
        ({"countries": ("PE",), "languages": ("fr",), "kinds": ("question",)}, {2}),
    ],
)
@pytest.mark.parametrize("text", ["", "vlucht"])
def test_filters(varied, find, filters, expected, text):
    assert set(ids(find(text, language="nl", **filters))) == expected


@pytest.mark.parametrize("value", ["PE' OR 1=1", "*", "%", "_", "PE BO", "", "é" * 300])
def test_strange_filter_value_finds_nothing(varied, find, value):
    page = find("", countries=(value,))
    assert (page.hits, page.total) == ((), 0)


@pytest.fixture
def aged(load):
    load(
        make_document(1),
        make_document(2, check_from=NOW_SECONDS - DAY, stale_from=NOW_SECONDS + DAY),
        make_document(3, check_from=NOW_SECONDS - 2 * DAY, stale_from=NOW_SECONDS - DAY),
        make_document(4, gone_at=NOW_SECONDS - DAY),
        make_document(5, entity="official", check_from=None, stale_from=None),
    )


@pytest.mark.parametrize(("state", "expected"), [("fresh", [1]), ("check", [2]), ("stale", [3]), ("gone", [4])])
def test_state_is_a_comparison_with_now(aged, find, state, expected):
    page = find("", states=(state,))
    assert ids(page) == expected
    assert [hit.document.state(NOW) for hit in page.hits] == [state]


def test_states_together_and_counted(aged, find):
    assert sorted(ids(find("", states=STATES))) == [1, 2, 3, 4]
    assert find("").facets["state"] == {"fresh": 1, "check": 1, "stale": 1, "gone": 1}


def test_state_changes_at_its_second(load, find):
    load(make_document(1, check_from=NOW_SECONDS), make_document(2, check_from=NOW_SECONDS + 1))
    assert ids(find("", states=("check",))) == [1]
    assert ids(find("", states=("fresh",))) == [2]


def test_facets_count_what_the_query_found(varied, find):
    facets = find("", countries=("PE",)).facets
    assert facets["countries"] == {"PE": 3, "BO": 1}
    assert facets["needs"] == {"flights": 2, "visa": 1, "borders": 1}
    assert facets["kind"] == {"tip": 1, "question": 1}
    assert facets["language"] == {"nl": 1, "fr": 1, "en": 1}
    assert facets["official"] == {"false": 2, "true": 1}


def test_facets_are_left_out_when_not_wanted(varied, find):
    page = find("", with_facets=False)
    assert page.total == 4
    assert page.facets == {}


# -- paging -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "vlucht"])
def test_pages_join_without_gap_or_repeat(load, find, text):
    load(*(make_document(pk, published_at=NOW_SECONDS - pk * 60) for pk in range(1, 26)))
    seen: list[int] = []
    offset: int | None = 0
    while offset is not None:
        page = find(text, limit=10, offset=offset)
        assert page.total == 25
        seen += ids(page)
        offset = page.next_offset
    assert sorted(seen) == list(range(1, 26))


def test_offset_after_the_end_is_an_empty_page(load, find):
    load(make_document(1))
    page = find("vlucht", offset=100)
    assert (page.hits, page.next_offset, page.total) == ((), None, 1)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 201}, {"limit": -1}, {"offset": -1}, {"offset": 201}])
def test_impossible_page_is_refused(wrong):
    with pytest.raises(BadSearchQuery):
        SearchQuery("x", **wrong)
