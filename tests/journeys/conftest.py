"""A real Chromium against a real server: journeys named by use case."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.search.conftest import forget_engines

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Two browsers and two servers share two cores in CI: what is late is not wrong.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser."""
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once; without it a laptop skips, CI fails."""
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI"):
            pytest.fail(f"no Chromium at {CHROMIUM}")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> Iterator[str]:
    """Serve the site with countries, locale trees and an empty index; returns its address."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    call_command("load_reference", verbosity=0)
    call_command("ensure_site", verbosity=0)
    forget_engines()
    call_command("rebuild_index", verbosity=0)
    yield live_server.url
    forget_engines()
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages of separate visitors: `visitor(javascript=False, width=360)`."""
    contexts: list[BrowserContext] = []

    def make(*, javascript: bool = True, width: int = 360, dark: bool = False, locale: str = "fr-BE") -> Page:
        context = browser.new_context(
            base_url=site,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield make
    for context in contexts:
        context.close()


def code_in_mail(address: str) -> str:
    """Do the queued jobs, then return the code of the newest mail to an address."""
    do_jobs()
    message = next(m for m in reversed(mail.outbox) if address in m.to)
    found = re.search(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found.group(1)


def do_jobs() -> None:
    """Let the worker do everything that is due, as the process beside the web server does."""
    call_command("run_worker", batch=True, no_sweeps=True, verbosity=0)
