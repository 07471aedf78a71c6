"""Writing and confirming with the keyboard alone, and what happens to a text whose author was signed out meanwhile."""

import re
from collections.abc import Callable

from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from accounts.models import User
from forum.models import Confirmation, Post
from tests.factories import UserFactory, make_post
from tests.journeys.conftest import code_in_mail
from tests.journeys.test_every_page import sign_in

MOST_TABS = 60
TITLE = "Met de ochtendbus van Cusco naar Lima"
BODY = "De bus van zes uur reed vanmorgen. Neem water mee en je paspoort."
FOCUSED = "document.activeElement"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus, which must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            break
    assert page.evaluate(f"{FOCUSED}.matches({selector!r})"), selector
    assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle !== 'none' || getComputedStyle({FOCUSED}.parentElement).boxShadow !== 'none'")


def fill_in(page: Page) -> None:
    """Fill in the form for a tip from its first field on, by keys."""
    tab_to(page, "[name=kind]")
    page.keyboard.press("Space")
    tab_to(page, "[name=country]")
    page.keyboard.type("Peru")
    tab_to(page, "[name=place]")
    page.keyboard.type("Cusco")
    tab_to(page, "[name=needs][value=borders]")
    page.keyboard.press("Space")
    tab_to(page, "[name=title]")
    page.keyboard.type(TITLE)
    tab_to(page, "[name=body]")
    page.keyboard.type(BODY)


def press(page: Page, selector: str) -> None:
    """Go to a button by Tab and press it; the next page loads."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_tip_is_written_and_sent(visitor: Callable[..., Page], site: str) -> None:
    author = UserFactory(named=True)
    page = visitor(width=1280)
    sign_in(page, author, site)
    page.goto("/nl/schrijven/")
    fill_in(page)
    press(page, "button[value=check]")
    expect(page.locator("article")).to_contain_text(BODY)
    press(page, "button[value=send]")
    expect(page.locator("[role=status]")).to_be_visible()
    post = Post.objects.get(author=author)
    assert (post.status, post.latest_version.title, post.latest_version.place) == ("pending", TITLE, "Cusco")  # type: ignore[union-attr]


def test_errors_lead_to_their_fields(visitor: Callable[..., Page], site: str) -> None:
    page = visitor(width=360)
    page.goto("/nl/schrijven/")
    press(page, "button[value=check]")
    expect(page.locator("[role=alert]")).to_be_visible()
    tab_to(page, "[role=alert] a[href='#id_title']")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(f"{FOCUSED}.name") == "title"
    described = page.locator("#id_title").get_attribute("aria-describedby") or ""
    assert "id_title_error" in described.split()
    assert page.locator("#id_title_error").is_visible()


def test_a_tip_is_confirmed(visitor: Callable[..., Page], site: str) -> None:
    topic = make_post(status="published").topic
    page = visitor(width=360)
    page.goto(f"/nl/onderwerpen/{topic.public_id}-{topic.slug}/")
    press(page, "a.btn[href*='kind=worked']")
    expect(page.locator("h1")).to_be_visible()
    press(page, "main form button")
    expect(page.locator("[role=status]")).to_be_visible()
    assert Confirmation.objects.get().kind == "worked"


def signed_out_in_between(page: Page, site: str, author: User) -> None:
    """Write as a member, lose the session and the form's token, press the button."""
    sign_in(page, author, site)
    page.goto("/nl/schrijven/")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=body]").fill(BODY)
    page.context.clear_cookies()
    page.locator("button[value=check]").click()
    expect(page.locator("[role=alert]")).to_be_visible()


def test_a_text_comes_back_after_the_session_and_its_token_are_gone(visitor: Callable[..., Page], site: str) -> None:
    author = UserFactory(named=True)
    EmailAddress.objects.create(user=author, email=author.email, verified=True, primary=True)
    page = visitor(width=360, javascript=False)
    signed_out_in_between(page, site, author)
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    expect(page.locator("[name=body]")).to_have_value(BODY)
    page.locator("button[value=check]").click()
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile(r"/login/\?next=/nl/schrijven/"))
    expect(page.locator("main .note[role=status]")).to_be_visible()
    assert not Post.objects.exists()
    page.locator("[name=login]").fill(author.email)
    page.locator("main form .btn.main").click()
    page.locator("[name=code]").fill(code_in_mail(author.email))
    page.locator("main form .btn.main").click()
    expect(page.locator("article")).to_contain_text(BODY)
    page.locator("button[value=send]").click()
    page.wait_for_url(re.compile(r"\?done=sent"))
    assert Post.objects.get(author=author).latest_version.title == TITLE  # type: ignore[union-attr]
