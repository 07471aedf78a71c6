"""One hostile text from the form to every place that shows it: queue, topic, list, search, feed, home, country, mail. It comes out as words.

The parser of a page decides, not a search for strings: no element and no attribute of the attacker may exist in what a browser would build."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from forum.models import Post
from moderation.models import Decision, ReviewItem
from moderation.services import decide
from notifications.mails import decision_mail
from tests.factories import UserFactory, make_post
from tests.forum.pages import url
from tests.search.asking import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_engines")]

TITLE = 'Zebrapad"><script>alert(1)</script><img src=x onerror=alert(2)>'
PLACE = "Cusco'><svg/onload=alert(3)>"
BODY = """Zebrapad <script>alert(4)</script> <img src=x onerror=alert(5)> en **vet** met [een link](javascript:alert(6)).

[Klik](https://evil.example/" onmouseover="alert(7)) <a href="javascript:alert(8)">hier</a> <style>*{display:none}</style>

<iframe src=//evil.example></iframe> {{ 7*7 }} {% now "Y" %} ${7*7} <!-- --> ]]> &lt;script&gt;alert(9)&lt;/script&gt;

[goed](https://example.org/a?b=1&c="><script>alert(10)</script>) `<b onclick=alert(11)>` <zebrapad onfocus=alert(12) autofocus>"""
ABOUT = 'Ik ben <script>alert(13)</script> "><img src=x onerror=alert(14)>'


class Elements(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def faults(html: str) -> list[str]:
    """Return what an attacker got into a page."""
    parser = Elements()
    parser.feed(html)
    wrong = []
    for tag, attributes in parser.found:
        wrong += [f"<{tag} {name}>" for name in attributes if name.startswith("on")]
        if tag in {"iframe", "object", "embed", "zebrapad"} or (tag == "script" and not _ours(attributes)):
            wrong.append(f"<{tag} {attributes}>")
        if tag == "img" and attributes.get("src") == "x":
            wrong.append("<img src=x>")
        for name in ("href", "src", "action", "formaction"):
            if attributes.get(name) != "data:," and re.match(r"\s*(javascript|vbscript|data):", attributes.get(name) or "", re.IGNORECASE):
                wrong.append(f"<{tag} {name}={attributes[name]}>")
    if re.search(r"vet</strong>[\s\S]{0,900}\b49\b", html):
        wrong.append("a template was evaluated")
    return wrong


def _ours(attributes: dict[str, str | None]) -> bool:
    """Scripts of the admin come from our own address, or hold data that no browser runs."""
    return (attributes.get("src") or "").startswith("/") or attributes.get("type") in {"application/json", "text/x-template", "text/template"}


@pytest.fixture
def written(signed_in: Callable[..., Client]) -> Post:
    """Return the hostile text as a member sent it by the form."""
    author = UserFactory(language="nl")
    sent = {"kind": "tip", "title": TITLE, "body": BODY, "place": PLACE, "country": "PE", "needs": ["borders"], "language": "nl", "step": "send"}
    answer = signed_in(author).post(url("write"), sent)
    assert answer.status_code == 302, answer.content.decode()[:500]
    post: Post = Post.objects.select_related("topic", "author").get()
    return post


@pytest.fixture
def moderator(staff: Callable[..., User]) -> User:
    return staff("moderator")


def approve(post: Post, moderator: User) -> Decision:
    item = ReviewItem.objects.get(post=post)
    marks = sorted({finding["code"] for finding in item.findings})
    return decide(item.pk, "approve", actor=moderator, revision=item.revision, answered_marks=marks, note=BODY[:500])  # type: ignore[arg-type]


def test_the_writer_sees_words(signed_in: Callable[..., Client]) -> None:
    client = signed_in(UserFactory())
    sent = {"kind": "tip", "title": TITLE, "body": BODY, "place": PLACE, "country": "PE", "needs": ["borders"]}
    for step, status in (("check", 200), ("back", 200)):
        answer = client.post(url("write"), sent | {"step": step})
        assert answer.status_code == status
        assert faults(answer.content.decode()) == []
    wrong = client.post(url("write"), sent | {"validity": TITLE, "where": TITLE[:80], "language": "<b>", "key": TITLE, "version": TITLE})
    assert wrong.status_code == 400
    assert faults(wrong.content.decode()) == []


def test_the_queue_shows_words(written: Post, moderator: User, signed_in: Callable[..., Client]) -> None:
    client = signed_in(moderator)
    item = ReviewItem.objects.get(post=written)
    for address in ("/admin/moderation/", f"/admin/moderation/{item.public_id}/", f"/admin/moderation/{item.public_id}/log/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Zebrapad" in answer.content.decode() or address.endswith("/log/")
        assert faults(answer.content.decode()) == []
    stale = client.post(
        f"/admin/moderation/{item.public_id}/", {"action": "reject", "revision": "99", "ground": "scam", "facts": TITLE, "note": BODY}
    )
    assert stale.status_code == 409
    assert faults(stale.content.decode()) == []


def test_every_public_page_shows_words(written: Post, moderator: User) -> None:
    approve(written, moderator)
    build()
    written.topic.refresh_from_db()
    topic = written.topic
    assert re.fullmatch(r"[\w-]+", topic.slug)
    client = Client()
    addresses = {
        "topic": url("topic", public_id=topic.public_id, slug=topic.slug),
        "list": url("topic_list") + "?country=PE",
        "home": "/nl/",
        "country": "/nl/landen/peru/",
        "search": "/nl/zoeken/?q=zebrapad",
        "search of markup": "/nl/zoeken/?q=%3Cscript%3Ealert%20zebrapad",
        "reply": url("topic_reply", public_id=topic.public_id),
        "confirm": url("topic_confirm", public_id=topic.public_id),
    }
    shown = 0
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        html = answer.content.decode()
        assert faults(html) == [], name
        shown += "Zebrapad" in html
    assert shown >= 5


def test_links_of_people_are_marked_as_theirs(written: Post, moderator: User) -> None:
    approve(written, moderator)
    written.topic.refresh_from_db()
    html = Client().get(url("topic", public_id=written.topic.public_id, slug=written.topic.slug)).content.decode()
    theirs = [attributes for attributes in re.findall(r"<a ([^>]*)>", html) if "example.org" in attributes or "evil.example" in attributes]
    assert theirs
    assert all('rel="nofollow ugc noopener"' in attributes and "title=" not in attributes for attributes in theirs)


def test_the_feed_is_well_formed_and_its_html_is_sanitised(written: Post, moderator: User) -> None:
    approve(written, moderator)
    answer = Client().get(url("topic_feed"))
    assert answer.status_code == 200
    tree = ElementTree.fromstring(answer.content)
    texts = [element.text or "" for element in tree.iter()]
    assert any("Zebrapad" in text for text in texts)
    entries = [text for text in texts if "Zebrapad" in text and "<p>" in text]
    assert all(faults(text) == [] for text in entries)


def test_a_mail_is_plain_text_with_one_line_as_its_subject(written: Post, moderator: User) -> None:
    decision = approve(written, moderator)
    mail = decision_mail(decision, language="nl", to=written.author.email, reference="1")
    message = mail.message()
    assert message.get_content_type() == "text/plain"
    assert "\n" not in mail.subject
    assert not {"Bcc", "Cc"} & set(message.keys())
    assert [line for line in message.as_string().splitlines() if line.lower().startswith(("bcc:", "x-evil:"))] == []


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_line_break_reaches_a_title(signed_in: Callable[..., Client], break_: str) -> None:
    sent = {
        "kind": "tip",
        "title": f"Zebra{break_}Bcc: x@evil.example",
        "body": "Een tekst.",
        "country": "PE",
        "needs": ["borders"],
        "language": "nl",
        "step": "send",
    }
    answer = signed_in(UserFactory()).post(url("write"), sent)
    if answer.status_code == 302:
        version = Post.objects.get().latest_version
        assert version is not None
        assert version.title.splitlines() == [version.title]
    else:
        assert answer.status_code == 400
        assert not Post.objects.exists()


def test_programs_get_words_too(written: Post, moderator: User, capsys: pytest.CaptureFixture[str]) -> None:
    approve(written, moderator)
    build()
    call_command("search_query", "zebrapad", "--json")
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert found[0]["id"] == written.topic.public_id
    assert re.fullmatch(r"/[\w/-]+", found[0]["url"].removeprefix("http://localhost:8000"))


def test_a_profile_shows_words(signed_in: Callable[..., Client], moderator: User) -> None:
    member = UserFactory()
    client = signed_in(member)
    assert client.post("/nl/account/profile/", {"pseudonym": "<script>alert(1)", "about": ABOUT}).status_code in {302, 400}
    assert faults(client.get("/nl/account/profile/").content.decode()) == []
    item = ReviewItem.objects.filter(profile__user=member).first()
    if item is not None:
        assert faults(signed_in(moderator).get(f"/admin/moderation/{item.public_id}/").content.decode()) == []
        decide(item.pk, "approve", actor=moderator, revision=item.revision)  # type: ignore[arg-type]
        post = make_post(author=User.objects.get(pk=member.pk), status="published")
        post.topic.refresh_from_db()
        html = Client().get(url("topic", public_id=post.topic.public_id, slug=post.topic.slug)).content.decode()
        assert faults(html) == []
        assert "&lt;script&gt;alert(1)" in html
