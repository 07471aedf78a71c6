"""One topic: which status answers how, what is shown and marked, and that its cost does not grow."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisis.services import open_crisis
from forum.models import Post, PostVersion, Topic
from forum.services import accept_answer, apply_status, confirm_post, create_reply, edit_post, mark_dangerous, withdraw_post
from forum.thread import REPLIES_A_PAGE
from tests.factories import UserFactory, make_post, make_reply, text
from tests.forum.pages import address, url

pytestmark = pytest.mark.django_db
SECRET = "Geheimzinnige pinguins"


def get(client: Client, topic: Topic, query: str = "", language: str = "fr") -> Any:
    return client.get(address(topic, language) + query)


def test_published_topic(client: Client) -> None:
    post = make_post(author=UserFactory(named=True), status="published")
    html = get(client, post.topic, language="nl").content.decode()
    assert '<h1 lang="nl" dir="ltr">Met de dagbus van Cusco naar Lima</h1>' in html
    assert '<div class="prose" lang="nl" dir="ltr"><p>De dagbus vertrekt om <strong>zes uur</strong>' in html
    assert post.author.pseudonym in html
    assert "@" not in re.sub(r"@(layer|media|supports)", "", html)
    assert "stamp fresh" in html
    assert f"/t/{post.topic.public_id}" in html
    assert 'href="tel:105"' in html


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "rejected", "spam"])
def test_never_published_is_a_404_even_for_its_author(client: Client, signed_in: Any, status: str) -> None:
    author = UserFactory()
    post = make_post(author=author, status=status, title=SECRET)
    for reader in (client, signed_in(author)):
        response = get(reader, post.topic)
        assert response.status_code == 404
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize("status", ["rejected", "spam", "pending"])
def test_an_approval_that_was_taken_back_is_a_404(client: Client, status: str) -> None:
    post = make_post(status="published", title=SECRET)
    before = address(post.topic)
    apply_status(post=post, status=status)
    assert client.get(before).status_code == 404


@pytest.mark.parametrize("status", ["hidden", "withdrawn"])
def test_hidden_and_withdrawn_are_a_410_without_title(client: Client, status: str) -> None:
    author = UserFactory()
    post = make_post(author=author, status="published", title=SECRET, body=SECRET * 3)
    before = address(post.topic)
    if status == "hidden":
        apply_status(post=post, status="hidden")
    else:
        withdraw_post(actor=author, post=post)
    response = client.get(before)
    assert response.status_code == 410
    assert SECRET not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_archived_stays_readable_without_replies(client: Client) -> None:
    post = make_post(status="archived")
    response = get(client, post.topic)
    html = response.content.decode()
    assert response.status_code == 200
    assert "zes uur" in html
    assert url("topic_reply", public_id=post.topic.public_id) not in html
    assert 'content="noindex"' in html


def test_merged_leads_to_its_target(client: Client) -> None:
    target = make_post(status="published").topic
    target.refresh_from_db()
    post = make_post()
    apply_status(post=post, status="merged", merged_into=target)
    response = get(client, post.topic)
    assert (response.status_code, response["Location"]) == (301, address(target))


def test_merged_into_something_unpublished_is_a_404(client: Client) -> None:
    post, target = make_post(), make_post().topic
    apply_status(post=post, status="merged", merged_into=target)
    assert get(client, post.topic).status_code == 404


def test_tombstone(client: Client) -> None:
    post = make_post(status="published", body=f"Volg de rivier. {SECRET}")
    make_reply(topic=post.topic, status="published", body=SECRET)
    mark_dangerous(post=post, reason="Er werd geschoten.")
    response = get(client, post.topic)
    html = response.content.decode()
    assert response.status_code == 410
    assert "Met de dagbus" in html
    assert "Er werd geschoten." in html
    assert SECRET not in html
    assert "state=fresh" in html
    assert "noindex" in html


@pytest.mark.parametrize("made", ["wrong", "upper-case", "none", "spoken"])
def test_wrong_slug_and_typed_ids_lead_to_the_right_address(client: Client, made: str) -> None:
    topic = make_post(status="published").topic
    right = address(topic)
    Topic.objects.filter(pk=topic.pk).update(public_id="A1B0CD")
    right = right.replace(topic.public_id, "A1B0CD")
    typed = {
        "wrong": right.replace("A1B0CD-met-de", "A1B0CD-zonder"),
        "upper-case": right.replace("met-de", "MET-DE"),
        "none": url("topic_bare", public_id="A1B0CD"),
        "spoken": url("topic_bare", public_id="aLbOcd"),
    }[made]
    response = client.get(typed)
    assert (response.status_code, response["Location"]) == (301, right)


@pytest.mark.parametrize(("accept", "language"), [("nl-BE,nl;q=0.9", "nl"), ("de", "de"), ("pt-BR", "fr"), ("en-GB,fr;q=0.1", "en")])
def test_short_address_follows_the_browser_and_sets_no_cookie(client: Client, accept: str, language: str) -> None:
    topic = make_post(status="published").topic
    response = client.get(f"/t/{topic.public_id.lower()}", headers={"accept-language": accept})
    assert response.status_code == 302
    assert response["Location"].startswith(f"/{language}/")
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies
    assert client.get(response["Location"])["Location"] == address(topic, language)


def test_short_address_of_a_secret_or_absent_topic_is_a_404(client: Client) -> None:
    assert client.get(f"/t/{make_post().topic.public_id}").status_code == 404
    assert client.get("/t/ZZZZZZ").status_code == 404
    assert client.get("/t/ZZ%00ZZ").status_code in {400, 404}


def test_pending_replies_and_edits_are_not_shown(client: Client) -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    for status in ("pending", "rejected", "hidden", "archived"):
        make_reply(topic=post.topic, body=f"{SECRET} {status}", status=status if status in {"pending", "rejected"} else "published")
    for reply in Post.objects.filter(is_first=False, status="published"):
        apply_status(post=reply, status=reply.live_version.body.rsplit(" ", 1)[1])
    dangerous = make_reply(topic=post.topic, body=f"{SECRET} dangerous", status="published")
    mark_dangerous(post=dangerous, reason="Fout nummer")
    edit_post(actor=author, post=post, text=text(title=f"{SECRET} titel", body=SECRET * 2), version_number=1)
    html = get(client, post.topic).content.decode()
    assert SECRET not in html
    assert "Met de dagbus" in html


def test_official_answers_are_set_apart(client: Client) -> None:
    topic = make_post(status="published").topic
    answer = create_reply(actor=UserFactory(), topic=topic, text=text(body="Neem alleen de dagbus."), signed_as="Ambassade in Lima")
    apply_status(post=answer, status="published")
    html = get(client, topic, language="nl").content.decode()
    official = html[html.index('<section class="official"') : html.index("</section>", html.index('<section class="official"'))]
    assert "Ambassade in Lima" in official
    assert "Neem alleen de dagbus." in official
    assert html.count("Neem alleen de dagbus.") == 1
    assert html.index("Neem alleen de dagbus.") < html.index('<article class="tip flow">')


def test_accepted_answer_stands_first_and_once(client: Client) -> None:
    asker = UserFactory()
    topic = make_post(author=asker, status="published", kind="question").topic
    make_reply(topic=topic, status="published", body="Eerste reactie")
    answer = make_reply(topic=topic, status="published", body="Dit is het antwoord")
    accept_answer(actor=asker, answer=answer)
    html = get(client, topic).content.decode()
    assert html.count("Dit is het antwoord") == 1
    assert html.index("Dit is het antwoord") < html.index("Eerste reactie")


def test_right_to_left_text_is_marked(client: Client) -> None:
    topic = make_post(status="published", language="ar", title="حافلة إلى ليما").topic
    make_reply(topic=topic, status="published", language="und", body="؟؟؟ ok")
    html = get(client, topic).content.decode()
    assert '<h1 lang="ar" dir="rtl">' in html
    assert '<div class="prose" lang="ar" dir="rtl">' in html
    assert '<div class="prose" lang="" dir="auto">' in html


def meta(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', html)
    return found[1] if found else ""


def test_shared_link_begins_with_who_speaks_state_and_date(client: Client) -> None:
    topic = make_post(status="published").topic
    html = get(client, topic, language="en").content.decode()
    assert re.match(r"Citizen(&#x27;|’|')s tip · posted \d+ \w+: Met de dagbus", meta(html, "og:title"))
    confirm_post(post=topic.posts.get(), kind="worked", happened_date=timezone.localdate(), actor=UserFactory())
    html = get(client, topic, language="en").content.decode()
    assert re.match(r"Citizen(&#x27;|’|')s tip · confirmed \d+ \w+: Met de dagbus", meta(html, "og:title"))
    assert "zes uur" in meta(html, "og:description")
    assert meta(html, "og:description") == meta(html, "description")


@pytest.mark.parametrize(("fields", "days", "robots"), [
    ({}, 0, "unavailable_after"), ({}, 1, "unavailable_after"), ({}, 5, "noindex"), ({"kind": "offer"}, 0, "noindex"),
    ({"kind": "question"}, 0, "noindex"),
])  # fmt: skip
def test_robots(client: Client, fields: dict[str, Any], days: int, robots: str) -> None:
    post = apply_status(post=make_post(**fields), status="published", published_at=timezone.now() - timedelta(days=days, minutes=5))
    found = meta(get(client, post.topic).content.decode(), "robots")
    assert found.startswith(robots)
    topic = Topic.objects.get()
    if robots == "unavailable_after":
        assert topic.stale_from is not None
        assert timezone.localtime(topic.stale_from).isoformat(timespec="seconds")[:19] in found


def test_answered_question_may_be_indexed(client: Client) -> None:
    asker = UserFactory()
    topic = make_post(author=asker, status="published", kind="question").topic
    accept_answer(actor=asker, answer=make_reply(topic=topic, status="published"))
    assert meta(get(client, topic).content.decode(), "robots") == ""


def test_canonical_and_alternates_keep_the_text(client: Client) -> None:
    topic = make_post(status="published").topic
    html = get(client, topic, language="de").content.decode()
    assert f'rel="canonical" href="http://localhost:8000{address(topic, "de")}"' in html
    for code in ("fr", "nl", "de", "en"):
        assert f'hreflang="{code}" href="http://localhost:8000{address(topic, code)}"' in html


def test_replies_are_paged(client: Client) -> None:
    topic = make_post(status="published").topic
    for n in range(REPLIES_A_PAGE + 2):
        make_reply(topic=topic, status="published", body=f"Reactie nummer {n:02} hier")
    first = get(client, topic).content.decode()
    following = re.search(r'rel="next" href="(\?page=[^"]+)"', first)
    assert following is not None
    second = get(client, topic, following[1]).content.decode()
    numbers = [re.findall(r"Reactie nummer (\d\d)", html) for html in (first, second)]
    assert numbers == [[f"{n:02}" for n in range(REPLIES_A_PAGE)], [f"{n:02}" for n in range(REPLIES_A_PAGE, REPLIES_A_PAGE + 2)]]
    assert "zes uur" not in second.split("<main")[1]


@pytest.mark.parametrize("page", ["2", "x.y", "'", "A" * 400])
def test_wrong_page_of_replies_is_a_400(client: Client, page: str) -> None:
    assert get(client, make_post(status="published").topic, f"?page={page}").status_code == 400


class TestVisibility:
    """What a crisis restricts answers 404, or asks members to sign in."""

    def restrict(self, staff: Any, regime: str) -> Any:
        officer = staff("duty_officer")
        texts = {"fr": {"title": "Crise", "summary": ""}, "nl": {"title": "Crisis", "summary": ""}}
        open_crisis(actor=officer, scope="countries", countries=["PE"], texts=texts, visibility_regime=regime)
        return officer

    def test_members_only(self, client: Client, staff: Any, signed_in: Any) -> None:
        topic = make_post(status="published").topic
        self.restrict(staff, "members")
        response = get(client, topic)
        assert response.status_code == 302
        assert response["Location"].endswith(f"?next={address(topic)}")
        assert get(signed_in(UserFactory()), topic).status_code == 200

    def test_staff_only(self, client: Client, staff: Any, signed_in: Any) -> None:
        topic = make_post(status="published").topic
        officer = self.restrict(staff, "staff")
        assert get(client, topic).status_code == 404
        assert get(signed_in(UserFactory()), topic).status_code == 404
        assert get(signed_in(officer), topic).status_code == 200

    def test_archived_topics_are_covered_too(self, client: Client, staff: Any) -> None:
        topic = make_post(status="archived").topic
        self.restrict(staff, "staff")
        assert get(client, topic).status_code == 404


def test_queries_do_not_grow_with_replies_or_words(client: Client, settings: Any) -> None:
    settings.GENERATION_SECONDS = 3600
    topic = make_post(status="published").topic
    place = address(topic)
    client.get(f"{place}?utm=0")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{place}?utm=1")
    post = topic.posts.get()
    for _ in range(30):
        make_reply(topic=topic, status="published")
        confirm_post(post=post, kind="worked", happened_date=timezone.localdate(), actor=UserFactory())
    client.get(f"{place}?utm=0")
    with CaptureQueriesContext(connection) as many:
        assert client.get(f"{place}?utm=1").status_code == 200
    # First post with topic, text and author; official answers; a page of replies; words of readers by day.
    assert len(few) == len(many) == 4, "\n".join(q["sql"] for q in many.captured_queries)


def test_hidden_text_is_gone_from_the_cache_at_once(client: Client) -> None:
    post = make_post(status="published")
    before = address(post.topic)
    assert client.get(before).status_code == 200
    apply_status(post=post, status="hidden")
    assert client.get(before).status_code == 410


def test_every_text_of_a_version_is_listed_here() -> None:
    """A new text field of a version must be added to the leak tests of list, topic and feed before it is shown anywhere."""
    shown = {"title", "body", "html", "place", "kind", "language"}
    codes = {"origin", "language_detected", "content_hash", "terms_version"}
    fields = {f.name for f in PostVersion._meta.get_fields() if f.concrete and f.get_internal_type() in {"CharField", "TextField"}}
    assert fields == shown | codes
