"""Sweeps: each at its time, by one worker, and a failing one stops nobody."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications import periodic
from notifications.models import SweepRun
from notifications.periodic import Sweep
from notifications.services.sweeping import run_due

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.fixture
def ran(monkeypatch: Any) -> list[str]:
    """Replace the registry by two sweeps that write their name."""
    calls: list[str] = []

    def fail() -> None:
        calls.append("fails")
        raise ValueError("no")

    sweeps = [Sweep("fails", fail, timedelta(minutes=1)), Sweep("works", lambda: calls.append("works"), timedelta(minutes=5))]
    monkeypatch.setattr(periodic, "PERIODIC", sweeps)
    monkeypatch.setattr("notifications.services.sweeping.PERIODIC", sweeps)
    return calls


def test_each_runs_when_due_and_a_failure_is_written_down(ran: list[str]) -> None:
    assert run_due(NOON) == ["fails", "works"]
    assert run_due(NOON + timedelta(seconds=30)) == []
    assert run_due(NOON + timedelta(seconds=61)) == ["fails"]
    assert run_due(NOON + timedelta(seconds=301)) == ["fails", "works"]
    assert ran == ["fails", "works", "fails", "fails", "works"]
    assert SweepRun.objects.get(name="fails").last_error == "ValueError"
    assert SweepRun.objects.get(name="works").last_error == ""


def test_two_workers_share_one_run(ran: list[str]) -> None:
    run_due(NOON)
    later = NOON + timedelta(minutes=10)
    assert run_due(later) == ["fails", "works"]
    # The second worker read the table before the first moved the time.
    assert run_due(later) == []
    assert ran.count("works") == 2


def test_nightly_sweep_waits_for_its_hour(monkeypatch: Any) -> None:
    calls: list[int] = []
    nightly = Sweep("nightly", lambda: calls.append(1), at=time(3, 30))
    monkeypatch.setattr("notifications.services.sweeping.PERIODIC", [nightly])
    assert run_due(NOON) == []
    assert timezone.localtime(SweepRun.objects.get().due_at).strftime("%d %H:%M") == "19 03:30"
    assert run_due(NOON + timedelta(hours=14)) == []
    assert run_due(NOON + timedelta(hours=15)) == ["nightly"]
    assert run_due(NOON + timedelta(hours=16)) == []
    assert calls == [1]
    assert timezone.localtime(SweepRun.objects.get().due_at).strftime("%d %H:%M") == "20 03:30"


def test_nightly_hour_is_local_over_the_change_of_clocks() -> None:
    nightly = Sweep("nightly", lambda: None, at=time(3, 30))
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert nightly.next_after(before) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert nightly.next_after(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_registering_twice_replaces(monkeypatch: Any) -> None:
    monkeypatch.setattr(periodic, "PERIODIC", [])
    first, second = Sweep("x", lambda: 1), Sweep("x", lambda: 2)
    periodic.register(first)
    periodic.register(second)
    assert [sweep.run() for sweep in periodic.PERIODIC] == [2]


def test_registered_sweeps() -> None:
    assert {"requeue_lost", "deliver_left_behind", "seal_chain", "prune_queue"} <= {sweep.name for sweep in periodic.PERIODIC}
