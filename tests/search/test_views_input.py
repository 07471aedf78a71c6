"""Nothing that people type breaks the search page, and it helps on where nothing is found."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.factories import make_post
from tests.search.asking import build, found, page, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("cash " * 2_000, "at most 1,000 characters"),
        ("x" * 10_000, "at most 1,000 characters"),
        ("Cusco \u202egnp.exe", "reading direction"),
        ("Cusco\u2066 x", "reading direction"),
    ],
)
def test_words_that_nobody_can_search_are_given_back_with_the_reason(client, peru, query, message):
    response = page(client, "en", q=query)
    assert response.status_code == 400
    assert message in words(response)
    assert query.strip() in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


def test_a_null_byte_is_refused(client, peru):
    assert page(client, q="Cus\x00co").status_code == 400


def test_broken_utf8_is_refused(client, peru):
    with override("fr"):
        assert client.get(f"{reverse('search')}?q=%ff%fe").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '""',
        "AND OR NOT",
        "title:(x",
        "a" * 999,
        "*",
        "?",
        "(((",
        "\\",
        "+-&|",
        "'; DROP TABLE x; --",
        "مرحبا",
        "🚍",
        "%",
        "{{ 7 }}",
        "\u0301",
        ".",
        "e\u0301" * 50,
    ],
)
def test_no_words_break_the_search(client, peru, query):
    assert page(client, q=query).status_code == 200


def test_nothing_typed_becomes_html(client):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    post = make_post(
        status="published", title=f"Cusco {evil}"[:150], body="Cusco <script>alert(3)</script> [x](javascript:alert(4)) <mark>nep</mark>"
    )
    build()
    for response in (page(client, q=f"Cusco {evil}"), page(client, q="Cusco"), page(client, q=f"bestaatniet {evil}", need="borders")):
        html = response.content.decode()
        assert "<script" not in html
        assert "<img" not in html
        assert "<mark>nep" not in html
    response = page(client, q="Cusco")
    assert found(response) == [post.topic.public_id]
    assert "&lt;script&gt;alert(1)" in response.content.decode()


def test_only_reading_is_possible(client):
    with override("fr"):
        assert client.post(reverse("search"), {"q": "x"}).status_code == 405


# -- nothing found ------------------------------------------------------------


def test_nothing_found_says_what_to_do_next(client, peru):
    response = page(client, "en", q="dentist in Bolivia", language="nl")
    assert found(response) == []
    html = response.content.decode()
    assert "No results" in words(response)
    assert f"q={quote('dentist in')}".replace("%20", "+") in html  # the neighbours are asked without the name of the country
    assert "country=PE" in html
    assert "Bolivia: advice, contacts and tips on one page" in words(response)
    assert "?q=dentist+in+Bolivia" in html
    assert "Search in every language" in words(response)
    with override("en"):
        assert f"{reverse('write')}?kind=question&amp;title=dentist+in+Bolivia&amp;country=BO" in html


def test_a_misspelt_place_is_understood_and_said(client, peru):
    response = page(client, "en", q="bus Peruu")
    assert found(response) == [peru.public_id]
    [doubt] = response.context["doubts"]
    assert doubt.is_typo
    assert doubt.suggestions[0].label == "bus Peru"
    assert doubt.suggestions[0].query == "?q=bus+Peru"
    assert "Did you mean: bus Peru" in words(response)


def test_a_name_of_two_places_is_a_choice(client, peru):
    response = page(client, "en", q="Georgia bus")
    assert response.status_code == 200
    [doubt] = response.context["doubts"]
    assert not doubt.is_typo
    assert {option.query for option in doubt.suggestions} >= {"?q=Georgia+bus&country=GE", "?q=Georgia+bus&country=US"}


def test_the_empty_page_offers_the_box_and_ways_on(client):
    response = page(client, "en")
    assert response.status_code == 200
    html = response.content.decode()
    assert '<input id="q" type="search" name="q" value=""' in html
    assert "All countries" in words(response)
    assert "answer" not in response.context
