"""The worker: takes tasks one by one, keeps their lease with a pulse from a second thread, runs the sweeps in between."""

import sys
import threading
import time
from types import FrameType
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django_tasks_db.compat import TaskContext
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from notifications.services import queue, sweeping

log = structlog.get_logger(__name__)

DATABASE_PAUSE = 2.0
# A task that runs longer hangs: its lease is no longer renewed, another worker tries it.
LONGEST_TASK_SECONDS = 1800.0


class Pulse(threading.Thread):
    """Writes every few seconds that the worker is alive, on a connection of its own, also while a long task runs."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker_id = worker_id
        self.started_at = timezone.now()
        self.task_since: float | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Beat until `stop`; a database that is away is no reason to end."""
        pause = max(min(queue.lease().total_seconds() / 4, 15.0), 0.2)
        while not self._stopped.is_set():
            since = self.task_since
            if since is None or time.monotonic() - since < LONGEST_TASK_SECONDS:
                try:
                    queue.beat(self.worker_id, started_at=self.started_at)
                except (OperationalError, InterfaceError) as error:
                    log.warning("pulse_missed", error=type(error).__name__)
                    connections.close_all()
            self._stopped.wait(pause)
        connections.close_all()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()


class LeaseWorker(Worker):
    """The package's worker with lease, retry, dead letter and sweeps. `sweeps` False leaves the sweeps to others."""

    def __init__(self, *, sweeps: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.sweeps = sweeps
        self.pulse = Pulse(self.worker_id)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End after the present task; a second signal ends at once and the task is given back."""
        if not self.running:
            self.reset_signals()
            sys.exit(1)
        self.running = False
        if not self.running_task:
            sys.exit(0)

    def run(self) -> None:
        """Work until told to stop; with `batch`, until nothing is due."""
        log.info("worker_started", worker=self.worker_id)
        self.pulse.start()
        try:
            while self.running and not self._step():
                pass
        finally:
            self.pulse.stop()
            log.info("worker_ended", worker=self.worker_id, tasks=self._run_tasks)

    def _step(self) -> bool:
        """Run one task or wait; say whether the work is over."""
        try:
            close_old_connections()
            if self.sweeps:
                sweeping.run_due()
            row = self._claim()
            if row is not None:
                self.run_task(row)
        except (OperationalError, InterfaceError) as error:
            # The database is away or busy: the site may still read from its cache, the worker waits for it.
            log.warning("database_away", error=type(error).__name__)
            connections.close_all()
            time.sleep(DATABASE_PAUSE)
            return False
        if self.max_tasks is not None and self._run_tasks >= self.max_tasks:
            return True
        if row is None:
            if self.batch:
                return True
            if self.running:
                time.sleep(self.interval)
        return False

    def _claim(self) -> DBTaskResult | None:
        """Take the next due task. A look without a lock comes first, so that an idle worker never stops a writer."""
        due = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not self.process_all_queues:
            due = due.filter(queue_name__in=self.queue_names)
        if not due.exists():
            return None
        with exclusive_transaction(due.db):
            row = due.get_locked()
            if row is not None:
                row.claim(self.worker_id)
        return row

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one claimed task and write how it went, if it still is this worker's."""
        pk = db_task_result.pk
        self.running_task, self.pulse.task_since = True, time.monotonic()
        try:
            task, result = db_task_result.task, db_task_result.task_result
            context: list[Any] = [TaskContext(task_result=result)] if task.takes_context else []
            value = task.call(*context, *result.args, **result.kwargs)
            if not queue.record_success(pk, self.worker_id, value):
                log.warning("task_finished_late", task=db_task_result.task_path, id=str(pk))
        except Exception as error:
            queue.record_failure(pk, self.worker_id, error)
        except BaseException:
            queue.put_back(pk, self.worker_id)
            raise
        finally:
            self.running_task, self.pulse.task_since = False, None
            self._run_tasks += 1
