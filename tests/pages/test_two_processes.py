"""Hidden text is gone from every process within seconds: two processes, one database (ARCHITECTURE.md, Cache)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from forum.services import apply_status
from tests.factories import make_post

ROOT = Path(__file__).resolve().parent.parent.parent
TITLE = "Een route die weg moet"
SECONDS = 1.0
# A reader's process: answers with what it sees each time a line comes in, and whether its view was asked.
READER = f"""
import django, sys
django.setup()
from django.conf import settings
from django.test import Client
from pages.middleware.anonymous_cache import shelf
settings.GENERATION_SECONDS = {SECONDS}
client = Client()
for line in sys.stdin:
    known = sum(page.hits for page in shelf._pages.values())
    seen = {TITLE!r} in client.get("/nl/").content.decode()
    kept = sum(page.hits for page in shelf._pages.values()) > known
    print("seen" if seen else "gone", "kept" if kept else "asked", flush=True)
"""


def database_url() -> str:
    """Return the address of the test database for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    return f"postgres://{config['USER']}:{config['PASSWORD']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


@pytest.fixture
def reader_process(transactional_db: None) -> Iterator[Any]:
    call_command("load_reference", verbosity=0)
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    process = subprocess.Popen(
        [sys.executable, "-c", READER], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )

    def ask() -> list[str]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("look\n")
        process.stdin.flush()
        return process.stdout.readline().split()

    yield ask
    process.kill()
    process.wait()


def test_what_one_process_hides_leaves_the_cache_of_the_other(reader_process: Any) -> None:
    post = make_post(status="published", title=TITLE)
    assert reader_process() == ["seen", "asked"]
    assert reader_process() == ["seen", "kept"]
    apply_status(post=post, status="hidden")
    time.sleep(SECONDS + 0.2)
    assert reader_process() == ["gone", "asked"]
