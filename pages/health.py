"""Is everything there that the site needs? Asked by load balancers and by people who watch; never by readers' pages."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications.models import WorkerPulse
from search.engines.registry import main_engine

log = structlog.get_logger(__name__)

OK, LATE, DOWN = "ok", "late", "down"
# Tasks that wait longer mean that no worker runs, or too few: mails are late, nothing is lost.
LATE_AFTER = timedelta(minutes=5)
LEAST_FREE_BYTES = 200 * 1_048_576


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the site stands on: `ok`, `late` (works, but somebody should look) or `down`."""

    name: str
    state: str
    figures: dict[str, Any] = field(default_factory=dict)


def parts() -> list[Part]:
    """Return the state of each part; a check that fails is itself an answer."""
    database = _guarded("database", _database, DOWN)
    rest = [_guarded("queue", _queue, LATE), _guarded("search", _search, LATE), _guarded("disk", _disk, DOWN)]
    return [database, *rest]


def _guarded(name: str, check: Callable[[], Part], otherwise: str) -> Part:
    try:
        return check()
    except Exception as error:
        log.warning("health_check_failed", part=name, error=type(error).__name__)
        return Part(name, otherwise)


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return Part("database", DOWN)
    return Part("database", OK, {"vendor": connection.vendor})


def _queue() -> Part:
    """Posts and decisions go on without a worker; only delivery is late (TRUST.md, Reliability)."""
    now = timezone.now()
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    dead = DBTaskResult.objects.failed().count()
    worker = WorkerPulse.objects.filter(seen_at__gt=now - timedelta(seconds=settings.TASK_LEASE_SECONDS)).exists()
    waiting = int((now - oldest).total_seconds()) if oldest else 0
    late = waiting > LATE_AFTER.total_seconds() or not worker
    return Part("queue", LATE if late else OK, {"oldest_seconds": waiting, "dead_letters": dead, "worker": worker})


def _search() -> Part:
    """With the engine down the database answers searches, so the site is still ready."""
    engine = main_engine()
    return Part("search", OK if engine.ready() else LATE, {"engine": engine.name})


def _disk() -> Part:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Part("disk", OK if free > LEAST_FREE_BYTES else DOWN, {"free_megabytes": free // 1_048_576})
