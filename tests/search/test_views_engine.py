"""When the engine is down or lags behind, and what a page costs."""

import re

import pytest
from django.test import Client

from forum.services import apply_status, edit_post
from search.engines import registry
from search.engines.base import EngineUnavailable
from tests.factories import make_post, text
from tests.search.asking import build, found, page, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]


def test_when_the_engine_is_down_the_database_answers_and_the_page_says_so(client, peru, fresh_engines, monkeypatch):
    calls = []

    def refuse(*args):
        calls.append(1)
        raise EngineUnavailable("down")

    monkeypatch.setattr(fresh_engines, "find", refuse)
    for _ in range(3):
        response = page(client, "en", q="dagbus Cusco", need="borders")
        assert response.status_code == 200
        assert found(response) == [peru.public_id]
        assert "simpler than usual" in words(response)
        assert not hasattr(response, "public_for")
    assert len(calls) == 1  # the next readers do not wait for it again
    monkeypatch.undo()
    registry.breaker.reset()
    assert "simpler than usual" not in words(page(client, "en", q="dagbus"))


def test_an_index_that_lags_behind_shows_the_text_of_the_database(client, peru):
    first = peru.posts.get(is_first=True)
    version = edit_post(actor=first.author, post=first, text=text(title="Met de nachtbus", body="Bel eerst."), version_number=1)
    apply_status(post=first, status="published", version=version)
    response = page(client, q="dagbus")  # its job has not run: the index still finds the old words
    assert found(response) == [peru.public_id]
    assert "Met de nachtbus" in words(response)
    assert "terminal" not in words(response)
    assert "dagbus van Cusco" not in words(response)


# -- what it costs ------------------------------------------------------------


def tables(captured):
    return [re.search(r'FROM "(\w+)"', query["sql"])[1] for query in captured]


def test_queries_of_a_visitors_page(client, several, notice_about_peru, settings, django_assert_num_queries):
    """Three at most: the places that the words name, the rows that may be shown (of every source together), and the public generation."""
    settings.GENERATION_SECONDS = 60.0
    page(client, q="Cusco")
    with django_assert_num_queries(2) as captured:
        response = page(client, q="Cusco Pérou", need=["borders", "shelter"], kind="tip")
    assert tables(captured) == ["countries_placename", "forum_topic"]
    with django_assert_num_queries(2) as captured:
        response = page(client, q="Cusco Pérou")
    assert tables(captured) == ["countries_placename", "forum_topic"]
    assert "UNION ALL" in captured[1]["sql"]
    assert notice_about_peru.public_id in found(response)
    settings.GENERATION_SECONDS = 0.0
    with django_assert_num_queries(5) as captured:
        page(client, q="Cusco Pérou hôtel")
    assert tables(captured).count("crisis_publicgeneration") == 3  # once a second where it is kept, not once a question


def test_queries_when_the_engine_is_down(client, several, fresh_engines, monkeypatch, settings, django_assert_num_queries):
    def refuse(*args):
        raise EngineUnavailable("down")

    monkeypatch.setattr(fresh_engines, "find", refuse)
    settings.GENERATION_SECONDS = 60.0
    page(client, q="Cusco")
    with django_assert_num_queries(3) as captured:
        page(client, q="Cusco")
    # Twice, because few texts have all the words: then those with some of them are looked for. No word is a name that the directory knows.
    assert tables(captured) == ["search_searchtext", "search_searchtext", "forum_topic"]
    with django_assert_num_queries(4) as captured:
        page(client, q="Cusco Pérou")
    assert tables(captured) == ["countries_placename", "search_searchtext", "search_searchtext", "forum_topic"]


def test_bytes_of_a_full_page(client, settings):
    body = "Le guichet de la gare ouvre à {n} heures et ferme vers midi, prenez votre passeport et des espèces pour Cusco. " * 3
    for number in range(21):
        make_post(status="published", title=f"Retirer de l’argent à Cusco, adresse numéro {number}", body=body.format(n=number), language="fr")
    build()
    response = Client().get(page(client, q="Cusco").request["PATH_INFO"] + "?q=Cusco", headers={"accept-encoding": "br"})
    assert response.headers["Content-Encoding"] == "br"
    assert len(response.content) <= 14_000
