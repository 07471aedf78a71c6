"""The demonstration, loaded once for all tests that only look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from pages.demo.loading import Loaded, load_demo

# An hour at which ages of the files fall on other days than one would think: 01:30 in Brussels.
NIGHT = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)


class _TakenBack(Exception):
    """Ends the transaction of the shared demonstration."""


@pytest.fixture(scope="module")
def shared_demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Load it in a transaction that ends with the module: 5 seconds once, and nothing stays."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder):
        try:
            with transaction.atomic():
                yield load_demo()
                raise _TakenBack
        except _TakenBack:
            pass


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path
