"""A small closed-loop load generator on loopback: N kept-alive connections, bounded in time; plus a server to aim at, and what it costs."""

import os
import re
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
THREADS = 4
START_SECONDS = 60
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server on loopback and the process that all its processes descend from."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used so far, its processes together; 0 where the system does not say (no /proc)."""
        parents: dict[int, int] = {}
        used: dict[int, float] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            parents[int(folder.name)] = int(fields[1])
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / _TICK
        return sum(seconds for pid, seconds in used.items() if self._is_own(pid, parents))

    def _is_own(self, pid: int, parents: dict[int, int]) -> bool:
        while pid > 1 and pid != self.pid:
            pid = parents.get(pid, 0)
        return pid == self.pid


@dataclass(frozen=True)
class Load:
    """What a run gave: answers a second, median and 95th percentile in milliseconds, processor time of the server for each answer,
    answers that were neither 2xx nor 3xx."""

    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    bad: int


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(target: str, *, processes: int = 1, env: dict[str, str] | None = None) -> Iterator[Server]:
    """Serve the WSGI application `module:name` with granian, as `make run` does, without limits on searches. Exits when it does not start."""
    port = free_port()
    own = {"BASE_URL": f"http://localhost:{port}", "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "WARNING", "SEARCH_LIMIT_ADDRESS": ""}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes),
               "--blocking-threads", str(THREADS), "--no-access-log", "--log-level", "error", target]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own, **(env or {})})
    try:
        _wait_for(port, process, target)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], target: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{target} did not start")


class Connection:
    """One kept-alive connection that asks the same again and again. Plain sockets: an HTTP client costs as much as a cached page."""

    def __init__(self, port: int, path: str, headers: dict[str, str] | None = None) -> None:
        asked = {"Host": f"localhost:{port}", "Accept-Encoding": "br", **(headers or {})}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
        self._request = "\r\n".join(lines).encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def ask(self) -> tuple[int, bytes]:
        """Return status and body. Raises ConnectionError for an answer without a length."""
        self._socket.sendall(self._request)
        data = self._socket.recv(65_536)
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if found is None:
            raise ConnectionError(head[:200].decode("latin-1"))
        while len(body) < int(found[1]):
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the server hung up")
        return data

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


def _ask_until(end: float, connection: Connection, times: list[float], bad: list[int]) -> None:
    while time.monotonic() < end:
        start = time.perf_counter()
        status, _body = connection.ask()
        times.append(time.perf_counter() - start)
        if status >= 400:
            bad.append(status)
    connection.close()


def run(target: Server, path: str, *, connections: int = 8, seconds: float = 4.0, headers: dict[str, str] | None = None) -> Load:
    """GET `path` over `connections` kept-alive connections for `seconds`, after half a second that warms every process and does not count."""
    times: list[float] = []
    bad: list[int] = []
    for length in (0.5, seconds):
        times.clear()
        before, began = target.cpu_seconds(), time.monotonic()
        links = [Connection(target.port, path, headers) for _ in range(connections)]
        threads = [threading.Thread(target=_ask_until, args=(began + length, link, times, bad)) for link in links]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        passed, used = time.monotonic() - began, target.cpu_seconds() - before
    ordered = sorted(times) or [0.0]
    cpu_ms = used / max(len(times), 1) * 1000
    return Load(len(times) / passed, statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000, cpu_ms, len(bad))
