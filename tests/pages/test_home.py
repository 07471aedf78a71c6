"""The home page: what a stranded reader sees first."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from forum.services import apply_status, create_topic
from pages import listings
from pages.compression import QUICK, encode
from tests.factories import UserFactory, make_post, text

pytestmark = pytest.mark.django_db

MOST_BYTES = 14_000
QUERIES = 4  # notices, their texts, tips, questions; one less while there is no notice


def test_search_comes_before_everything_else(reader: Client) -> None:
    html = reader.get("/fr/").content.decode()
    main = html.split("<main")[1]
    assert main.index('role="search"') < main.index("<h2")
    assert main.count("btn main") == 1


def test_tips_questions_and_countries(reader: Client) -> None:
    make_post(status="published", title="Un tuyau du Pérou", countries=["PE"])
    make_post(status="published", title="Une question du Bénin", kind="question", countries=["BJ"])
    make_post(status="pending", title="Pas encore relu", countries=["VU"])
    html = reader.get("/fr/").content.decode()
    assert "Un tuyau du Pérou" in html
    assert "Une question du Bénin" in html
    assert "Pas encore relu" not in html
    assert "Bénin</a>" in html
    assert "Vanuatu" not in html


def test_tips_that_hold_stand_before_those_to_be_confirmed(reader: Client) -> None:
    for title, needs, hours in (("Houdt nog", ["legal"], 200), ("Te bevestigen", ["security"], 20)):
        post = create_topic(actor=UserFactory(), text=text(title=title, needs=needs))
        moment = timezone.now() - timedelta(hours=hours)
        apply_status(post=post, status="published", version=post.latest_version, published_at=moment)
    html = reader.get("/nl/").content.decode()
    assert "Houdt nog" in html
    assert [row.topic.title for row in listings.fresh_tips(limit=4)] == ["Houdt nog"]


def test_where_nothing_holds_the_newest_is_shown() -> None:
    post = create_topic(actor=UserFactory(), text=text(title="Oud", needs=["security"]))
    apply_status(post=post, status="published", version=post.latest_version, published_at=timezone.now() - timedelta(days=9))
    assert [row.topic.title for row in listings.fresh_tips(limit=4)] == ["Oud"]


def test_user_text_carries_its_language(reader: Client) -> None:
    make_post(status="published", title="Met de dagbus", language="nl")
    make_post(status="published", title="حافلة إلى ليما", language="ar")
    html = reader.get("/fr/").content.decode()
    assert '<h3 lang="nl" dir="ltr">' in html
    assert '<h3 lang="ar" dir="rtl">' in html


def test_crises_stand_as_cards_and_not_as_a_banner(reader: Client, staff: Any) -> None:
    texts = {"fr": {"title": "État d’urgence", "summary": "Routes coupées."}, "nl": {"title": "Noodtoestand"}}
    open_crisis(actor=staff("duty_officer"), scope="countries", texts=texts, countries=["PE"])
    html = reader.get("/fr/").content.decode()
    assert 'class="official alert"' in html
    assert "Routes coupées." in html
    assert 'class="crisis"' not in html


def test_notice_for_everybody_is_shown_and_one_of_a_country_is_not(reader: Client, staff: Any) -> None:
    writer, second = staff("crisis_editor"), staff("spokesperson")
    for title, country in (("Pour tous", None), ("Pour le Pérou", "PE")):
        texts = {code: {"title": title, "known": "- un\n- deux"} for code in ("fr", "nl")}
        notice = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=texts, signed_as="Porte-parole", country=country))
        approve_notice(actor=second, notice=notice, revision=notice.revision)
    html = reader.get("/fr/").content.decode()
    assert "Pour tous" in html
    assert "<li>un</li><li>deux</li>" in html
    assert "Pour le Pérou" not in html


def test_restricted_topics_are_not_shown_to_everybody(reader: Client, staff: Any) -> None:
    make_post(status="published", title="Une route cachée", countries=["PE"])
    texts = {"fr": {"title": "Guerre"}, "nl": {"title": "Oorlog"}}
    open_crisis(actor=staff("duty_officer"), scope="countries", texts=texts, countries=["PE"], visibility_regime="staff")
    assert "Une route cachée" not in reader.get("/fr/").content.decode()


def _fill(count: int) -> None:
    author = UserFactory()
    for number in range(count):
        kind = "question" if number % 3 == 0 else "tip"
        post = create_topic(actor=author, text=text(title=f"Onderwerp {number}", kind=kind, countries=["PE", "BJ"][: 1 + number % 2]))
        moment = timezone.now() - timedelta(hours=number)
        apply_status(post=post, status="published", version=post.latest_version, published_at=moment)


@pytest.mark.parametrize("count", [0, 12])
def test_queries_do_not_grow_with_content(reader: Client, settings: Any, django_assert_num_queries: Any, count: int) -> None:
    settings.GENERATION_SECONDS = 60
    reader.get("/fr/")
    _fill(count)
    reader.get("/nl/")
    with django_assert_num_queries(QUERIES - 1):
        reader.get("/nl/?uncached=1")


def test_page_is_small(reader: Client, staff: Any) -> None:
    _fill(12)
    html = reader.get("/fr/").content
    assert len(encode(html, "br", QUICK)) <= MOST_BYTES
    assert settings.BASE_URL in html.decode()
