"""Every public page in a browser: no finding of axe, nothing wider than the screen, no message of the content policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from accounts.models import User
from accounts.services import refresh_groups
from accounts.sessions import new_session
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from forum.services import mark_dangerous
from pages.models import HomePage
from tests.factories import UserFactory, make_post, make_reply

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
LANGUAGES = ("fr", "nl", "de", "en")


@pytest.fixture
def content(site: str, staff: Any) -> dict[str, str]:
    """Fill the site with one of everything; returns what the addresses need."""
    writer, second = staff("crisis_editor"), staff("spokesperson")
    open_crisis(
        actor=writer, scope="countries", texts={code: {"title": f"Peru {code}", "summary": "…"} for code in ("fr", "nl")}, countries=["PE", "BO"]
    )
    for title, country in (("Un", "PE"), ("Deux", "PE"), ("Tous", None)):
        texts = {code: {"title": title, "known": "- a\n- b", "unknown": "c", "doing": "d"} for code in ("fr", "nl")}
        notice = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=texts, signed_as="Ambassade à Lima", country=country))
        approve_notice(actor=second, notice=notice, revision=notice.revision)
    post = make_post(status="published", author=UserFactory(named=True))
    make_reply(topic=post.topic, status="published")
    make_post(status="published", kind="question", title="Is de weg open?")
    make_post(status="published", kind="offer", needs=["shelter"], title="Une chambre", language="fr")
    mark_dangerous(post=make_post(status="published", title="Nachtbus"), reason="Ingetrokken")
    return {"public_id": post.topic.public_id, "slug": post.topic.slug}


def addresses(language: str, topic: dict[str, str]) -> list[str]:
    """Return the addresses that everybody may open."""
    standing = {"fr": "accessibilite", "nl": "toegankelijkheid", "de": "barrierefreiheit", "en": "accessibility"}[language]
    with override(language):
        names = ["home", "country_list", "topic_list", "account_login", "account_signup", "account_request_login_code", "account_reset_password"]
        return [
            *[reverse(name) for name in names],
            reverse("country_list") + "?q=perru",
            reverse("country_list") + "?q=nothingatall",
            reverse("country", args=["perou" if language == "fr" else "peru"]),
            reverse("topic", kwargs=topic),
            reverse("topic_list") + "?country=PE&need=borders",
            reverse("search") + "?q=bus",
            reverse("search") + "?q=zzzzzz",
            f"/{language}/{standing}/",
            f"/{language}/nothing-here/",
        ]


def members_addresses(language: str) -> list[str]:
    """Return the addresses of somebody who is signed in."""
    with override(language):
        return [reverse(name) for name in ("write", "account_home", "account_posts", "account_profile")]


@pytest.fixture
def watched(visitor: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Like `visitor`, and fail at the end on whatever the browser complained of."""
    said: list[str] = []

    def make(**options: Any) -> Page:
        page = visitor(**options)
        page.on("console", lambda message: said.append(message.text) if "status of 404" not in message.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield make
    assert said == []


def sign_in(page: Page, user: User, site: str) -> None:
    """Give a page's browser the cookie of a full session."""
    key = str(new_session(user).session_key)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


def findings(page: Page) -> list[str]:
    """Return what axe finds, one line each."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{page.url} {rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def width_beyond(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond


def inspect(page: Page, paths: list[str]) -> list[str]:
    """Open each address, look at it small and light, then wide and dark; return everything that is wrong there."""
    wrong = []
    small = page.viewport_size
    assert small is not None
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(small)
        page.goto(path)
        wrong += look_at(page)
        if page.evaluate("performance.getEntriesByType('resource').length"):
            wrong.append(f"{page.url} asks for more than itself")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 1280, "height": 800})
        wrong += look_at(page)
    return wrong


def look_at(page: Page) -> list[str]:
    """Return what is wrong with a page as it stands."""
    beyond = width_beyond(page)
    return findings(page) + ([f"{page.url} is {beyond} px too wide"] if beyond > 0 else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_on_a_small_phone_and_in_the_dark_on_a_wide_screen(watched: Callable[..., Page], content: dict[str, str], language: str) -> None:
    assert inspect(watched(width=320), addresses(language, content)) == []


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_members_pages(watched: Callable[..., Page], content: dict[str, str], site: str, language: str) -> None:
    page = watched(width=360)
    sign_in(page, UserFactory(named=True), site)
    assert inspect(page, members_addresses(language)) == []


def test_keyboard_reaches_the_content_first(visitor: Callable[..., Page], content: dict[str, str]) -> None:
    page = visitor(width=1280)
    page.goto("/fr/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"


def test_desk_of_the_ministry_says_nothing_of_the_policy(watched: Callable[..., Page], content: dict[str, str], site: str, staff: Any) -> None:
    page = watched(width=1280)
    sign_in(page, staff("duty_officer"), site)
    wrong = []
    for path in ("/admin/", "/admin/crises/", "/admin/crises/open/", "/admin/notices/", "/admin/notices/new/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").first.is_visible(), path
        wrong += [line for line in findings(page) if path != "/admin/"]
    assert wrong == []


def test_editors_of_pages_too(watched: Callable[..., Page], content: dict[str, str], site: str, staff: Any) -> None:
    editor = staff("crisis_editor")
    refresh_groups(editor)
    page = watched(width=1280)
    sign_in(page, editor, site)
    home = HomePage.objects.get(locale__language_code="fr")
    for path in ("/admin/pages/", f"/admin/pages/{home.pk}/", f"/admin/pages/add/pages/newspage/{home.pk}/", "/admin/reports/site-history/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("#main").is_visible(), path
        assert page.url.endswith(path)
    page.goto(f"/admin/pages/add/pages/newspage/{home.pk}/")
    assert page.locator("[data-chooser=date][data-started] #id_published_date").count() == 1
