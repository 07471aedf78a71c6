"""Lets the demonstration happen in the past, through the same services as life. They take no date from a caller, so that nobody can
backdate a decision; this moves the clock of the one process that runs `load_demo`, and of nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone

_AGE = re.compile(r"(\d+)([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def age(text: str) -> timedelta:
    """Return "4d", "26h" or "10m" as a span of time; raises ValueError for anything else."""
    found = _AGE.fullmatch(text)
    if not found:
        raise ValueError(f"not an age: {text!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


@contextmanager
def happening(at: datetime) -> Iterator[datetime]:
    """Run the block as if it were `at`."""
    with mock.patch.object(timezone, "now", return_value=at):
        yield at
