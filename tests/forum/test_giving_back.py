"""A form of writing whose token was refused: the text comes back, nothing is stored, other sites get nothing."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forum.models import Post
from tests.factories import UserFactory, make_post
from tests.forum.pages import url
from tests.forum.test_write_page import GOOD, nothing_written

pytestmark = pytest.mark.django_db
TITLE, BODY = GOOD["title"], GOOD["body"]
TOO_OLD = "The form was too old"


@pytest.fixture
def strict() -> Client:
    """A client whose tokens are checked."""
    return Client(enforce_csrf_checks=True)


def token_in(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert found
    return found.group(1)


@pytest.mark.parametrize("step", ["check", "send", "draft", "back"])
def test_a_text_comes_back_in_its_form_and_is_sent_by_the_next_press(strict: Client, step: str) -> None:
    response = strict.post(url("write", "en"), GOOD | {"step": step, "csrfmiddlewaretoken": "x" * 64})
    html = response.content.decode()
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert TOO_OLD in html
    assert f'value="{TITLE}"' in html
    assert BODY in html
    assert '<option value="PE" selected>' in html
    nothing_written()
    again = strict.post(url("write", "en"), GOOD | {"step": "check", "csrfmiddlewaretoken": token_in(html)})
    assert again.status_code == 200
    assert "<strong>zes uur</strong>" in again.content.decode()


def test_after_a_sign_in_in_another_tab(strict: Client) -> None:
    old = token_in(strict.get(url("write", "en")).content.decode())
    strict.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
    response = strict.post(url("write", "en"), GOOD | {"csrfmiddlewaretoken": old})
    assert response.status_code == 403
    assert BODY in response.content.decode()
    nothing_written()


def test_a_reply_comes_back_under_its_topic(strict: Client) -> None:
    topic = make_post(status="published").topic
    response = strict.post(url("topic_reply", "en", public_id=topic.public_id), {"body": "Vandaag gelukt.", "step": "send"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "Vandaag gelukt." in html
    assert topic.title in html
    assert TOO_OLD in html
    assert Post.objects.filter(is_first=False).count() == 0


def test_a_change_comes_back_to_its_author_alone(signed_in: Any) -> None:
    post = make_post(author=UserFactory(), title="Oude titel")
    address = url("post_edit", "en", public_id=post.public_id)
    author = signed_in(post.author)
    author.handler.enforce_csrf_checks = True
    response = author.post(address, GOOD | {"title": "Nieuwe titel", "version": 1})
    assert response.status_code == 403
    assert "Nieuwe titel" in response.content.decode()
    other = signed_in(UserFactory())
    other.handler.enforce_csrf_checks = True
    assert other.post(address, GOOD | {"version": 1}).status_code == 404
    stranger = Client(enforce_csrf_checks=True).post(address, GOOD | {"version": 1})
    assert stranger.status_code == 403
    assert BODY not in stranger.content.decode()
    # A session made for a request that another site may have sent would push out that of the person.
    assert settings.SESSION_COOKIE_NAME not in stranger.cookies
    post.refresh_from_db()
    assert post.latest_version.title == "Oude titel"


@pytest.mark.parametrize("header", [{"origin": "https://evil.example"}, {"origin": "null"}])
def test_another_site_gets_nothing_back(strict: Client, header: dict[str, str]) -> None:
    response = strict.post(url("write", "en"), GOOD, headers=header)
    assert response.status_code == 403
    assert BODY not in response.content.decode()
    assert response.cookies == {}


def test_other_forms_say_that_they_are_too_old(strict: Client) -> None:
    post = make_post(status="published")
    response = strict.post(url("post_withdraw", "en", public_id=post.public_id), {"body": BODY})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
    assert BODY not in response.content.decode()


def test_a_form_without_a_text_or_an_address_that_is_none(strict: Client) -> None:
    assert strict.post(url("write", "en"), {"title": TITLE}).status_code == 403
    assert strict.post("/en/nothing/at/all/", {"body": BODY}).status_code in {403, 404}


def test_words_of_a_search_are_in_the_title(client: Client) -> None:
    html = client.get(url("write") + "?kind=question&title=pharmacie+%20+%22Cusco%22").content.decode()
    assert 'value="pharmacie &quot;Cusco&quot;"' in html
    long = client.get(url("write") + "?title=" + "a" * 400).content.decode()
    assert "a" * 150 in long
    assert "a" * 151 not in long
