"""`manage.py prepare_run`: brings an installation to the state of this release (`make run` calls it at every start).

Every step sees for itself whether it has work, so that a second start is quick. It is also the whole of an upgrade: run it after a new
release was put in place, before the servers start again.
"""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from search.engines.registry import main_engine

# Steps that took longer are worth a line at the second start too.
WORTH_SAYING = 1.0


def quietly(name: str, **options: Any) -> None:
    """Run another command without what it prints."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        call_command(name, verbosity=0, stdout=nowhere, **options)


def static_state() -> str:
    """Return a digest of what would be collected: our files, and the versions of the packages that bring theirs."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def collect_static() -> None:
    """Collect and compress the static files when they changed."""
    stamp, state = Path(settings.STATIC_ROOT) / ".state", static_state()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    quietly("collectstatic", interactive=False, clear=True)
    stamp.write_text(state, encoding="utf-8")


def migrate() -> None:
    """Apply the migrations that are missing, and make the table of the shared cache."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        quietly("migrate", interactive=False)
    if str(settings.CACHES["default"]["BACKEND"]).endswith("DatabaseCache"):
        quietly("createcachetable")


def build_index() -> None:
    """Build the search index where there is none of this release, else see that it holds what the database says."""
    if not main_engine().ready():
        quietly("rebuild_index")
        return
    try:
        quietly("check_search", heal=True)
    except SystemExit:
        quietly("rebuild_index")


class Command(BaseCommand):
    help = "Bring database, static files, standing pages, demonstration (with DEMO=1) and search index to this release."
    requires_system_checks = []

    def _step(self, what: str, work: Callable[[], Any]) -> None:
        began = time.monotonic()
        work()
        if (took := time.monotonic() - began) > WORTH_SAYING:
            self.stdout.write(f"{what} ({took:.0f} s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step in its order."""
        self._step("Database brought up to date", migrate)
        self._step("Countries loaded", lambda: quietly("load_reference"))
        self._step("Static files collected", collect_static)
        if settings.DEMO:
            self._step("Demonstration loaded", lambda: quietly("load_demo"))
        self._step("Standing pages made", lambda: quietly("ensure_site"))
        try:
            self._step("Search index built", build_index)
        except CommandError as error:
            # The site searches the database and says so; it is no reason to keep everything else from readers (TRUST.md, Reliability).
            self.stderr.write(f"No search index: {error}\nRun `manage.py rebuild_index` when the engine is back.")
