"""The journey on which everything stands: write in Dutch, approve by one key, find by the French name of the place, read without JavaScript."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.sessions import new_session
from forum.models import Post, Topic
from tests.journeys.conftest import code_in_mail, do_jobs

TITLE = "Van Kaboel naar de grens in Torkham: zo ging het vandaag"
BODY = "De weg naar Torkham was vanmorgen open. **Vertrek om zes uur** aan het busstation, neem water en je paspoort mee. Prijs: 20 dollar."


def sign_up(page: Page) -> None:
    """Make an account by e-mail code, as its owner would."""
    page.goto("/nl/account/signup/")
    page.get_by_label("E-mailadres").fill("lieve@example.org")
    page.locator("[name=pseudonym]").fill("Lieve in Kaboel")
    page.locator("[name=age][value=adult]").check()
    page.locator("[name=terms]").check()
    page.locator("main form .btn.main").click()
    expect(page.locator("[name=code]")).to_be_visible()
    page.locator("[name=code]").fill(code_in_mail("lieve@example.org"))
    page.locator("main form .btn.main").click()
    expect(page.locator(".nav")).not_to_contain_text("Aanmelden")


def write(page: Page) -> None:
    """Write a tip, check it, send it."""
    page.goto("/nl/schrijven/")
    page.locator("[name=kind][value=tip]").check()
    page.locator("[name=country]").select_option("AF")
    page.locator("[name=place]").fill("Kaboel")
    page.locator("[name=needs][value=borders]").check()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=body]").fill(BODY)
    page.locator("button[name=step][value=check]").click()
    expect(page.locator("main")).to_contain_text("Vertrek om zes uur")
    page.locator("button[name=step][value=send]").click()
    expect(page.locator("main")).to_contain_text(TITLE)


def approve_by_key(page: Page) -> None:
    """Find the tip in the queue with the keyboard alone, open it, approve it."""
    page.goto("/admin/moderation/", wait_until="load")
    for _ in range(5):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.textContent") == TITLE:
            break
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/admin/moderation/[0-9A-Z]{10}/$"))
    expect(page.locator("[data-queue]")).to_contain_text("Vertrek om zes uur")
    page.wait_for_load_state("load")
    with page.expect_navigation():
        page.keyboard.press("a")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_dutch_tip_is_approved_by_key_and_read_in_french_without_javascript(
    site: str, visitor: Callable[..., Page], staff: Callable[..., User], width: int
) -> None:
    author = visitor(locale="nl-BE", width=width)
    sign_up(author)
    write(author)
    post = Post.objects.get(is_first=True)
    assert (post.status, post.live_version) == ("pending", None)

    reader = visitor(javascript=False, width=width)
    reader.goto("/fr/recherche/?q=Kaboul")
    assert TITLE not in reader.content()

    moderator = visitor(width=1280)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": new_session(staff("moderator")).session_key or "", "url": site}
    moderator.context.add_cookies([cookie])  # type: ignore[list-item]
    approve_by_key(moderator)
    post.refresh_from_db()
    assert post.status == "published"
    do_jobs()

    reader.goto("/fr/recherche/?q=Kaboul")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.locator("h1")).to_have_text(TITLE)
    expect(reader.locator("h1")).to_have_attribute("lang", "nl")
    expect(reader.locator("article strong").first).to_have_text("Vertrek om zes uur")
    assert reader.url.endswith(f"/fr/sujets/{Topic.objects.get().public_id}-{Topic.objects.get().slug}/")
    assert reader.context.cookies() == []
    assert [m.to for m in mail.outbox if TITLE in m.body] == []
