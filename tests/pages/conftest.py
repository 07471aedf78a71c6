"""What the tests of the front of house share: nothing kept from one test to the next, and a client that reads like a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crisis import banner
from forum import lively
from pages import surroundings
from pages.middleware.anonymous_cache import shelf


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """The caches live as long as the process; each test starts from an empty database."""
    for forget in (shelf.clear, surroundings._footer.clear, banner._snapshot.clear, lively._kept.clear):
        forget()
    yield
    shelf.clear()


@pytest.fixture(autouse=True)
def _duty_number(settings: Any) -> None:
    """The number of the ministry's duty, as an operator would set it."""
    settings.EMERGENCY_PHONE = "+32 2 555 01 10"


@pytest.fixture
def reader() -> Client:
    """A reader without cookies."""
    return Client()
