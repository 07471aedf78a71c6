"""The scripts of deploy/run are no package: they run before anything is installed. Here they are imported as they import one another."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def _scripts() -> Iterator[None]:
    folders = [str(ROOT / "deploy" / "run"), str(ROOT / "deploy")]
    sys.path[:0] = folders
    yield
    for folder in folders:
        sys.path.remove(folder)
