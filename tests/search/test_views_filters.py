"""Filters, counts and pages of the results."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from search.forms import PAGE_SIZE
from tests.factories import make_post
from tests.search.asking import build, found, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"tip", "offer", "question", "bolivia"}),
        ({"country": "BO"}, {"bolivia"}),
        ({"country": ["BO", "PE"]}, {"tip", "offer", "question", "bolivia"}),
        ({"need": "shelter"}, {"offer"}),
        ({"need": ["shelter", "medicine"]}, {"offer", "question"}),
        ({"kind": "question"}, {"question"}),
        ({"language": "fr"}, {"question"}),
        ({"state": "stale"}, {"bolivia"}),
        ({"state": ["fresh", "stale"]}, {"tip", "offer", "question", "bolivia"}),
        ({"official": "0"}, {"tip", "offer", "question", "bolivia"}),
        ({"official": "1"}, set()),
        ({"since": "7d"}, {"tip", "offer", "question"}),
        ({"since": "24h", "kind": "tip"}, {"tip"}),
        ({"country": "", "since": "", "need": ""}, {"tip", "offer", "question", "bolivia"}),
    ],
)
def test_filters(client, several, parameters, expected):
    response = page(client, q="Cusco", **parameters)
    assert response.status_code == 200
    assert set(found(response)) == {several[name] for name in expected}


def test_filters_without_words_list_the_newest(client, several):
    response = page(client, country="PE")
    assert set(found(response)) == {several["tip"], several["offer"], several["question"]}


def group(response, name):
    return {option.value: (option.count, option.checked) for each in response.context["groups"] if each.name == name for option in each.options}


def test_filters_are_counted(client, several):
    response = page(client, q="Cusco")
    assert group(response, "country") == {"PE": (3, False), "BO": (1, False)}
    assert group(response, "kind") == {"tip": (2, False), "offer": (1, False), "question": (1, False)}
    assert group(response, "language") == {"nl": (3, False), "fr": (1, False)}
    assert group(response, "state") == {"fresh": (3, False), "stale": (1, False)}
    assert group(response, "official") == {}


def test_a_filter_that_is_set_still_shows_what_its_other_values_would_give(client, several):
    response = page(client, q="Cusco", country="BO")
    assert group(response, "country") == {"PE": (3, False), "BO": (1, True)}
    assert group(response, "language") == {}
    html = response.content.decode()
    assert re.search(r'<input type="checkbox" name="country" value="BO" checked> Bolivie', html)


def test_chips_take_one_value_out(client, several):
    response = page(client, q="Cusco", country=["BO", "PE"], since="7d", page="0")
    queries = {chip.value: chip.query for chip in response.context["chips"]}
    assert queries == {"BO": "?q=Cusco&country=PE&since=7d", "PE": "?q=Cusco&country=BO&since=7d", "7d": "?q=Cusco&country=BO&country=PE"}


def test_a_lower_case_country_is_understood_and_can_be_taken_out(client, several):
    response = page(client, q="Cusco", country="bo")
    assert found(response) == [several["bolivia"]]
    [chip] = response.context["chips"]
    assert (chip.value, chip.query) == ("BO", "?q=Cusco")


@pytest.mark.parametrize(
    "parameters",
    [
        {"country": "QQ"},
        {"country": "Peru"},
        {"need": "beer"},
        {"kind": "rant"},
        {"language": "klingon!"},
        {"state": "rotten"},
        {"official": "yes"},
        {"since": "yesterday"},
        {"since": "0d"},
        {"page": "3"},
        {"page": "-20"},
        {"page": "200"},
        {"page": "１０"},
        {"page": "9" * 50},
        {"country": [f"{a}{b}" for a in "ABCD" for b in "EFGH"]},
    ],
)
def test_a_value_that_no_page_offers_is_400_with_the_words_still_there(client, peru, parameters):
    response = page(client, "en", q="Cusco", **parameters)
    assert response.status_code == 400
    assert 'value="Cusco"' in response.content.decode()
    assert 'role="alert"' in response.content.decode()
    assert "results" not in response.context


# -- paging ------------------------------------------------------------


def test_pages_follow_one_another_without_gap_or_copy(client):
    made = [make_post(status="published", title=f"Bus {number} naar Cusco").topic.public_id for number in range(45)]
    build()
    seen, query = [], "?q=Cusco&need=borders"
    pages = 0
    with override("fr"):
        address = reverse("search")
    while query:
        response = client.get(address + query)
        assert response.status_code == 200
        seen += found(response)
        query, pages = response.context["next"], pages + 1
        if query:
            assert f'href="{query.replace("&", "&amp;")}"' in response.content.decode()
    assert pages == -(-len(made) // PAGE_SIZE)
    assert sorted(seen) == sorted(made)
    assert client.get(f"{address}?q=Cusco&page=180").status_code == 200
