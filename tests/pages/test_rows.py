"""Rows of lists and of search results: what stands in them, that everything is escaped, and that what is kept is no other row's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from forum.enums import Kind
from forum.models import ForumListing, Topic
from pages.templatetags import hits, site
from search.choices import Group, Option
from search.documents import TOPIC, Part, SearchDocument
from search.services import Result
from search.shown import Shown

NOW = timezone.now()


def topic(**fields: Any) -> Topic:
    values = {
        "public_id": "AB12CD",
        "slug": "bus",
        "kind": Kind.TIP,
        "title": "Bus <b>naar</b> Cusco",
        "summary": "Elke dag & nacht.",
        "language": "nl",
        "place": "Cusco <i>",
        "country_codes": ["PE"],
        "published_at": NOW,
        "reply_count": 0,
        "worked_count": 0,
    }
    return Topic(**{**values, **fields})


def listed(of: Topic, **fields: Any) -> ForumListing:
    dates = {"check_from": NOW + timedelta(days=1), "stale_from": NOW + timedelta(days=2), "confirmed_at": NOW, "newest_at": NOW}
    return ForumListing(**{"topic": of, "kind": of.kind, **dates, **fields})


def row(item: ForumListing, *, language: str = "en", **options: Any) -> str:
    context = Context({"request": RequestFactory().get("/"), "item": item, **options})
    with override(language):
        return Template("{% load site %}{% row item places=places summary=summary %}").render(context)


@pytest.fixture(autouse=True)
def _countries(db: None) -> None:
    """The directory of countries is read once."""


def test_everything_that_people_typed_is_escaped() -> None:
    html = row(listed(topic()), places=True, summary=True)
    assert "Bus &lt;b&gt;naar&lt;/b&gt; Cusco" in html
    assert "Cusco &lt;i&gt;" in html
    assert "Elke dag &amp; nacht." in html
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(("summary", "places"), [(True, True), (True, False), (False, True), (False, False)])
def test_summary_and_countries_where_asked(summary: bool, places: bool) -> None:
    html = row(listed(topic()), places=places, summary=summary)
    assert ("Elke dag" in html) is summary
    assert ("<span>Peru</span>" in html) is places


def test_texts_carry_their_language_and_a_foreign_one_is_named() -> None:
    html = row(listed(topic()), places=True, summary=True)
    assert html.count('lang="nl" dir="ltr"') == 3  # title, summary, place
    assert "<span>Dutch</span>" in html
    assert "<span>Dutch</span>" not in row(listed(topic()), language="nl", places=True, summary=False)


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "<span>1 reply</span>"), (2, "<span>2 replies</span>")])
def test_replies_are_counted(count: int, words: str) -> None:
    html = row(listed(topic(reply_count=count)), places=False, summary=False)
    assert words in html
    assert ("repl" in html) is bool(words)


@pytest.mark.parametrize(
    ("check", "stale", "gone", "state"),
    [(1, 2, None, "fresh"), (-1, 2, None, "check"), (-2, -1, None, "stale"), (1, 2, -1, "gone")],
)
def test_stamp_and_state_follow_the_dates(check: int, stale: int, gone: int | None, state: str) -> None:
    dates = {"check_from": NOW + timedelta(days=check), "stale_from": NOW + timedelta(days=stale)}
    html = row(listed(topic(), **dates, gone_at=NOW + timedelta(days=gone) if gone else None), places=False, summary=False)
    assert f'<p class="stamp {state}">' in html
    assert f'<p class="state {state}">' in html


def test_a_question_has_a_question_mark_and_no_state() -> None:
    html = row(listed(topic(kind=Kind.QUESTION)), places=False, summary=False)
    assert '<p class="stamp ask">' in html
    assert 'class="state' not in html
    assert "<span>Asked " in html


def test_what_is_kept_of_one_row_never_shows_in_another() -> None:
    """Postmark and state are kept by what stands in them: day, state, words, language."""
    fresh = listed(topic(worked_count=3))
    assert "3 people confirm it" in row(fresh, places=False, summary=False)
    assert "1 person confirms it" in row(listed(topic(worked_count=1)), places=False, summary=False)
    assert "people" not in row(fresh, language="nl", places=False, summary=False)
    yesterday = listed(topic(), confirmed_at=NOW - timedelta(days=1))
    assert row(yesterday, places=False, summary=False) != row(listed(topic()), places=False, summary=False)


def test_icons_of_rows_join_the_sprite_even_when_the_row_was_kept() -> None:
    for _ in range(2):
        request = RequestFactory().get("/")
        context = Context({"request": request, "item": listed(topic())})
        html = Template("{% load site %}{% row item %}{% icons %}").render(context)
        assert '<symbol id="i-ok"' in html


def shown(**fields: Any) -> Shown:
    values: dict[str, Any] = {
        "source": TOPIC,
        "pk": 1,
        "revision": 1,
        "title": "",
        "summary": "",
        "language": "nl",
        "kind": "tip",
        "signed_as": "",
        "gone_reason": "",
        "reply_count": 0,
        "worked_count": 0,
        "confirmed_at": timezone.now(),
        "check_from": NOW + timedelta(days=1),
        "stale_from": NOW + timedelta(days=2),
        "gone_at": None,
    }
    return Shown(**{**values, **fields})


DOCUMENT = SearchDocument(TOPIC, 1, "AB12CD", 1, "Bus", "", "nl", countries=("PE", "BO", "CL", "AR"), place="Cusco <i>")


def hit(document: SearchDocument = DOCUMENT, **fields: Any) -> str:
    title = (Part("Bus <x> ", False), Part("Cusco", True))
    result = Result(document=document, title=title, fragment=(Part("naar & ", False),), language="nl", score=1.0, row=shown(**fields))
    context = Context({"request": RequestFactory().get("/"), "result": result})
    with override("en"):
        return Template("{% load hits %}{% hit result '/en/topics/AB12CD-bus/' %}").render(context)


def test_a_hit_marks_the_words_and_escapes_the_rest() -> None:
    html = hit()
    assert '<a href="/en/topics/AB12CD-bus/">Bus &lt;x&gt; <mark>Cusco</mark></a>' in html
    assert '<p lang="nl" dir="ltr">naar &amp; </p>' in html
    assert "Cusco &lt;i&gt;" in html


def test_a_hit_names_three_countries_at_most() -> None:
    assert "<span>Peru, Bolivia, Chile</span>" in hit()


@pytest.mark.parametrize(
    ("fields", "answered", "words"),
    [
        ({"worked_count": 1}, False, "confirmed by 1 person, 1 minute ago"),
        ({"worked_count": 4}, False, "confirmed by 4 people, the last 1 minute ago"),
        ({"kind": "question"}, False, "Open question · 1 minute ago"),
        ({"kind": "question"}, True, "Question with an answer"),
        ({"kind": "offer"}, False, "<span>Offer"),
        ({"gone_at": NOW, "gone_reason": "Faux & <dangereux>"}, False, '<span lang="" dir="auto">Faux &amp; &lt;dangereux&gt;</span>'),
        ({"reply_count": 2}, False, "<span>2 replies</span>"),
    ],
)
def test_what_a_hit_says_of_itself(fields: dict[str, Any], answered: bool, words: str) -> None:
    assert words in hit(replace(DOCUMENT, is_answered=answered), **fields)


def test_a_tombstone_says_nothing_of_confirmations() -> None:
    assert "confirmed by" not in hit(gone_at=NOW, worked_count=9)


def test_boxes_carry_names_counts_and_what_is_set() -> None:
    group = Group("country", "Country", [Option("PE", "Pérou & <co>", 1200, True), Option("BO", "Bolivie", 1, False)])
    html = hits.boxes(group)
    assert html.count("<label>") == 2
    assert '<input type="checkbox" name="country" value="PE" checked> Pérou &amp; &lt;co&gt; <span class="num">1200</span>' in html
    assert 'value="BO"> Bolivie' in html


def test_boxes_name_languages_in_the_readers_own() -> None:
    with override("fr"):
        html = hits.boxes(Group("language", "Langue", [Option("nl", "", 3, False)]))
    assert "> Néerlandais <" in html


@pytest.mark.parametrize(
    ("code", "attributes"),
    [("nl", ' lang="nl" dir="ltr"'), ("ar", ' lang="ar" dir="rtl"'), ("und", ' lang="" dir="auto"'), ("", ' lang="" dir="auto"')],
)
def test_language_of_a_text(code: str, attributes: str) -> None:
    assert site.text_lang(code) == attributes
