"""Work that comes back by the clock. Each app registers its sweeps in AppConfig.ready(); the worker runs them between tasks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Sweep:
    """A short, idempotent piece of work, run `every` so often, or each day at the local time `at`."""

    name: str
    run: Callable[[], Any]
    every: timedelta = timedelta(days=1)
    at: time | None = None

    def next_after(self, moment: datetime) -> datetime:
        """Return when the sweep is due again after it was taken at `moment`."""
        if self.at is None:
            return moment + self.every
        local = timezone.localtime(moment)
        today = timezone.make_aware(datetime.combine(local.date(), self.at))
        return today if today > moment else timezone.make_aware(datetime.combine(local.date() + timedelta(days=1), self.at))


PERIODIC: list[Sweep] = []


def register(sweep: Sweep) -> None:
    """Add a sweep; a second one of the same name replaces the first."""
    PERIODIC[:] = [known for known in PERIODIC if known.name != sweep.name]
    PERIODIC.append(sweep)
