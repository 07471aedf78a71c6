"""The search page: what it finds, how it says it, and that nothing typed breaks it."""

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from crisis.enums import Scope
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from forum.enums import ConfirmationKind
from forum.models import Topic
from forum.services import accept_answer, apply_status, confirm_post, edit_post, mark_dangerous
from pages.middleware.anonymous_cache import shelf
from pages.services import ensure_site
from search.engines import registry
from search.engines.base import EngineUnavailable
from tests.factories import UserFactory, make_post, make_reply, text

pytestmark = pytest.mark.django_db


def page(client, interface="fr", /, **parameters):
    shelf.clear()  # what was kept of an earlier request says nothing about this one
    with override(interface):
        return client.get(f"{reverse('search')}?{urlencode(parameters, doseq=True)}")


def found(response):
    return [result.document.public_id for result, _ in response.context["results"]]


def words(response):
    """The text of the page in one line, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def build():
    call_command("rebuild_index", verbosity=0)


@pytest.fixture(autouse=True)
def _engines(fresh_engines):
    """Each test has an index of its own."""


@pytest.fixture
def peru():
    """A Dutch tip about Peru in the index."""
    post = make_post(status="published")
    build()
    return post.topic


@pytest.fixture
def kabul():
    post = make_post(
        status="published",
        title="Naar de luchthaven: vertrek voor zonsopgang",
        body="De weg langs de rivier is het rustigst. Neem water mee voor zes uur wachten.",
        countries=["AF"],
        place="Kabul",
        needs=["security"],
    )
    build()
    return post.topic


# -- finding ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["Pérou", "Perou", "pérou bus", "péruvien", "Lima", "LIM", "Cusco"])
def test_a_french_reader_finds_a_dutch_tip_by_the_french_name_of_the_place(client, peru, query):
    response = page(client, q=query)
    assert response.status_code == 200
    assert response.context["answer"].page.engine == "tantivy"
    assert found(response) == [peru.public_id]


@pytest.mark.parametrize("query", ["Kaboul", "kaboul", "Kabul", "KBL", "Afghanistan", "afghan", "Kabboul", "aéroport Kaboul"])
def test_kabul_is_found_by_every_name(client, kabul, query):
    assert found(page(client, q=query)) == [kabul.public_id]


def test_a_result_names_its_language_and_marks_its_text(client, peru):
    html = page(client, q="Cusco").content.decode()
    assert '<h3 lang="nl" dir="ltr">' in html
    assert "<mark>Cusco</mark>" in html
    assert "néerlandais" in html.lower()
    with override("fr"):
        assert reverse("topic", kwargs={"public_id": peru.public_id, "slug": peru.slug}) in html


def test_a_result_in_the_readers_language_does_not_name_it(client, peru):
    html = page(client, "nl", q="Cusco").content.decode()
    assert "<span>Nederlands</span>" not in html


@pytest.fixture
def notice_about_peru(staff):
    writer, reader = staff("crisis_editor"), staff("duty_officer")
    texts = {
        "fr": {"title": "Routes du Pérou", "known": "La route de Cusco est fermée."},
        "nl": {"title": "Wegen in Peru", "known": "De weg naar Cusco is dicht."},
    }
    draft = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=texts, signed_as="Ambassade à Lima", country="PE"))
    published = approve_notice(actor=reader, notice=draft, revision=draft.revision)
    build()
    return published


def test_an_official_notice_looks_unlike_a_tip(client, peru, notice_about_peru):
    response = page(client, "nl", q="Cusco")
    assert set(found(response)) == {peru.public_id, notice_about_peru.public_id}
    html = response.content.decode()
    assert html.count('class="stamp off"') == 1
    assert html.count('class="seal"') == 1
    assert "Ambassade à Lima" in html
    assert f"#n-{notice_about_peru.public_id}" in html
    only = page(client, "nl", q="Cusco", official="1")
    assert found(only) == [notice_about_peru.public_id]
    people = page(client, "nl", q="Cusco", official="0")
    assert found(people) == [peru.public_id]


@pytest.mark.parametrize(
    ("interface", "title", "shown"), [("nl", "Wegen in Peru", "nl"), ("fr", "Routes du Pérou", "fr"), ("en", "Routes du Pérou", "fr")]
)
def test_an_official_notice_is_shown_in_the_readers_language_where_it_exists(client, notice_about_peru, interface, title, shown):
    response = page(client, interface, q="Cusco")
    assert title in words(response)
    assert f'<h3 lang="{shown}" dir="ltr">' in response.content.decode()


def test_the_state_stands_in_the_ring_and_in_words(client, peru):
    html = page(client, "en", q="Cusco").content.decode()
    assert 'class="stamp fresh"' in html
    assert "Still true" in html
    Topic.objects.update(check_from=timezone.now() - timedelta(hours=30), stale_from=timezone.now() - timedelta(hours=1))
    html = page(client, "en", q="Cusco").content.decode()
    assert 'class="stamp stale"' in html
    assert "May be outdated" in html


def test_confirmations_are_said(client, peru):
    confirm_post(post=peru.posts.get(is_first=True), kind=ConfirmationKind.WORKED, happened_date=timezone.localdate(), actor=UserFactory())
    build()
    assert "confirmed by 1 person" in words(page(client, "en", q="Cusco"))


def test_a_question_says_whether_it_is_answered(client):
    post = make_post(status="published", kind="question", title="Wie kent een dokter in Cusco?", needs=["medicine"])
    build()
    assert "Open question" in words(page(client, "en", q="Cusco"))
    reply = make_reply(topic=post.topic, status="published")
    accept_answer(actor=post.author, answer=reply)
    build()
    response = page(client, "en", q="Cusco")
    assert "Open question" not in words(response)
    assert "Question with an answer" in words(response)


def test_a_dangerous_tip_shows_title_and_reason_only(client, peru):
    mark_dangerous(post=peru.posts.get(is_first=True), reason="The road is mined.")
    for rebuilt in (False, True):
        if rebuilt:
            build()
        response = page(client, "en", q="Cusco")
        assert "The road is mined." in words(response)
        assert peru.title in words(response)
        assert "terminal" not in words(response)
        assert 'class="stamp gone"' in response.content.decode()


# -- filters ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def several():
    """Four topics that "Cusco" finds, different in everything that can be filtered."""
    made = {
        "tip": make_post(status="published"),
        "offer": make_post(status="published", kind="offer", title="Kamer in Cusco", needs=["shelter"]),
        "question": make_post(status="published", kind="question", title="Une pharmacie à Cusco ?", body="Cusco.", language="fr", needs=["medicine"]),
        "bolivia": make_post(status="published", title="Van Cusco naar La Paz", countries=["BO"], place="La Paz", needs=["borders"]),
    }
    old = timezone.now() - timedelta(days=20)
    Topic.objects.filter(pk=made["bolivia"].topic_id).update(published_at=old, check_from=old + timedelta(days=1), stale_from=old + timedelta(days=2))
    build()
    return {name: post.topic.public_id for name, post in made.items()}


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


# -- bad input -------------------------------------------------------------------------------------------------------------------


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


# -- paging ----------------------------------------------------------------------------------------------------------------------


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
    assert pages == 3
    assert sorted(seen) == sorted(made)
    assert client.get(f"{address}?q=Cusco&page=180").status_code == 200


# -- nothing found -----------------------------------------------------------------------------------------------------------------


def test_nothing_found_says_what_to_do_next(client, peru):
    response = page(client, "en", q="dentist in Bolivia", language="nl")
    assert found(response) == []
    html = response.content.decode()
    assert "No results" in words(response)
    assert f"q={quote('dentist in')}".replace("%20", "+") in html  # the neighbours are asked without the name of the country
    assert "country=PE" in html
    assert "Official contacts and advice for Bolivia" in words(response)
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


# -- frame -------------------------------------------------------------------------------------------------------------------------


def test_a_search_about_a_country_says_whom_to_call(client, peru):
    html = page(client, "en", q="bus Peru").content.decode()
    assert "In danger in Peru?" in html
    assert 'href="tel:' in html
    assert "In danger in" not in page(client, "en", q="bus").content.decode()
    assert "In danger in Peru?" in page(client, "en", q="bus", country="PE").content.decode()


def test_the_banner_shows_the_crisis_of_the_country(client, peru, staff):
    texts = {"fr": {"title": "Séisme au Pérou"}, "nl": {"title": "Aardbeving in Peru"}}
    open_crisis(actor=staff("duty_officer"), scope=Scope.COUNTRIES, countries=["PE"], texts=texts)
    assert "Séisme au Pérou" in words(page(client, q="bus Pérou"))
    assert "Séisme au Pérou" not in words(page(client, q="bus"))


def test_the_order_is_explained(client, peru):
    ensure_site()
    html = page(client, "en", q="Cusco").content.decode()
    assert '#search-order">Why this order?' in html


def test_no_search_engine_keeps_a_result_page(client, peru):
    assert '<meta name="robots" content="noindex,follow">' in page(client, q="Cusco").content.decode()


def test_the_language_switch_keeps_the_search(client, peru):
    html = page(client, q="Cusco", country="PE").content.decode()
    with override("nl"):
        assert f'href="{reverse("search")}?q=Cusco&amp;country=PE"' in html


def test_no_inline_style_or_script(client, peru):
    html = page(client, q="Cusco").content.decode()
    assert " style=" not in html
    assert "<script" not in html


def test_a_visitor_gets_no_cookie_and_a_page_that_is_kept(client, peru, django_assert_num_queries):
    assert not page(client, q="Cusco").cookies
    with override("fr"), django_assert_num_queries(1):  # the public generation
        kept = client.get(f"{reverse('search')}?q=Cusco")
    assert peru.title in words(kept).replace("<mark>", "")
    with override("fr"):
        other = client.get(f"{reverse('search')}?q=Cusco&utm_source=x")
    assert other.context is not None


def test_members_see_what_is_for_members(client, peru, signed_in):
    Topic.objects.update(visibility="members")
    build()
    assert found(page(client, q="Cusco")) == []
    assert found(page(signed_in(UserFactory()), q="Cusco")) == [peru.public_id]
    Topic.objects.update(visibility="staff")
    build()
    assert found(page(signed_in(UserFactory()), q="Cusco")) == []


# -- an engine that is down ------------------------------------------------------------------------------------------------------------


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


# -- what it costs ------------------------------------------------------------------------------------------------------------------------


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
    with django_assert_num_queries(4) as captured:
        page(client, q="Cusco")
    # Twice, because few texts have all the words: then those with some of them are looked for.
    assert tables(captured) == ["countries_placename", "search_searchtext", "search_searchtext", "forum_topic"]


def test_bytes_of_a_full_page(client, settings):
    body = "Le guichet de la gare ouvre à {n} heures et ferme vers midi, prenez votre passeport et des espèces pour Cusco. " * 3
    for number in range(21):
        make_post(status="published", title=f"Retirer de l’argent à Cusco, adresse numéro {number}", body=body.format(n=number), language="fr")
    build()
    response = Client().get(page(client, q="Cusco").request["PATH_INFO"] + "?q=Cusco", headers={"accept-encoding": "br"})
    assert response.headers["Content-Encoding"] == "br"
    assert len(response.content) <= 14_000
