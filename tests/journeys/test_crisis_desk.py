"""The crisis desk in a real browser: two people publish the official word without JavaScript, no finding of axe, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import RoleGrant, User
from accounts.sessions import new_session
from crisis.models import Crisis, OfficialNotice
from crisis.services import open_crisis, save_notice, submit_notice
from tests.factories import UserFactory

OUTSIDE = """[...document.querySelectorAll('.desk *')].filter(e => !e.closest('.desk-scroll') && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""
TEXTS = {code: {"title": f"Routes coupées ({code})", "known": "- Une\n- Deux", "signed_as": "Centre de crise"} for code in ("fr", "nl")}


def person(role: str, language: str = "en") -> User:
    user = UserFactory(language=language)
    RoleGrant.objects.create(user=user, role=role, reason="test")
    return user


@pytest.fixture
def desk(visitor: Callable[..., Page], site: str) -> Callable[..., Page]:
    """Return a maker of pages on which somebody is signed in."""

    def make(user: User, **options: object) -> Page:
        page = visitor(**options)
        page.context.add_cookies([{"name": "sessionid", "value": str(new_session(user).session_key), "url": site}])
        return page

    return make


def test_two_people_publish_and_one_withdraws_without_javascript(desk: Callable[..., Page], visitor: Callable[..., Page]) -> None:
    writer, second = (desk(person(role), javascript=False, width=1280) for role in ("crisis_editor", "spokesperson"))
    writer.goto("/admin/")
    writer.get_by_role("link", name="All official notices").click()
    writer.get_by_role("link", name="Write a notice").click()
    for code in ("fr", "nl"):
        for field, words in TEXTS[code].items():
            writer.locator(f"[name={field}_{code}]").fill(words)
    writer.locator("[name=country]").select_option("PE")
    writer.get_by_role("button", name="Store the text").click()
    writer.get_by_role("button", name="Ask for the second reader").click()
    notice = OfficialNotice.objects.get()
    second.goto("/admin/")
    second.get_by_role("link", name="Routes coupées (fr)").click()
    assert visitor(javascript=False).goto(f"/fr/avis/{notice.public_id}/").status == 404
    second.get_by_role("button", name="Approve and publish").click()
    reader = visitor(javascript=False)
    reader.goto(f"/fr/avis/{notice.public_id}/")
    expect(reader.locator("main")).to_contain_text("Routes coupées (fr)")
    second.get_by_role("button", name="Withdraw from every page").click()
    notice.refresh_from_db()
    assert notice.status == "withdrawn"


def test_a_crisis_is_opened_and_closed_by_keyboard_alone(desk: Callable[..., Page]) -> None:
    page = desk(person("duty_officer"), width=1280)
    page.goto("/admin/crises/open/")
    page.locator("[name=title_fr]").focus()
    for words in ("Nuage de cendres", "", "Aswolk", ""):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.locator("[name=scope]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator("[name=title_fr]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-table")).to_contain_text("Nuage de cendres")
    crisis = Crisis.objects.get()
    assert (crisis.scope, crisis.closed_at) == ("world", None)
    page.get_by_role("link", name="Close").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close the crisis").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".desk-table")).to_contain_text("Closed")
    crisis.refresh_from_db()
    assert crisis.closed_at is not None


@pytest.mark.parametrize(("language", "width", "dark"), [("fr", 1280, False), ("nl", 320, True), ("de", 320, False), ("en", 1280, True)])
def test_every_page_of_the_desk_in_every_language_light_and_dark(desk: Callable[..., Page], language: str, width: int, dark: bool) -> None:
    officer, writer = person("duty_officer", language), person("crisis_editor")
    crisis = open_crisis(actor=officer, scope="countries", countries=["PE"], texts=TEXTS_OF_CRISIS)
    notice = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=TEXTS, country="PE", crisis=crisis))
    page = desk(officer, width=width, dark=dark)
    one = f"/admin/notices/{notice.public_id}/"
    for path in (
        "/admin/",
        "/admin/crises/",
        "/admin/crises/open/",
        f"/admin/crises/{crisis.public_id}/close/",
        "/admin/notices/",
        one,
        f"{one}?change",
    ):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        findings = Axe().run(page, context=".desk").response["violations"]
        assert [(path, found["id"], [node["target"] for node in found["nodes"]]) for found in findings] == []
        assert page.evaluate(OUTSIDE) == []


TEXTS_OF_CRISIS = {code: {"title": f"Routes coupées ({code})", "summary": "Restez."} for code in ("fr", "nl")}
