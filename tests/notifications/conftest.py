"""Workers for tests: in this process inside the test's transaction, or real ones on committed rows."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from notifications.worker import LeaseWorker

ROOT = Path(__file__).resolve().parents[2]


class Quiet:
    """Stands for the pulse thread, which would need a connection outside the test's transaction."""

    task_since: float | None = None

    def start(self) -> None: ...
    def stop(self) -> None: ...


@pytest.fixture
def make_worker(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., LeaseWorker]:
    """Return a maker of workers that run in this process: `make_worker("a").run()` does what is due."""
    monkeypatch.setattr("notifications.worker.close_old_connections", lambda: None)

    def make(worker_id: str = "test-worker", **options: Any) -> LeaseWorker:
        defaults: dict[str, Any] = {"queue_names": ["*"], "interval": 0, "batch": True, "backend_name": "default", "startup_delay": False}
        defaults |= {"max_tasks": None, "worker_id": worker_id, "excluded_queue_names": [], "sweeps": False}
        worker = LeaseWorker(**(defaults | options))
        worker.pulse = Quiet()  # type: ignore[assignment]
        return worker

    return make


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Work outside a transaction, so that another process sees the rows; afterwards everything is as before."""
    assert "test" in str(connection.settings_dict["NAME"])


def database_url() -> str:
    """Return the address of the test database for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    return f"postgres://{config['USER']}:{config['PASSWORD']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


@pytest.fixture
def start_worker(committed: None, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Return a starter of real worker processes on the test database; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*args: str, **environment: str) -> subprocess.Popen[bytes]:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(tmp_path / "data"),
            **environment,
        }
        command = [sys.executable, str(ROOT / "manage.py"), "run_worker", "--interval", "0.1", *args]
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Poll until the condition holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
