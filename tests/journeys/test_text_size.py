"""Text of double size on a small phone: nothing is wider than the screen, nothing is cut off (WCAG 1.4.4, 1.4.10)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from tests.factories import UserFactory, make_post
from tests.journeys.test_every_page import LANGUAGES, addresses, content, members_addresses, sign_in, width_beyond

__all__ = ["content"]
DOUBLE = "document.documentElement.style.fontSize = '200%'"
# A box that hides what does not fit, other than a summary that is shortened on purpose and words for screen readers.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
    const style = getComputedStyle(e);
    const hides = style.overflow === "hidden" && !e.closest(".vh, svg, .row p[lang]");
    return hides && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 120))"""


def wrong_at_double_size(page: Page, paths: list[str]) -> list[str]:
    """Open each address, double its text; return what is too wide or cut off."""
    wrong = []
    for path in paths:
        page.goto(path)
        page.evaluate(DOUBLE)
        if (beyond := width_beyond(page)) > 0:
            wrong.append(f"{path} is {beyond} px too wide")
        wrong += [f"{path} cuts off {element}" for element in page.evaluate(CUT_OFF)]
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_pages(visitor: Callable[..., Page], content: dict[str, str], language: str) -> None:
    with override(language):
        more = [reverse("write") + "?country=PE", reverse("topic_confirm", args=[content["public_id"]]), reverse("topic_list") + "?need=nonsense"]
        more.append(reverse("topic_reply", args=[content["public_id"]]))
    assert wrong_at_double_size(visitor(width=320), addresses(language, content) + more) == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_members_pages(visitor: Callable[..., Page], site: str, language: str) -> None:
    author = UserFactory(named=True)
    posts = [
        make_post(author=author, title="Schwangerschaftsvertretungsregelungen", language="de"),
        make_post(author=author, status="changes_requested"),
    ]
    page = visitor(width=320)
    sign_in(page, author, site)
    with override(language):
        own = [reverse(name, kwargs={"public_id": post.public_id}) for post in posts for name in ("account_post", "post_edit", "post_withdraw")]
        own += [reverse(name) for name in ("account_email", "account_set_password", "mfa_index")]
    assert wrong_at_double_size(page, members_addresses(language) + own) == []


def test_the_header_of_a_small_phone_takes_two_lines(visitor: Callable[..., Page], site: str) -> None:
    page = visitor(width=320)
    high: dict[str, Any] = {}
    for language in LANGUAGES:
        page.goto(f"/{language}/")
        high[language] = page.locator("header").bounding_box()
    assert {language: box["height"] for language, box in high.items() if box["height"] > 100} == {}
