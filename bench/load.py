"""A small closed-loop load generator on loopback: N kept-alive connections, bounded in time; plus a server to aim at."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Load:
    """What a run gave: answers a second, median and 95th percentile in milliseconds, answers that were not 2xx or 3xx."""

    per_second: float
    p50_ms: float
    p95_ms: float
    bad: int


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(target: str, *, env: dict[str, str] | None = None, workers: int = 1) -> Iterator[int]:
    """Serve the WSGI application `module:name` with granian on loopback; yields the port."""
    port = free_port()
    settings = {**os.environ, "BASE_URL": f"http://localhost:{port}", "LOG_LEVEL": "WARNING", "SEARCH_LIMIT_ADDRESS": "", **(env or {})}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
               "--blocking-threads", "4", "--no-access-log", "--log-level", "error", target]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=settings)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit(f"{target} did not start")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def run(port: int, path: str, *, connections: int = 8, seconds: float = 4.0, headers: dict[str, str] | None = None) -> Load:
    """GET `path` over `connections` kept-alive connections for `seconds`."""
    times: list[float] = []
    bad = [0]
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def one() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own: list[float] = []
        wrong = 0
        while time.monotonic() < end:
            start = time.perf_counter()
            connection.request("GET", path, headers={"Host": f"localhost:{port}", "Accept-Encoding": "br", **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            own.append(time.perf_counter() - start)
            wrong += answer.status >= 400
        with lock:
            times.extend(own)
            bad[0] += wrong

    threads = [threading.Thread(target=one) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(times) or [0.0]
    return Load(len(times) / seconds, statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000, bad[0])
