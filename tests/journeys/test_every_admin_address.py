"""Every address of the admin that somebody may open, in a browser: none makes it complain of the content policy (TRUST.md, Security)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page

from accounts.enums import Role
from pages.matrix import routes
from tests.pages.test_matrix import Persona, World, make_world, path_of

# Between them they may open every door of the admin.
STAFF = [Persona(Role.CRISIS_EDITOR), Persona(Role.SUPERVISOR)]
FOREIGN = ("Content Security Policy", "Refused to", "violates")


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(visitor: Callable[..., Page], complaints: list[str]) -> Page:
    """Return a browser's page that notes what it complains of."""
    made = visitor(width=1280)
    made.on("console", lambda message: complaints.append(f"{made.url}: {message.text}") if any(word in message.text for word in FOREIGN) else None)
    return made


def opened(world: World) -> list[str]:
    """Return the addresses of the admin that answer this person with a page."""
    found = []
    for route in routes():
        path = path_of(route, world)
        if route.door is None or not route.pattern.startswith("admin/") or route.name in {"admin_logout", "wagtailadmin_logout"}:
            continue
        answer = world.client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append(path)
    return sorted(set(found))


def signed(page: Page, client: Client, site: str) -> None:
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


@pytest.mark.parametrize("persona", STAFF, ids=lambda persona: persona.role.value)
def test_no_room_of_the_admin_says_anything_of_the_policy(page: Page, complaints: list[str], site: str, persona: Persona, signed_in: Any) -> None:
    world = make_world(persona, signed_in)
    paths = opened(world)
    assert len(paths) >= 10
    signed(page, world.client, site)
    for path in paths:
        page.goto(path, wait_until="load")
    assert complaints == []


def test_the_one_exception_is_needed_and_this_test_can_hear(page: Page, complaints: list[str], site: str, signed_in: Any, settings: Any) -> None:
    """Without it the editor of pages complains: the list of settings is as short as it can be."""
    settings.CSP_INLINE_ADMIN_PREFIXES = ["/nowhere/"]
    world = make_world(Persona(Role.CRISIS_EDITOR), signed_in)
    signed(page, world.client, site)
    page.goto(f"/admin/pages/{world.values['']['page_id']}/edit/", wait_until="load")
    assert complaints
