"""The directory and the name index are kept per process; a test that changes the tables must not leave its own behind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from countries import directory
from countries.dataset import DATA_DIR


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    directory.refresh()
    yield
    directory.refresh()


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """A copy of the committed data that a test may change."""
    return Path(shutil.copytree(DATA_DIR, tmp_path / "data"))
