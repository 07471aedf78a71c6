"""The page of a country, its list, and the short ways to both."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from countries import directory
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice, withdraw_notice
from forum.models import ForumListing
from forum.services import apply_status, create_topic
from pages import listings
from pages.compression import QUICK, encode
from pages.local_time import in_capital
from pages.views import _emergency
from tests.factories import UserFactory, make_post, text

pytestmark = pytest.mark.django_db

MOST_BYTES = 14_000
QUERIES = 4  # notices, tips, questions, offers
WITH_NOTICES = QUERIES + 1  # and the texts of the notices
FULL = WITH_NOTICES + 1  # more tips than are read at once: the best of each other need


def url(language: str, slug: str) -> str:
    with override(language):
        return reverse("country", args=[slug])


def page(reader: Client, language: str = "fr", slug: str = "perou") -> str:
    response = reader.get(url(language, slug))
    assert response.status_code == 200
    return response.content.decode()


def publish(hours: float = 1, **fields: Any) -> Any:
    post = create_topic(actor=UserFactory(), text=text(**fields))
    moment = timezone.now() - timedelta(hours=hours)
    return apply_status(post=post, status="published", version=post.latest_version, published_at=moment)


def notice(staff: Any, title: str, country: str | None = "PE", **texts: Any) -> Any:
    writer, second = staff("crisis_editor"), staff("spokesperson")
    given = {code: {"title": f"{title} {code}", "known": "Ce que nous savons."} for code in ("fr", "nl")} | texts
    sent = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=given, signed_as="Ambassade à Lima", country=country))
    return approve_notice(actor=second, notice=sent, revision=sent.revision)


def test_official_word_stands_before_citizens_words_and_looks_unlike_them(reader: Client, staff: Any) -> None:
    notice(staff, "Restez")
    publish(title="Met de bus")
    html = page(reader)
    assert html.index("Restez fr") < html.index("Met de bus")
    official, citizens = html.split('id="tips"')
    assert 'class="seal"' in official
    assert "Ambassade à Lima" in official
    assert 'class="seal"' not in citizens


def test_notice_in_the_readers_language_with_the_others_one_tap_away(reader: Client, staff: Any) -> None:
    notice(staff, "Restez")
    assert "Restez nl" in page(reader, "nl", "peru")
    german = page(reader, "de", "peru")
    assert "Restez fr" in german
    assert f'href="{url("nl", "peru")}#n-' in german


def test_withdrawn_notice_is_gone(reader: Client, staff: Any) -> None:
    found = notice(staff, "Restez")
    withdraw_notice(actor=found.approved_by, notice=found)
    assert "Restez" not in page(reader)


def test_notice_text_is_escaped(reader: Client, staff: Any) -> None:
    notice(staff, "A", fr={"title": "<b>A</b>", "known": "- <script>x</script>\nb"})
    html = page(reader)
    assert "<script>" not in html
    assert "<li>&lt;script&gt;x&lt;/script&gt;</li>" in html


def test_tips_by_need_the_need_with_the_freshest_word_first(reader: Client) -> None:
    publish(5, title="Oude bus", needs=["borders"])
    publish(3, title="Geld halen", needs=["money"])
    publish(1, title="Nieuwe bus", needs=["borders"])
    groups = listings.tips_by_need("PE")
    assert [(group.need, [row.topic.title for row in group.rows]) for group in groups] == [
        ("borders", ["Nieuwe bus", "Oude bus"]),
        ("money", ["Geld halen"]),
    ]
    html = page(reader)
    assert html.index("Nieuwe bus") < html.index("Oude bus") < html.index("Geld halen")


def test_the_only_answer_to_a_need_is_shown_however_old_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "NEWEST", 3)
    publish(900, title="Insuline in Arequipa", needs=["medicine"])
    for number in range(4):
        publish(number + 1, title=f"Bus {number}", needs=["borders"])
    found = {group.need: [row.topic.title for row in group.rows] for group in listings.tips_by_need("PE")}
    assert found == {"borders": ["Bus 0", "Bus 1", "Bus 2"], "medicine": ["Insuline in Arequipa"]}


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ([], []),
        ([1], [1]),
        ([9, 2, 1], [3, 2, 1]),
        ([9] * 5, [3, 3, 3, 3, 3]),
        ([9] * 8, [3, 3, 3, 3, 1, 1, 1, 1]),
        ([2] * 15, [2] + [1] * 14),
        ([9] * 20, [1] * 20),
    ],
)
def test_no_need_is_left_out_and_the_page_stays_small(found: list[int], shown: list[int]) -> None:
    groups = {str(number): [ForumListing()] * count for number, count in enumerate(found)}
    assert [len(group.rows) for group in listings._within_a_page(groups)] == shown
    assert sum(shown) <= max(listings.MOST_TIPS, len(found))


def test_the_best_tips_of_the_first_needs_say_more(reader: Client) -> None:
    for number, need in enumerate(["borders", "money", "medicine", "pets"]):
        publish(number + 1, title=f"Tip {number}", body=f"Samenvatting {number}.", needs=[need])
    publish(9, title="Tweede", body="Samenvatting van de tweede.", needs=["borders"])
    html = page(reader)
    assert [f"Samenvatting {number}." in html for number in range(4)] == [True, True, True, False]
    assert "Samenvatting van de tweede." not in html


def test_tip_without_a_need_is_shown() -> None:
    publish(title="Zomaar", needs=[])
    assert [group.need for group in listings.tips_by_need("PE")] == [""]


def test_only_what_is_public_of_this_country_and_of_the_right_kind(reader: Client) -> None:
    publish(title="Tip over Peru")
    publish(title="Tip over Benin", countries=["BJ"])
    publish(title="Open vraag", kind="question")
    publish(title="Een kamer", kind="offer", needs=["shelter"])
    make_post(status="pending", title="Wacht")
    make_post(status="rejected", title="Geweigerd")
    make_post(status="hidden", title="Verborgen")
    html = page(reader, "nl", "peru")
    for title in ("Tip over Peru", "Open vraag", "Een kamer"):
        assert html.count(title) == 1, title
    for title in ("Tip over Benin", "Wacht", "Geweigerd", "Verborgen"):
        assert title not in html, title


def test_members_read_what_a_crisis_keeps_for_members(reader: Client, staff: Any, signed_in: Any) -> None:
    publish(title="Omweg via Puno")
    texts = {"fr": {"title": "Crise"}, "nl": {"title": "Crisis"}}
    open_crisis(actor=staff("duty_officer"), scope="countries", texts=texts, countries=["PE"], visibility_regime="members")
    assert "Omweg via Puno" not in page(reader)
    assert "Omweg via Puno" in page(signed_in(UserFactory()))
    assert "Omweg via Puno" not in page(reader)


def test_country_without_content_says_what_to_do(reader: Client) -> None:
    html = page(reader, "en", "bhutan")
    assert 'class="empty' in html
    assert "write/?country=BT" in html or "?country=BT" in html


def test_emergency_numbers_and_what_is_not_known(reader: Client) -> None:
    assert 'href="tel:105"' in page(reader)
    unknown = next(entry for entry in directory.entries("en") if not entry.emergency)
    assert _emergency(unknown) == [("police", ()), ("ambulance", ()), ("fire", ())]
    assert page(reader, "en", unknown.slug("en")).count("Number not known") == 3
    assert 'href="tel:+3225550110"' in page(reader)


def test_without_a_duty_number_the_ministrys_contacts_are_one_tap_away(reader: Client, settings: Any) -> None:
    settings.EMERGENCY_PHONE = ""
    html = page(reader)
    assert "tel:+32" not in html
    assert 'href="https://diplomatie.belgium.be/fr"' in html


def test_local_time_is_that_of_the_capital() -> None:
    now = datetime(2027, 3, 18, 15, 20, tzinfo=UTC)
    lima = in_capital(directory.entry("PE"), now)
    assert lima is not None
    assert (lima.at.hour, lima.at.minute, lima.several) == (10, 20, False)
    washington = in_capital(directory.entry("US"), now)
    assert washington is not None
    assert (washington.at.hour, washington.several) == (11, True)
    assert in_capital(directory.entry("AQ"), now) is None


def test_neighbours_feed_and_short_address(reader: Client) -> None:
    html = page(reader)
    assert f'href="{url("fr", "bolivie")}"' in html
    assert "feed/?country=PE" in html
    assert "localhost:8000/c/pe" in html


@pytest.mark.parametrize("slug", ["nergensland", "0", "a" * 200])
def test_unknown_country_is_404(reader: Client, slug: str) -> None:
    assert reader.get(url("nl", slug)).status_code == 404


def test_name_in_another_language_leads_to_the_right_address(reader: Client) -> None:
    response = reader.get(url("nl", "perou"))
    assert (response.status_code, response["Location"]) == (302, url("nl", "peru"))


@pytest.mark.parametrize("path", ["/c/pe", "/C/PE".lower(), "/c/PE/", "/pe", "/PE", "/pe/"])
@pytest.mark.parametrize(
    ("header", "language", "slug"), [("nl-BE,nl;q=0.9", "nl", "peru"), ("de", "de", "peru"), ("es, fr;q=0.5", "fr", "perou"), ("", "fr", "perou")]
)
def test_short_address_leads_by_language_without_a_cookie(reader: Client, path: str, header: str, language: str, slug: str) -> None:
    response = reader.get(path, headers={"accept-language": header})
    assert (response.status_code, response["Location"]) == (302, url(language, slug))
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize(("path", "where"), [("/de", "/de/"), ("/DE", "/de/"), ("/nl", "/nl/")])
def test_two_letters_of_a_language_are_the_language(reader: Client, path: str, where: str) -> None:
    response = reader.get(path, follow=True)
    assert response.redirect_chain[-1][0] == where
    assert reader.get("/c/de", headers={"accept-language": "en"})["Location"] == url("en", "germany")


@pytest.mark.parametrize("path", ["/xx", "/c/xx", "/c/p", "/c/pér", "/c/per", "/c/1"])
def test_letters_that_are_no_country_are_404(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(("header", "where"), [("nl", "/nl/"), ("de-AT", "/de/"), ("en-GB,fr;q=0.3", "/en/"), ("zh", "/fr/"), ("", "/fr/")])
def test_root_chooses_by_the_browsers_language(reader: Client, header: str, where: str) -> None:
    response = reader.get("/", headers={"accept-language": header})
    assert (response.status_code, response["Location"]) == (302, where)
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


def _fill(tips: int) -> None:
    author = UserFactory()
    for number in range(tips):
        need = ["borders", "money", "medicine"][number % 3]
        post = create_topic(actor=author, text=text(title=f"Tip {number}", needs=[need]))
        moment = timezone.now() - timedelta(hours=number)
        apply_status(post=post, status="published", version=post.latest_version, published_at=moment)


@pytest.mark.parametrize(("tips", "notices", "queries"), [(0, 0, QUERIES), (5, 2, WITH_NOTICES), (31, 2, FULL)])
def test_queries_are_few_however_much_there_is(
    reader: Client, settings: Any, staff: Any, django_assert_num_queries: Any, tips: int, notices: int, queries: int
) -> None:
    settings.GENERATION_SECONDS = 60
    for number in range(notices):
        notice(staff, f"Avis {number}")
    _fill(tips)
    publish(900, title="Hond mee", needs=["pets"])
    page(reader)
    with django_assert_num_queries(queries):
        reader.get(url("fr", "perou") + "?uncached=1")


def test_page_is_small(reader: Client, staff: Any) -> None:
    notice(staff, "Restez")
    _fill(12)
    assert len(encode(page(reader).encode(), "br", QUICK)) <= MOST_BYTES


def list_url(language: str, query: str = "") -> str:
    with override(language):
        return reverse("country_list") + query


@pytest.mark.parametrize(
    ("language", "first", "last"), [("fr", "Afghanistan", "Zimbabwe"), ("nl", "Afghanistan", "Zwitserland"), ("de", "Afghanistan", "Zypern")]
)
def test_list_is_complete_and_sorted_in_the_language(reader: Client, language: str, first: str, last: str) -> None:
    html = reader.get(list_url(language)).content.decode()
    names = [entry.name(language) for entry in directory.entries(language)]
    index = html.split('class="index"')[1]
    assert index.count("<li>") == len(names) == 250
    assert index.index(f">{first}</a>") < index.index(f">{last}</a>")


@pytest.mark.parametrize(
    ("language", "query", "slug"),
    [
        ("fr", "Kaboul", "afghanistan"),
        ("nl", "kabul", "afghanistan"),
        ("fr", "KBL", "afghanistan"),
        ("nl", "Perou", "peru"),
        ("fr", "Péruvien", "perou"),
    ],
)
def test_one_exact_meaning_leads_to_the_country(reader: Client, language: str, query: str, slug: str) -> None:
    response = reader.get(list_url(language), {"q": query})
    assert (response.status_code, response["Location"]) == (302, url(language, slug))


def test_a_typo_is_a_question(reader: Client) -> None:
    response = reader.get(list_url("nl"), {"q": "perru"})
    assert response.status_code == 200
    assert f'href="{url("nl", "peru")}"' in response.content.decode().split('class="index"')[0]


def test_nothing_found_leads_on_to_the_search_with_the_words(reader: Client) -> None:
    html = reader.get(list_url("en"), {"q": "<i>bread & butter</i>"}).content.decode()
    assert "?q=%3Ci%3Ebread%20%26%20butter%3C%2Fi%3E" in html
    assert "<i>bread" not in html


def test_list_asks_nothing_of_the_database(reader: Client, settings: Any, django_assert_num_queries: Any) -> None:
    settings.GENERATION_SECONDS = 60
    reader.get(list_url("fr"))
    with django_assert_num_queries(0):
        reader.get(list_url("fr", "?uncached=1"))
