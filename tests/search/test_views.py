"""The search page: what it finds, how it says it, what its frame carries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from crisis.enums import Scope
from crisis.services import open_crisis
from forum.enums import ConfirmationKind
from forum.models import Topic
from forum.services import accept_answer, confirm_post, mark_dangerous
from pages.services import ensure_site
from tests.factories import UserFactory, make_post, make_reply
from tests.search.asking import build, found, page, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]


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


def test_an_official_notice_looks_unlike_a_tip(client, peru, notice_about_peru):
    response = page(client, "nl", q="Cusco")
    assert set(found(response)) == {peru.public_id, notice_about_peru.public_id}
    html = response.content.decode()
    assert html.count('class="stamp off"') == 1
    assert html.count('class="seal"') == 1
    assert "Ambassade à Lima" in html
    with override("nl"):
        assert reverse("notice", args=[notice_about_peru.public_id]) in html
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


# -- frame ------------------------------------------------------------


def test_a_search_about_a_country_says_whom_to_call(client, peru):
    html = page(client, "en", q="bus Peru").content.decode()
    assert "In danger in Peru?" in html
    assert 'href="tel:' in html
    assert "In danger in" not in page(client, "en", q="bus").content.decode()
    assert "In danger in Peru?" in page(client, "en", q="bus", country="PE").content.decode()


def test_a_search_about_a_country_leads_to_its_page(client, peru):
    with override("en"):
        link = f'href="{reverse("country", args=["peru"])}"'
    assert link in page(client, "en", q="bus Peru").content.decode()
    assert link not in page(client, "en", q="bus").content.decode()


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
