"""Runs the sweeps that are due, each by one worker at a time."""

from datetime import datetime

import structlog
from django.utils import timezone

from notifications.models import SweepRun
from notifications.periodic import PERIODIC, Sweep

log = structlog.get_logger(__name__)


def _take(sweep: Sweep, now: datetime) -> bool:
    """Move the due time of a sweep and say whether this worker was the one who moved it."""
    due = sweep.next_after(now)
    if SweepRun.objects.filter(name=sweep.name, due_at__lte=now).update(due_at=due, last_at=now):
        return True
    # The first time: one with a fixed hour waits for it, the others run at once.
    _row, created = SweepRun.objects.get_or_create(name=sweep.name, defaults={"due_at": due, "last_at": None if sweep.at else now})
    return created and sweep.at is None


def run_due(now: datetime | None = None) -> list[str]:
    """Run every sweep that is due; return the names of those that ran. One that fails is logged and comes back at its next time."""
    now = now or timezone.now()
    ran = []
    taken = dict(SweepRun.objects.values_list("name", "due_at"))
    for sweep in list(PERIODIC):
        if taken.get(sweep.name, now) > now or not _take(sweep, now):
            continue
        ran.append(sweep.name)
        error = ""
        try:
            sweep.run()
        except Exception as failure:
            error = type(failure).__name__
            log.exception("sweep_failed", sweep=sweep.name)
        SweepRun.objects.filter(name=sweep.name).update(last_error=error)
    return ran
