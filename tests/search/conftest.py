"""Shared by the tests of the search: engines of this test alone, and a queue that runs when it is told to."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from crisis.models import OfficialNotice
from crisis.services import approve_notice, save_notice, submit_notice
from forum.models import Topic
from search.engines import registry
from search.engines.base import Engine
from tests.factories import make_post
from tests.search.asking import build


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


@pytest.fixture
def peru(fresh_engines: Engine) -> Topic:
    """A Dutch tip about Peru in the index."""
    post = make_post(status="published")
    build()
    return post.topic


@pytest.fixture
def several(fresh_engines: Engine) -> dict[str, str]:
    """Four topics that "Cusco" finds, different in everything that can be filtered."""
    made = {
        "tip": make_post(status="published"),
        "offer": make_post(status="published", kind="offer", title="Kamer in Cusco", needs=["shelter"]),
        "question": make_post(status="published", kind="question", title="Une pharmacie à Cusco ?", body="Cusco.", language="fr", needs=["medicine"]),
        "bolivia": make_post(status="published", title="Van Cusco naar La Paz", countries=["BO"], place="La Paz", needs=["borders"]),
    }
    old = timezone.now() - timedelta(days=20)
    Topic.objects.filter(pk=made["bolivia"].topic_id).update(published_at=old, check_from=old + timedelta(days=1), stale_from=old + timedelta(days=2))
    build()
    return {name: post.topic.public_id for name, post in made.items()}


@pytest.fixture
def notice_about_peru(fresh_engines: Engine, staff: Callable[..., User]) -> OfficialNotice:
    """A notice in French and Dutch, without English."""
    writer, reader = staff("crisis_editor"), staff("duty_officer")
    texts = {
        "fr": {"title": "Routes du Pérou", "known": "La route de Cusco est fermée."},
        "nl": {"title": "Wegen in Peru", "known": "De weg naar Cusco is dicht."},
    }
    draft = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=texts, signed_as="Ambassade à Lima", country="PE"))
    published = approve_notice(actor=reader, notice=draft, revision=draft.revision)
    build()
    return published
