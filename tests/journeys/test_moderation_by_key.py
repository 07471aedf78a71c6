"""Reviewing by keyboard in a real browser: each key presses what is on the page, none fires while somebody types, all can be switched off."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import RoleGrant, User
from accounts.sessions import new_session
from forum.models import Post
from moderation.models import Decision, ReviewItem
from tests.factories import UserFactory, make_post

OUTSIDE = """[...document.querySelectorAll('.queue *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""
PHONE = "Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij in de bus naar Puno."


@pytest.fixture
def moderator(site: str) -> User:
    user = UserFactory(pseudonym="A. Maes", pseudonym_key="amaes", language="en")
    RoleGrant.objects.create(user=user, role="moderator", reason="test")
    return user


@pytest.fixture
def desk(visitor: Callable[..., Page], moderator: User, site: str) -> Callable[..., Page]:
    """Return a maker of pages on which the moderator is signed in."""

    def make(**options: Any) -> Page:
        page = visitor(**{"width": 1280, "locale": "en-GB"} | options)
        session = new_session(moderator)
        page.context.add_cookies(
            [{"name": "sessionid", "value": str(session.session_key), "url": site}, {"name": "language", "value": "en", "url": site}]
        )
        return page

    return make


def press(page: Page, key: str) -> None:
    """Press a key on a page whose scripts are there: after a decision the words of the next page can be seen before its script listens."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def path(post: Post) -> str:
    return f"/admin/moderation/{ReviewItem.objects.get(post=post).public_id}/"


def status(post: Post) -> str:
    return Post.objects.get(pk=post.pk).status


def test_list_is_walked_and_opened_by_key(desk: Callable[..., Page]) -> None:
    for title in ("Eerste", "Tweede", "Derde"):
        make_post(title=title)
    page = desk()
    page.goto("/admin/moderation/")
    for key, focused in (("j", "Eerste"), ("j", "Tweede"), ("j", "Derde"), ("j", "Derde"), ("k", "Tweede")):
        press(page, key)
        expect(page.locator(":focus")).to_have_text(focused)
    press(page, "o")
    expect(page.get_by_role("heading", level=1, name="Tweede")).to_be_visible()


def test_a_approves_at_once_and_u_takes_it_back(desk: Callable[..., Page]) -> None:
    post = make_post(title="Met de bus")
    page = desk()
    page.goto(path(post))
    press(page, "a")
    expect(page.get_by_text("Done: Approve")).to_be_visible()
    assert status(post) == "published"
    press(page, "u")
    expect(page.get_by_role("heading", level=1, name="Met de bus")).to_be_visible()
    assert status(post) == "pending"
    assert list(Decision.objects.order_by("pk").values_list("action", flat=True)) == ["approve", "undo"]


def test_a_goes_to_the_first_open_mark_and_approves_only_when_it_is_answered(desk: Callable[..., Page]) -> None:
    post = make_post(body=PHONE)
    page = desk()
    page.goto(path(post))
    press(page, "a")
    mark = page.get_by_label("I looked at it, and it may stay: Personal data")
    expect(mark).to_be_focused()
    assert status(post) == "pending"
    press(page, "Space")
    press(page, "a")
    expect(page.get_by_text("Done: Approve")).to_be_visible()
    assert status(post) == "published"


@pytest.mark.parametrize(("key", "outcome"), [("r", "rejected"), ("c", "changes_requested")])
def test_refusal_by_key_digit_and_facts(key: str, outcome: str, desk: Callable[..., Page]) -> None:
    post = make_post(author=UserFactory(language="en"))
    page = desk()
    page.goto(path(post))
    press(page, key)
    expect(page.get_by_label("Personal data of somebody")).to_be_focused()
    press(page, "2")
    facts = page.locator("#facts")
    expect(facts).to_be_focused()
    expect(facts).to_have_value("Whoever follows your text may come to harm, because: ")
    page.keyboard.type("a bridge is gone.")
    press(page, "Control+Enter")
    expect(page.locator(".queue-undo")).to_be_visible()
    assert status(post) == outcome
    words = Decision.objects.select_related("text").get()
    assert (words.ground, words.text.facts) == ("danger", "Whoever follows your text may come to harm, because: a bridge is gone.")


def test_spam_chooses_its_ground(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    page.goto(path(post))
    press(page, "s")
    expect(page.locator("#facts")).to_be_focused()
    expect(page.locator("[name=ground]:checked")).to_have_value("spam")
    assert status(post) == "pending"


def test_note_is_written_and_sent_by_key(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    page.goto(path(post))
    press(page, "n")
    page.keyboard.type("Called Lima.")
    press(page, "Control+Enter")
    expect(page.locator(".queue-undo")).to_contain_text("Done: Note")
    expect(page.locator(".queue-undo button")).to_have_count(0)
    decision = Decision.objects.select_related("text").get()
    assert (decision.action, decision.text.internal_note, status(post)) == ("note", "Called Lima.", "pending")


def test_text_is_merged_by_key(desk: Callable[..., Page]) -> None:
    post, other = make_post(), make_post(status="published", title="Het andere")
    page = desk()
    page.goto(path(post))
    press(page, "m")
    expect(page.locator("#merge_into")).to_be_focused()
    page.keyboard.type(other.topic.public_id)
    # In a field a letter is a letter; with Alt and Shift the digit chooses the ground all the same.
    press(page, "Alt+Shift+Digit7")
    expect(page.locator("#facts")).to_be_focused()
    page.keyboard.type("the other one.")
    press(page, "Control+Enter")
    expect(page.locator(".queue-undo")).to_contain_text("Done: Merge")
    assert status(post) == "merged"


def test_letters_typed_in_a_field_decide_nothing(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    page.goto(path(post))
    press(page, "n")
    note = page.locator("#internal_note")
    expect(note).to_be_focused()
    page.keyboard.type("a r c s g u j k 1 2 ?")
    expect(note).to_have_value("a r c s g u j k 1 2 ?")
    assert (status(post), Decision.objects.count()) == ("pending", 0)


def test_digits_do_nothing_before_a_decision_was_begun(desk: Callable[..., Page]) -> None:
    page = desk()
    page.goto(path(make_post()))
    press(page, "2")
    expect(page.locator("[name=ground]:checked")).to_have_count(0)
    press(page, "Control+Enter")
    assert Decision.objects.count() == 0


def test_typed_facts_are_never_overwritten(desk: Callable[..., Page]) -> None:
    page = desk()
    page.goto(path(make_post()))
    page.locator("#facts").fill("My own words.")
    page.locator("body").click(position={"x": 700, "y": 90})
    press(page, "r")
    press(page, "5")
    expect(page.locator("#facts")).to_have_value("My own words.")
    expect(page.locator("[name=ground]:checked")).to_have_value("scam")


def test_keys_are_listed_and_can_be_switched_off_and_still_work_with_modifiers(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    page.goto(path(post))
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys of the queue")
    expect(dialog).to_be_visible()
    # Wagtail has a list of its own under the same key: one of them is enough.
    expect(page.get_by_role("dialog")).to_have_count(1)
    dialog.get_by_label("Single keys are on").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.reload()
    press(page, "a")
    page.wait_for_timeout(300)
    assert status(post) == "pending"
    press(page, "Alt+Shift+KeyA")
    expect(page.locator(".queue-undo")).to_be_visible()
    assert status(post) == "published"


def test_g_passes_on(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    page.goto(path(post))
    press(page, "g")
    expect(page.get_by_text("Nothing waits. Thank you.").or_(page.get_by_text("passed on").first)).to_be_visible()
    assert ReviewItem.objects.get(post=post).escalated


def test_everything_works_without_javascript(desk: Callable[..., Page]) -> None:
    post, other = make_post(title="Eerste", body=PHONE), make_post(title="Tweede")
    page = desk(javascript=False)
    page.goto(path(post))
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Answer each mark before you approve")).to_be_visible()
    page.get_by_label("I looked at it, and it may stay: Personal data").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1, name="Tweede")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("heading", level=1, name="Eerste")).to_be_visible()
    assert (status(post), status(other)) == ("pending", "pending")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False), (360, True), (320, False)])
def test_pages_have_no_accessibility_fault_and_no_sideways_scroll(width: int, dark: bool, desk: Callable[..., Page]) -> None:
    post = make_post(body=PHONE)
    make_post(title="Nog een", body="Je n’ai plus d’insuline depuis hier, que faire ?", language="fr")
    page = desk(width=width, dark=dark)
    for address in ("/admin/moderation/", path(post), "/admin/moderation/history/"):
        page.goto(address)
        page.wait_for_timeout(300)
        found = Axe().run(page, context=".queue", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, found.generate_report()
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        # Wagtail's frame hides what sticks out, so each element is asked where it ends.
        assert page.evaluate(OUTSIDE) == []


def test_browser_has_nothing_to_say_about_the_content_policy(desk: Callable[..., Page]) -> None:
    post = make_post()
    page = desk()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    for address in ("/admin/moderation/", path(post), "/admin/moderation/history/", f"{path(post)}log/"):
        page.goto(address)
        page.wait_for_timeout(200)
    assert [line for line in said if "Content Security Policy" in line or "Content-Security-Policy" in line] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_without_javascript_nothing_is_covered_and_every_decision_can_be_pressed(desk: Callable[..., Page], width: int) -> None:
    post = make_post()
    page = desk(javascript=False, width=width)
    page.goto("/admin/")
    expect(page.locator("#wagtail-sidebar")).to_be_hidden()
    expect(page.locator(".capabilitymessage")).to_be_hidden()
    page.get_by_role("link", name="Take the next").click()
    expect(page.locator("h1")).to_contain_text(post.topic.title)
    page.locator(".queue-more > summary").click()
    page.get_by_role("button", name="Escalate").click()
    page.get_by_role("navigation", name="Staff rooms").get_by_role("link", name="Home").click()
    expect(page.locator("#panel-review")).to_be_visible()
    assert ReviewItem.objects.get(post=post).escalated
