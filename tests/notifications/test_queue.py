"""Retry, back-off, lease, dead letter, pruning: the rules, inside one transaction."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications.models import WorkerPulse
from notifications.services import queue
from notifications.worker import LeaseWorker
from tests.notifications.jobs import poison, stop_asked, write_line

pytestmark = pytest.mark.django_db

Maker = Callable[..., LeaseWorker]


def only() -> DBTaskResult:
    return DBTaskResult.objects.get()


def make_due() -> None:
    DBTaskResult.objects.update(run_after=timezone.now())


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 10), (1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 640), (8, 1280), (10, 3600), (99, 3600)]
)
def test_backoff_doubles_and_ends_at_an_hour(attempts: int, seconds: int) -> None:
    assert queue.backoff(attempts) == timedelta(seconds=seconds)


def test_spread_adds_a_tenth_at_most() -> None:
    delays = {queue.spread(timedelta(seconds=100)) for _ in range(200)}
    assert all(timedelta(seconds=100) <= delay <= timedelta(seconds=110) for delay in delays)
    assert len(delays) > 50


def test_worker_does_a_task_once(make_worker: Maker, tmp_path: Path) -> None:
    write_line.enqueue(str(tmp_path / "out"), "done")
    make_worker().run()
    row = only()
    assert (row.status, row.return_value, row.worker_ids) == ("SUCCESSFUL", 0, ["test-worker"])
    assert (tmp_path / "out").read_text() == "done"
    make_worker("second").run()
    assert only().worker_ids == ["test-worker"]


def test_failure_comes_back_later_with_its_reason(make_worker: Maker) -> None:
    poison.enqueue()
    before = timezone.now()
    make_worker().run()
    row = only()
    assert row.status == "READY"
    assert row.exception_class_path == "tests.notifications.jobs.Poisoned"
    assert "never works" in row.traceback
    assert timedelta(seconds=10) <= row.run_after - before <= timedelta(seconds=13)
    # It is not due yet: another worker leaves it.
    make_worker("second").run()
    assert only().worker_ids == ["test-worker"]


def test_poison_ends_as_dead_letter_and_is_kept(make_worker: Maker, settings: Any) -> None:
    settings.TASK_MAX_ATTEMPTS = 3
    poison.enqueue()
    waits = []
    for attempt in range(3):
        make_due()
        before = timezone.now()
        make_worker(f"w{attempt}").run()
        waits.append((only().run_after - before).total_seconds())
    row = only()
    assert row.status == "FAILED"
    assert row.worker_ids == ["w0", "w1", "w2"]
    assert row.finished_at is not None
    assert "Poisoned" in row.traceback
    assert 10 <= waits[0] < 12
    assert 20 <= waits[1] < 23
    make_due()
    make_worker("w3").run()
    assert only().worker_ids == ["w0", "w1", "w2"]
    assert queue.prune(timezone.now() + timedelta(days=400)) == 0
    assert list(queue.dead_letters()) == [row]


def test_task_that_no_longer_exists_is_a_failure_not_a_crash(make_worker: Maker, tmp_path: Path) -> None:
    write_line.enqueue(str(tmp_path / "out"), "done")
    DBTaskResult.objects.update(task_path="tests.notifications.jobs.removed")
    make_worker().run()
    assert (only().status, only().exception_class_path) == ("READY", "builtins.ImportError")


def test_stop_in_the_middle_gives_the_task_back_uncounted(make_worker: Maker) -> None:
    stop_asked.enqueue()
    with pytest.raises(SystemExit):
        make_worker().run()
    row = only()
    assert (row.status, row.worker_ids) == ("READY", [])
    assert row.run_after <= timezone.now()


def claimed_since(seconds: int, worker: str = "gone") -> DBTaskResult:
    write_line.enqueue("/nowhere", "x")
    row = only()
    row.claim(worker)
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(seconds=seconds))
    return row


def test_silent_worker_loses_its_task(settings: Any) -> None:
    settings.TASK_LEASE_SECONDS = 120
    claimed_since(121)
    before = timezone.now()
    assert queue.requeue_lost() == 1
    row = only()
    assert (row.status, row.exception_class_path) == ("READY", "notifications.WorkerLost")
    assert row.run_after >= before + timedelta(seconds=10)


def test_lease_that_has_not_ended_is_kept(settings: Any) -> None:
    settings.TASK_LEASE_SECONDS = 120
    claimed_since(110)
    assert queue.requeue_lost() == 0
    assert only().status == "RUNNING"


def test_pulse_keeps_the_lease_of_a_long_task() -> None:
    claimed_since(3600, worker="busy")
    queue.beat("busy", started_at=timezone.now())
    assert queue.requeue_lost() == 0
    assert only().status == "RUNNING"
    WorkerPulse.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert queue.requeue_lost() == 1


def test_task_that_kills_its_workers_ends_as_dead_letter(settings: Any) -> None:
    settings.TASK_MAX_ATTEMPTS = 1
    claimed_since(3600)
    assert queue.requeue_lost() == 1
    assert only().status == "FAILED"


def test_late_worker_does_not_overwrite_its_successor(tmp_path: Path) -> None:
    row = claimed_since(3600, worker="slow")
    queue.requeue_lost()
    row.refresh_from_db()
    row.claim("second")
    assert not queue.record_success(row.pk, "slow", 1)
    assert not queue.record_failure(row.pk, "slow", ValueError())
    queue.put_back(row.pk, "slow")
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("RUNNING", ["slow", "second"])
    assert queue.record_success(row.pk, "second", 5)
    row.refresh_from_db()
    assert (row.status, row.return_value) == ("SUCCESSFUL", 5)


def test_prune_forgets_old_successes_alone(make_worker: Maker, tmp_path: Path) -> None:
    write_line.enqueue(str(tmp_path / "out"), "done")
    make_worker().run()
    queue.beat("old", started_at=timezone.now())
    assert queue.prune(timezone.now() + timedelta(days=6)) == 0
    assert DBTaskResult.objects.count() == 1
    assert queue.prune(timezone.now() + timedelta(days=8)) == 1
    assert (DBTaskResult.objects.count(), WorkerPulse.objects.count()) == (0, 0)


def dead_letter() -> DBTaskResult:
    poison.enqueue()
    DBTaskResult.objects.update(status="FAILED", finished_at=timezone.now(), traceback="because", worker_ids=["a"] * 8)
    return only()


def test_command_lists_dead_letters_and_fails() -> None:
    row, out = dead_letter(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("dead_letters", "--trace", stdout=out)
    assert ended.value.code == 1
    assert str(row.pk) in out.getvalue()
    assert "because" in out.getvalue()
    assert out.getvalue().rstrip().endswith("1 dead")


def test_command_without_dead_letters_is_silent_success() -> None:
    out = StringIO()
    call_command("dead_letters", stdout=out)
    assert out.getvalue() == "0 dead\n"


@pytest.mark.parametrize("wanted", ["all", "id"])
def test_command_gives_another_chance(wanted: str, make_worker: Maker) -> None:
    row = dead_letter()
    call_command("dead_letters", "--retry", "all" if wanted == "all" else str(row.pk), stdout=StringIO())
    make_worker().run()
    assert (only().status, only().worker_ids) == ("READY", ["test-worker"])


def test_command_drops_one() -> None:
    row = dead_letter()
    call_command("dead_letters", "--drop", str(row.pk), stdout=StringIO())
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("option", ["--drop", "--retry"])
@pytest.mark.parametrize("wanted", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_command_refuses_an_unknown_id(option: str, wanted: str) -> None:
    dead_letter()
    with pytest.raises(CommandError):
        call_command("dead_letters", option, wanted, stdout=StringIO())
    assert only().status == "FAILED"
