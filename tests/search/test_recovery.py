"""An index that is lost or damaged is built again by the nightly check and by `check_search --heal`; meanwhile the simple engine answers."""

import shutil
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from forum.models import Topic
from search import services, tasks
from search.engines import registry
from search.engines.base import EngineUnavailable, NoUsableIndex
from search.engines.tantivy import TantivyEngine
from tests.search.asking import found, page

pytestmark = pytest.mark.django_db


def remove(engine: TantivyEngine) -> None:
    shutil.rmtree(engine.path)


def empty_every_file(engine: TantivyEngine) -> None:
    for path in engine.path.iterdir():
        path.write_bytes(b"")


def garble_the_segments(engine: TantivyEngine) -> None:
    for path in engine.path.glob("*.fast"):
        path.write_bytes(b"x" * 10)
    for path in engine.path.glob("*.store"):
        path.write_bytes(b"x" * 10)


def forget_that_it_was_finished(engine: TantivyEngine) -> None:
    (engine.path / "activated").unlink()


DAMAGES = [remove, empty_every_file, garble_the_segments, forget_that_it_was_finished]


@pytest.fixture
def damaged(peru: Topic, fresh_engines: TantivyEngine, request: pytest.FixtureRequest) -> TantivyEngine:
    """An index with a topic, then damaged in one way and opened anew, as by the next process."""
    request.param(fresh_engines)
    registry.main_engine.cache_clear()
    engine = registry.main_engine()
    assert isinstance(engine, TantivyEngine)
    return engine


@pytest.mark.parametrize("damaged", DAMAGES, indirect=True)
def test_readers_get_the_simple_engine_until_the_nightly_check_has_run(damaged: TantivyEngine, client: Any, peru: Topic) -> None:
    response = page(client, q="dagbus")
    assert (found(response), response.context["answer"].page.is_degraded) == ([peru.public_id], True)
    assert tasks.check_index() == 0
    registry.breaker.reset()
    response = page(client, q="dagbus")
    assert (found(response), response.context["answer"].page.is_degraded) == ([peru.public_id], False)


@pytest.mark.parametrize("damaged", DAMAGES, indirect=True)
def test_heal_builds_and_says_so(damaged: TantivyEngine, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_search", heal=True)
    said = capsys.readouterr().out.splitlines()
    assert "tantivy: there was no usable index, it was built: 1 documents" in said
    assert said[-1] == "check_search documents=1 drift=0 healed=1 waiting=0 database=1 tantivy=1"


@pytest.mark.parametrize("damaged", [remove, empty_every_file, garble_the_segments], indirect=True)
def test_without_heal_nothing_is_built(damaged: TantivyEngine) -> None:
    with pytest.raises(CommandError, match="--heal builds it"):
        call_command("check_search")
    with pytest.raises(NoUsableIndex):
        list(damaged.ids_with_revisions())


@pytest.mark.parametrize("damaged", [remove, empty_every_file], indirect=True)
def test_job_fails_and_is_kept_while_the_index_is_lost(damaged: TantivyEngine, peru: Topic) -> None:
    with pytest.raises(EngineUnavailable):
        services.sync("topic", peru.pk, peru.revision + 1)


def test_index_of_an_engine_that_does_not_answer_is_not_thrown_away(
    peru: Topic, fresh_engines: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise EngineUnavailable("another process writes the search index")

    before = sorted(path.name for path in fresh_engines.path.iterdir())
    monkeypatch.setattr(fresh_engines, "ids_with_revisions", refuse)
    monkeypatch.setattr(fresh_engines, "drop", lambda: pytest.fail("dropped"))
    with pytest.raises(EngineUnavailable):
        tasks.check_index()
    with pytest.raises(CommandError, match="another process"):
        call_command("check_search", heal=True)
    assert sorted(path.name for path in fresh_engines.path.iterdir()) == before


def test_index_of_an_older_release_is_followed_by_one_of_this(peru: Topic, settings: Any, fresh_engines: TantivyEngine) -> None:
    """A raised epoch changes the name as another mapping does: until somebody builds the new index, the check does."""
    settings.SEARCH_EPOCH = "2"
    registry.main_engine.cache_clear()
    newer = registry.main_engine()
    assert isinstance(newer, TantivyEngine)
    assert (newer.path != fresh_engines.path, newer.ready()) == (True, False)
    tasks.check_index()
    assert newer.ready()
    assert dict(newer.ids_with_revisions()) == {f"topic-{peru.pk}": peru.revision}
    assert not fresh_engines.path.exists()


def test_a_whole_index_is_only_compared(peru: Topic, fresh_engines: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.syncing, "rebuild", lambda engine: pytest.fail("built"))
    assert tasks.check_index() == 0


def test_drift_is_still_counted(peru: Topic, fresh_engines: TantivyEngine) -> None:
    DBTaskResult.objects.all().delete()
    fresh_engines.delete([(f"topic-{peru.pk}", None)])
    assert tasks.check_index() == 1
    assert tasks.check_index() == 0
