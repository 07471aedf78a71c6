"""What every test stands on: one database per state of the migrations, reference data loaded once, nothing leaves the process."""

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from django_tasks_db.models import DBTaskResult
from wagtail.models import Collection, Locale
from wagtail.models import Page as WagtailPage

from accounts.models import RoleGrant, User
from accounts.sessions import new_session
from crisis import publication
from moderation.guards import lifted_guards
from tests.factories import UserFactory
from tests.undefined import undefined_variables_fail

__all__ = ["undefined_variables_fail"]

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Compile translations that are newer than their compiled form: .mo files are not committed."""
    if not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, str(ROOT / "deploy" / "translations.py"), "compile"], check=True, stdout=subprocess.DEVNULL)


@functools.cache
def migrations_key() -> str:
    """Return a short hash of every migration of every app: the name of the cached test database."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda c: c.label):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    for path in sorted((ROOT / "countries" / "data").glob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def free_lane(folder: Path) -> tuple[int, Any]:
    """Return the first number that no other test process on this machine holds, with the open lock: two runs at once don't share a database."""
    for lane in range(64):
        lock = (folder / f"lane-{lane}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return lane, lock
    raise RuntimeError("64 test runs at once")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Keep one database per state of the migrations and per process: 258 migrations cost 15 s otherwise."""
    folder = ROOT / "var" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    lane, lock = free_lane(folder)
    name, config = f"belgessolidaires_test_{migrations_key()}", settings.DATABASES["default"]
    if config["ENGINE"].endswith("sqlite3"):
        template, path = folder / f"{name}.sqlite3", folder / f"{name}_{lane}.sqlite3"
        if template.exists():
            shutil.copyfile(template, path)
        config.setdefault("TEST", {})["NAME"] = str(path)
    else:
        # One connection a test: the pool would keep the test database open when it is flushed or dropped.
        config["OPTIONS"].pop("pool", None)
        config.setdefault("TEST", {})["NAME"] = f"{name}_{lane}"
    yield
    lock.close()


def keep_template() -> None:
    """Store the finished SQLite database once, so that the next process copies it instead of migrating; older ones go."""
    path = Path(connection.settings_dict["NAME"])
    template = path.with_name(f"belgessolidaires_test_{migrations_key()}.sqlite3")
    if template.exists():
        return
    connection.ensure_connection()
    partial = template.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(partial) as copy:
        connection.connection.backup(copy)
    copy.close()
    partial.replace(template)
    for old in path.parent.glob("belgessolidaires_test_*.sqlite3*"):
        if migrations_key() not in old.name and time.time() - old.stat().st_mtime > 3600:
            old.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the countries once; tests run inside transactions on top of them."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        if connection.vendor == "sqlite":
            keep_template()


def restore_migrated_rows() -> None:
    """Bring back what migrations wrote and a flush took: the next test finds what every test stands on."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        connection.ensure_connection()
        template = path.with_name(f"belgessolidaires_test_{migrations_key()}.sqlite3")
        source = sqlite3.connect(template)
        source.backup(connection.connection)
        source.close()
        return
    call_command("load_reference", verbosity=0)
    locale, _made = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    WagtailPage.add_root(instance=WagtailPage(title="Root", slug="root", locale=locale))
    Collection.add_root(instance=Collection(name="Root"))
    # What was just written wants to be indexed; a test counts the jobs of its own.
    DBTaskResult.objects.all().delete()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Let the flush after a transactional test empty the append-only tables: the one place of the tests that lifts their triggers."""
    original = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with lifted_guards(connection):
            original(case)
        restore_migrated_rows()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _quiet(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEARCH_DIR = tmp_path / "search"
    # A test that keeps the generation for long must not begin with that of the test before: its crises would still hide topics.
    publication._seen.read_at = float("-inf")


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """Return a maker of staff: `staff("moderator", country="PE", language="nl")`."""

    def make(role: str, country: str | None = None, language: str = "", **fields: Any) -> User:
        user: User = UserFactory(**fields)
        RoleGrant.objects.create(user=user, role=role, country_id=country, language=language, reason="test")
        return user

    return make


@pytest.fixture
def signed_in() -> Iterator[Callable[[User], Client]]:
    """Return a maker of clients that are signed in, second factor included."""

    def make(user: User) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(new_session(user).session_key)
        return client

    return make
