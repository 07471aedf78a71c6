"""Shared by the tests of the search: engines of this test alone, and a queue that runs when it is told to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from search.engines import registry
from search.engines.base import Engine


@pytest.fixture
def fresh_engines(settings: Any, tmp_path: Path) -> Iterator[Engine]:
    """Make the engines of the settings anew for this test, with an empty index; returns the main one."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.SEARCH_ENGINE = "tantivy"
    forget_engines()
    engine = registry.main_engine()
    engine.prepare()
    engine.activate()
    yield engine
    forget_engines()


def forget_engines() -> None:
    """Drop the engines of this process, so that the next call reads the settings."""
    registry.main_engine.cache_clear()
    registry.simple_engine.cache_clear()
    registry.breaker.reset()


@pytest.fixture
def run_queue(db: None) -> Callable[[], int]:
    """Return what runs every queued job of the search once, oldest first, and says how many there were."""

    def run() -> int:
        jobs = list(DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path__startswith="search.tasks.").order_by("enqueued_at"))
        for job in jobs:
            job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
            job.delete()
        return len(jobs)

    return run


@pytest.fixture
def indexed(fresh_engines: Engine) -> Callable[[], dict[str, int]]:
    """Return what says which keys and revisions the main index holds, after checking that the simple engine holds the same."""

    def read() -> dict[str, int]:
        main = dict(fresh_engines.ids_with_revisions())
        assert dict(registry.simple_engine().ids_with_revisions()) == main
        return main

    return read
