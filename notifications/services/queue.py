"""What the job queue lacks: leases, retry with back-off, the dead letter, pruning. The package gives rows and a claim, no more."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from notifications.models import WorkerPulse

log = structlog.get_logger(__name__)

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
KEEP_DONE = timedelta(days=7)
KEEP_PULSE = timedelta(days=1)


def backoff(attempts: int) -> timedelta:
    """Return the wait after the `attempts`-th failure: 10 s, doubled each time, never more than an hour."""
    return min(FIRST_DELAY * 2 ** min(max(attempts, 1) - 1, 12), LONGEST_DELAY)


def spread(delay: timedelta) -> timedelta:
    """Return `delay` and up to a tenth more, so that a thousand tasks that failed together don't come back together."""
    return delay * (1 + random.random() / 10)  # noqa: S311 - no secret


def lease() -> timedelta:
    """Return how long a worker may be silent before its task is given to another."""
    return timedelta(seconds=settings.TASK_LEASE_SECONDS)


def _again_or_dead(row: DBTaskResult, *, error: str, trace: str, now: datetime) -> bool:
    """Put a locked row back, or lay it down as dead letter after the last attempt; say whether it runs again."""
    attempts = len(row.worker_ids)
    again = attempts < settings.TASK_MAX_ATTEMPTS
    row.exception_class_path, row.traceback, row.return_value = error, trace, None
    if again:
        row.status, row.run_after, row.finished_at = TaskResultStatus.READY, now + spread(backoff(attempts)), None
    else:
        row.status, row.finished_at = TaskResultStatus.FAILED, now
    row.save(update_fields=["status", "run_after", "finished_at", "exception_class_path", "traceback", "return_value"])
    event = "task_failed" if again else "task_dead"
    log.warning(event, task=row.task_path, id=str(row.pk), attempts=attempts, error=error)
    return again


def _mine(pk: Any, worker_id: str) -> DBTaskResult | None:
    """Lock a running task that still belongs to this worker: one whose lease ran out may be somebody else's by now."""
    row: DBTaskResult | None = DBTaskResult.objects.select_for_update().filter(pk=pk, status=TaskResultStatus.RUNNING).first()
    return row if row is not None and row.worker_ids and row.worker_ids[-1] == worker_id else None


@transaction.atomic
def record_success(pk: Any, worker_id: str, return_value: Any) -> bool:
    """Write that a task is done; False (and nothing written) when it no longer belongs to the worker."""
    row = _mine(pk, worker_id)
    if row is None:
        return False
    row.set_successful(return_value)
    return True


@transaction.atomic
def record_failure(pk: Any, worker_id: str, error: BaseException) -> bool:
    """Write a failure: again after a back-off, or dead letter. False when the task no longer belongs to the worker."""
    row = _mine(pk, worker_id)
    if row is None:
        return False
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    _again_or_dead(row, error=name, trace="".join(format_exception(error)), now=timezone.now())
    return True


@transaction.atomic
def put_back(pk: Any, worker_id: str) -> None:
    """Give a task back untried, because the worker is told to stop: it runs again at once and this try does not count."""
    row = _mine(pk, worker_id)
    if row is not None:
        row.status, row.worker_ids, row.run_after = TaskResultStatus.READY, row.worker_ids[:-1], timezone.now()
        row.save(update_fields=["status", "worker_ids", "run_after"])


def beat(worker_id: str, *, started_at: datetime) -> None:
    """Say that a worker is alive."""
    WorkerPulse.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": timezone.now(), "started_at": started_at})


def requeue_lost(now: datetime | None = None) -> int:
    """Give every task whose worker fell silent for longer than the lease to the others; return how many were taken back."""
    now = now or timezone.now()
    edge = now - lease()
    alive = set(WorkerPulse.objects.filter(seen_at__gt=edge).values_list("worker_id", flat=True))
    taken = 0
    for pk in list(DBTaskResult.objects.running().filter(started_at__lt=edge).values_list("pk", flat=True)):
        with transaction.atomic():
            row = DBTaskResult.objects.select_for_update().filter(pk=pk, status=TaskResultStatus.RUNNING, started_at__lt=edge).first()
            if row is None or (row.worker_ids and row.worker_ids[-1] in alive):
                continue
            _again_or_dead(row, error="notifications.WorkerLost", trace=f"The worker was silent for more than {lease()}.", now=now)
            taken += 1
    return taken


def prune(now: datetime | None = None) -> int:
    """Delete results that succeeded more than seven days ago, and old pulses; dead letters stay until a person has dealt with them."""
    now = now or timezone.now()
    WorkerPulse.objects.filter(seen_at__lt=now - KEEP_PULSE).delete()
    return DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()[0]


def dead_letters() -> Iterable[DBTaskResult]:
    """Return the tasks that nobody tries any more, newest first."""
    return DBTaskResult.objects.failed().order_by("-finished_at")


@transaction.atomic
def revive(pk: Any) -> bool:
    """Give a dead letter its attempts back; False when there is none of this id."""
    row = DBTaskResult.objects.select_for_update().filter(pk=pk, status=TaskResultStatus.FAILED).first()
    if row is None:
        return False
    row.status, row.worker_ids, row.finished_at, row.run_after = TaskResultStatus.READY, [], None, get_date_max()
    row.save(update_fields=["status", "worker_ids", "finished_at", "run_after"])
    return True
