"""What pages look like when something is missing, waiting, refused or kept: no finding of axe, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from forum.models import Topic
from forum.services import withdraw_post
from tests.factories import UserFactory, make_post
from tests.journeys.test_every_page import look_at, sign_in

BODY = "Bel Ahmad op +32 470 12 34 56. Mijn rijksregisternummer is 85.07.30-033 28. De weg was open vanmorgen."


def small_and_wide(page: Page) -> list[str]:
    """Look at a page as it stands on a small phone, then wide and dark."""
    found = look_at(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    found += look_at(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 800})
    return found


@pytest.mark.parametrize("language", ["fr", "de"])
def test_writing_with_errors_with_findings_after_a_refusal_and_before_the_sign_in(visitor: Callable[..., Page], site: str, language: str) -> None:
    page = visitor(width=320)
    with override(language):
        page.goto(reverse("write"))
    page.locator("button[value=check]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    wrong = small_and_wide(page)
    page.locator("[name=title]").fill("Van Kaboel naar Torkham")
    page.locator("[name=body]").fill(BODY)
    page.context.clear_cookies()
    page.locator("button[value=check]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    wrong += small_and_wide(page)
    page.locator("button[value=check]").click()
    expect(page.locator(".note.warn").first).to_be_visible()
    wrong += small_and_wide(page)
    page.locator("button[value=send]").click()
    expect(page.locator("[name=login]")).to_be_visible()
    expect(page.locator("main .note[role=status]")).to_be_visible()
    wrong += small_and_wide(page)
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_pages_that_refuse_or_hold_nothing_any_more(visitor: Callable[..., Page], site: str, language: str) -> None:
    post = make_post(status="published", author=UserFactory(named=True))
    withdraw_post(actor=post.author, post=post)
    page, topic = visitor(width=320), Topic.objects.get()
    other = make_post(status="published").topic
    with override(language):
        addresses = {
            reverse("topic", kwargs={"public_id": topic.public_id, "slug": topic.slug or "x"}): 410,
            reverse("topic_list") + "?need=nonsense": 400,
            reverse("search") + "?q=" + "a" * 1_100: 400,
            reverse("topic_confirm", args=[other.public_id]) + "?kind=nonsense": None,
        }
    wrong = []
    for address, status in addresses.items():
        answer = page.goto(address)
        assert answer is not None
        assert status in {None, answer.status}, address
        wrong += small_and_wide(page)
    assert wrong == []


def test_an_author_s_texts_in_every_state(visitor: Callable[..., Page], site: str) -> None:
    author = UserFactory(named=True)
    posts = [make_post(author=author, status=status) for status in ("draft", "pending", "changes_requested", "published", "rejected", "hidden")]
    page = visitor(width=320)
    sign_in(page, author, site)
    wrong = []
    with override("de"):
        for address in [reverse("account_posts"), *(reverse("account_post", args=[post.public_id]) for post in posts)]:
            page.goto(address)
            wrong += small_and_wide(page)
    assert wrong == []
