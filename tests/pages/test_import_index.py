"""`import_posts` and the index: what is new is written at once, what changed has its job; and the memory of a run."""

import gc
import io
import json
import tracemalloc
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.models import Topic
from pages.importing.running import StoppedAtBadLine
from search.documents import SearchQuery
from search.engines.base import EngineUnavailable
from tests.factories import make_post
from tests.pages.test_import_posts import line, run
from tests.search.conftest import fresh_engines

__all__ = ["fresh_engines"]

pytestmark = pytest.mark.django_db


def imported(file: Any, *lines: dict[str, Any]) -> tuple[str, str]:
    """Import lines with --publish through the command; returns what it wrote to its two outputs."""
    file.write_text("".join(json.dumps(row) + "\n" for row in lines))
    out, err = io.StringIO(), io.StringIO()
    call_command("import_posts", str(file), "--publish", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_new_topics_are_indexed_at_once_and_nothing_else_is_touched(tmp_path: Any, fresh_engines: Any) -> None:
    make_post(status="published", title="Was er al, en wacht op zijn taak")
    file = tmp_path / "lines.jsonl"
    new = [line(external_id=f"a{n}", status="published", title=f"Bus {n}") for n in range(3)]
    imported(file, *new, line(external_id="b", status="pending"))
    titles = {hit.document.title for hit in fresh_engines.search(SearchQuery("bus", "nl"), now=timezone.now()).hits}
    assert titles == {"Bus 0", "Bus 1", "Bus 2"}
    indexed = dict(fresh_engines.ids_with_revisions())
    _out, err = imported(file, *new)
    assert "index" not in err
    assert dict(fresh_engines.ids_with_revisions()) == indexed


@pytest.mark.usefixtures("fresh_engines")
def test_updates_and_new_replies_have_their_jobs(tmp_path: Any) -> None:
    file = tmp_path / "lines.jsonl"
    imported(file, line(status="published"), line(external_id="a2", status="published"), line(external_id="a3", status="published"))
    DBTaskResult.objects.all().delete()
    reply = {"external_id": "r", "body": "Ja, nog altijd om zes uur.", "status": "published"}
    imported(
        file,
        line(status="published", replies=[reply]),
        line(external_id="a2", status="published", body="De bus naar Lima vertrekt nu om zeven uur, niet meer om zes."),
        line(external_id="a3", status="published"),
    )
    replied, changed, _same = Topic.objects.order_by("pk")
    jobs = DBTaskResult.objects.filter(task_path="search.tasks.sync_topic").values_list("args_kwargs", flat=True)
    assert {tuple(job["args"]) for job in jobs} == {(replied.pk, replied.revision), (changed.pk, changed.revision)}


def test_without_an_index_the_operator_is_told_what_to_do(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(name: str, after: int) -> int:
        raise EngineUnavailable("no search index")

    monkeypatch.setattr("pages.management.commands.import_posts.append", down)
    out, err = imported(tmp_path / "lines.jsonl", line(status="published"))
    assert "rebuild_index" in err
    assert "new=1" in out


def test_nothing_public_is_new_so_the_index_is_left_alone(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr("pages.management.commands.import_posts.append", lambda name, after: calls.append(after))
    file = tmp_path / "lines.jsonl"
    imported(file, line(status="published"))
    imported(file, line(status="published"))
    call_command("import_posts", str(file), "--source", "other", stdout=io.StringIO(), stderr=io.StringIO())
    call_command("import_posts", str(file), "--source", "third", "--publish", "--no-index", stdout=io.StringIO(), stderr=io.StringIO())
    assert len(calls) == 1


@pytest.mark.parametrize("was_on", [True, False])
def test_garbage_is_collected_as_before_when_a_run_ends(was_on: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if was_on else gc.disable)()
        run([line(), b"not json"])
        assert gc.isenabled() is was_on
        with pytest.raises(StoppedAtBadLine):
            run([b"not json"], strict=True)
        assert gc.isenabled() is was_on
        assert gc.get_freeze_count() == 0
    finally:
        (gc.enable if before else gc.disable)()


def lines_of(source: str, count: int) -> list[dict[str, Any]]:
    return [line(external_id=f"{source}{n}", source=source, status="published", author={"pseudonym": f"Writer {n % 20}"}) for n in range(count)]


def test_memory_does_not_grow_with_the_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most that is held at once is that of a batch: four times the batches hold no more."""
    monkeypatch.setattr("pages.importing.running.BATCH_LINES", 40)
    run(lines_of("warm", 40), publish=True)
    most = []
    for source, count in (("few", 80), ("many", 320)):
        given = [json.dumps(row).encode() + b"\n" for row in lines_of(source, count)]
        tracemalloc.start()
        counts, _told = run(given, publish=True, tell=lambda _: None)
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert counts.created == count
    # What the test itself holds of the longer input: the joined lines.
    assert most[1] - most[0] < 400_000, most
