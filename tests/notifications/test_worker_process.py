"""Real worker processes: one that is killed in the middle loses nothing, one that is told to stop ends its task."""

import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications.models import SweepRun, WorkerPulse
from tests.notifications.conftest import wait_for
from tests.notifications.jobs import write_line

Starter = Callable[..., subprocess.Popen[bytes]]


def job() -> DBTaskResult:
    """Return the job of the test; sweeps of the worker may have queued others beside it."""
    return DBTaskResult.objects.get(task_path=write_line.module_path)


def test_task_of_a_killed_worker_is_done_later_once(start_worker: Starter, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_line.enqueue(str(target), "done", 600)
    first = start_worker(TASK_LEASE_SECONDS="1")
    wait_for(target.with_suffix(".began").exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    row = job()
    assert (row.status, len(row.worker_ids)) == ("RUNNING", 1)
    assert not target.exists()
    # The pulse is older than the lease, the sweep is due: nothing here waits for the real times.
    WorkerPulse.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    DBTaskResult.objects.filter(pk=row.pk).update(started_at=timezone.now() - timedelta(minutes=1))
    SweepRun.objects.all().delete()
    target.with_suffix(".quick").write_text("x")
    second = start_worker(TASK_LEASE_SECONDS="1")
    wait_for(lambda: job().status == "READY")
    row.refresh_from_db()
    assert row.exception_class_path == "notifications.WorkerLost"
    assert row.run_after > timezone.now()
    DBTaskResult.objects.filter(pk=row.pk).update(run_after=timezone.now())
    wait_for(lambda: job().status == "SUCCESSFUL")
    assert target.read_text() == "done"
    assert len(job().worker_ids) == 2
    assert second.poll() is None


def test_pulse_keeps_the_lease_while_a_task_runs(start_worker: Starter, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_line.enqueue(str(target), "done", 4)
    start_worker(TASK_LEASE_SECONDS="2")
    wait_for(target.with_suffix(".began").exists)
    start_worker(TASK_LEASE_SECONDS="2")
    wait_for(lambda: job().status == "SUCCESSFUL")
    assert len(job().worker_ids) == 1


def test_told_to_stop_it_ends_its_task_first(start_worker: Starter, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_line.enqueue(str(target), "done", 1.5)
    worker = start_worker()
    wait_for(target.with_suffix(".began").exists)
    worker.terminate()
    assert worker.wait(timeout=30) == 0
    assert job().status == "SUCCESSFUL"
    assert target.read_text() == "done"
