"""Jobs that the tests of the worker run, in this process and in others."""

import time
from pathlib import Path

from django_tasks import task


class Poisoned(Exception):
    """What a poison job always raises."""


@task()
def write_line(path: str, line: str, pause: float = 0.0) -> int:
    """Say that the work began, perhaps take long, write one line unless it stands there: idempotent as every job must be."""
    target = Path(path)
    target.with_suffix(".began").write_text("x")
    time.sleep(pause if not target.with_suffix(".quick").exists() else 0)
    lines = target.read_text().splitlines() if target.exists() else []
    if line not in lines:
        target.write_text("\n".join([*lines, line]))
    return len(lines)


@task()
def poison() -> None:
    """Fail always."""
    raise Poisoned("never works")


@task()
def stop_asked() -> None:
    """Be told to stop in the middle, as by a second Ctrl-C."""
    raise SystemExit(1)
