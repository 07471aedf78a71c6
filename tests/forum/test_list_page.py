"""The list of topics: filters, paging, wrong parameters, who sees what, and what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from crisis.services import open_crisis
from forum.filters import PAGE_SIZE, read_filter
from forum.models import ForumListing
from forum.services import apply_status, edit_post, mark_dangerous, withdraw_post
from tests.factories import UserFactory, make_post, text
from tests.forum.pages import url

pytestmark = pytest.mark.django_db
LEFT = ["draft", "pending", "changes_requested", "hidden", "archived", "rejected", "spam"]
SECRET = "Geheimzinnige pinguins"


def page(client: Client, query: str = "", language: str = "fr") -> Any:
    return client.get(url("topic_list", language) + query)


@pytest.mark.parametrize("status", LEFT)
def test_only_published_topics_are_listed(client: Client, status: str) -> None:
    post = make_post(status=status, title=SECRET, body=SECRET * 5, place=SECRET)
    html = page(client).content.decode()
    assert SECRET not in html
    assert post.topic.public_id not in html


def test_withdrawn_and_pending_edit_are_not_listed(client: Client) -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    edit_post(actor=author, post=post, text=text(title=SECRET, countries=["CL"]), version_number=1)
    assert SECRET not in page(client).content.decode()
    assert "dagbus" not in page(client, "?country=CL").content.decode()
    withdraw_post(actor=author, post=post)
    assert "dagbus" not in page(client).content.decode()


def test_tombstone_shows_title_and_reason_never_the_text(client: Client) -> None:
    mark_dangerous(post=make_post(status="published", body=f"Volg de rivier, {SECRET}."), reason="Er werd geschoten.")
    html = page(client).content.decode()
    assert "Met de dagbus" in html
    assert SECRET not in html


@pytest.mark.parametrize(("query", "found"), [
    ("", {"tip", "offer", "question"}), ("?country=PE", {"tip", "offer"}), ("?country=pe", {"tip", "offer"}), ("?need=borders", {"tip"}),
    ("?kind=offer", {"offer"}), ("?language=fr", {"question"}), ("?country=PE&need=shelter&kind=offer&language=nl", {"offer"}),
    ("?country=FR", set()), ("?state=fresh", {"tip", "offer", "question"}), ("?state=gone", set()), ("?since=24h", {"tip", "offer", "question"}),
    ("?sort=confirmed", {"tip", "offer", "question"}), ("?utm_source=x", {"tip", "offer", "question"}),
])  # fmt: skip
def test_filters(client: Client, query: str, found: set[str]) -> None:
    make_post(status="published", title="Thema tip")
    make_post(status="published", title="Thema offer", kind="offer", needs=["shelter"])
    make_post(status="published", title="Thema question", kind="question", countries=["TH"], language="fr", needs=["visa"])
    response = page(client, query)
    html = response.content.decode()
    assert response.status_code == 200
    assert {kind for kind in ("tip", "offer", "question") if f"Thema {kind}" in html} == found


def test_since_reads_the_column_of_the_order(client: Client) -> None:
    old = apply_status(post=make_post(title="Lang geleden"), status="published", published_at=timezone.now() - timezone.timedelta(days=9))
    assert "Lang geleden" not in page(client, "?since=7d").content.decode()
    ForumListing.objects.filter(topic=old.topic).update(confirmed_at=timezone.now())
    assert "Lang geleden" in page(client, "?since=7d&sort=confirmed").content.decode()


@pytest.mark.parametrize(("query", "field"), [
    ("?country=QQ", "country"), ("?country=Peru", "country"), ("?need=money2", "need"), ("?kind=advert", "kind"), ("?state=old", "state"),
    ("?since=yesterday", "since"), ("?since=0d", "since"), ("?since=9999d", "since"), ("?sort=random", "sort"), ("?page=2", "page"),
    ("?page=%27", "page"), ("?language=francais", "language"), ("?country=" + "P" * 500, "country"),
])  # fmt: skip
def test_wrong_parameter_is_a_400_tied_to_its_field(client: Client, query: str, field: str) -> None:
    make_post(status="published")
    response = page(client, query)
    assert response.status_code == 400
    assert set(response.context["asked"].errors) == {field}
    assert str(response.context["asked"].errors[field]) in response.content.decode().replace("&#x27;", "'")
    assert "dagbus" not in response.content.decode()
    if field in {"country", "need", "kind", "state", "language"}:
        assert f'aria-describedby="e-{field}"' in response.content.decode()


@pytest.mark.parametrize("query", ["?country=%00", "?country=%FF%FE", "?page=%00"])
def test_unreadable_query_is_a_400(client: Client, query: str) -> None:
    assert page(client, query).status_code == 400


def test_pages_follow_by_cursor(client: Client) -> None:
    for n in range(PAGE_SIZE + 3):
        make_post(status="published", title=f"Nummer {n:02}")
    first = page(client)
    assert len(first.context["rows"]) == PAGE_SIZE
    second = page(client, f"?page={first.context['next_page']}")
    assert len(second.context["rows"]) == 3
    assert second.context["next_page"] == ""
    both = [row.topic_id for response in (first, second) for row in response.context["rows"]]
    assert len(set(both)) == PAGE_SIZE + 3
    assert both == sorted(both, reverse=True)
    assert 'rel="next"' in first.content.decode()


def test_no_primary_key_in_the_page(client: Client) -> None:
    for _ in range(PAGE_SIZE + 1):
        make_post(status="published")
    context = page(client).context
    assert context["next_page"].partition(".")[2] == context["rows"][-1].topic.public_id


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_language(client: Client, language: str) -> None:
    make_post(status="published")
    response = page(client, "?country=PE", language)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert '<h3 lang="nl" dir="ltr">' in response.content.decode()


def test_members_and_staff_see_what_a_crisis_restricts(client: Client, staff: Any, signed_in: Any) -> None:
    texts = {"fr": {"title": "Crise", "summary": ""}, "nl": {"title": "Crisis", "summary": ""}}
    other = {"fr": {"title": "Autre crise", "summary": ""}, "nl": {"title": "Andere crisis", "summary": ""}}
    officer = staff("duty_officer")
    open_crisis(actor=officer, scope="countries", countries=["PE"], texts=texts, visibility_regime="members")
    open_crisis(actor=officer, scope="countries", countries=["BO"], texts=other, visibility_regime="staff")
    make_post(status="published", title="Voor leden")
    make_post(status="published", title="Voor personeel", countries=["BO"])
    member = signed_in(UserFactory())
    for reader, seen in ((client, set()), (member, {"leden"}), (signed_in(officer), {"leden", "personeel"})):
        html = page(reader).content.decode()
        assert {word for word in ("leden", "personeel") if f"Voor {word}" in html} == seen


def test_queries_do_not_grow(client: Client, settings: Any, django_assert_num_queries: Any) -> None:
    settings.GENERATION_SECONDS = 3600
    for _ in range(3):
        make_post(status="published")
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client, "?country=PE&need=borders&utm=1")
    for _ in range(30):
        make_post(status="published")
    page(client)
    with CaptureQueriesContext(connection) as many:
        response = page(client, "?country=PE&need=borders&utm=1")
    # The rows with their topics; the generation and the crises are read once a second and kept.
    assert len(few) == len(many) == 1, [q["sql"] for q in many.captured_queries]
    with django_assert_num_queries(1):
        page(client, f"?country=PE&need=borders&utm=1&page={response.context['next_page']}")


@pytest.mark.parametrize(("since", "words"), [("1h", "Last hour"), ("24h", "Last 24 hours"), ("1d", "Last day"), ("7d", "Last 7 days"), ("", "")])
def test_since_in_words(since: str, words: str) -> None:
    with override("en"):
        assert read_filter({"since": since}).since_words == words


def test_filter_is_described_for_search_engines(client: Client) -> None:
    assert "noindex" in page(client, "?country=PE").content.decode()
    assert "noindex" not in page(client).content.decode()
