"""The load generator counts what it got, says what was wrong, and sees the processor time of a server with its processes."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench.edge import COLD_ROUND_TRIPS, WARM_ROUND_TRIPS, edge_seconds
from bench.load import Connection, Server, run

BODY = b"x" * 100_000


class Answers(BaseHTTPRequestHandler):
    """Answers by path: a large page, an error, an answer without a length, nothing at all."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/silent":
            self.close_connection = True
            return
        self.send_response(500 if self.path == "/broken" else 200)
        if self.path != "/endless":
            self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served.server_address[1]
        served.shutdown()


def test_a_connection_reads_whole_answers_one_after_the_other(port: int) -> None:
    link = Connection(port, "/")
    assert [link.ask() for _ in range(3)] == [(200, BODY)] * 3
    link.close()


@pytest.mark.parametrize(("path", "words"), [("/endless", "200 OK"), ("/silent", "hung up")])
def test_what_cannot_be_read_is_said(port: int, path: str, words: str) -> None:
    link = Connection(port, path)
    with pytest.raises(ConnectionError, match=words):
        link.ask()
    link.close()


def test_a_run_counts_answers_and_errors(port: int) -> None:
    target = Server(port, 0)
    good = run(target, "/", connections=2, seconds=0.2)
    assert good.bad == 0
    assert good.per_second > 0
    assert 0 < good.p50_ms <= good.p95_ms
    broken = run(target, "/broken", connections=2, seconds=0.2)
    assert broken.bad > 0


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is read from /proc")
def test_processor_time_is_that_of_all_processes_of_the_server() -> None:
    """A web server's work is done by its children."""
    work = "sum(i * i for i in range(6_000_000))"
    code = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', '{work}; input()'], stdin=subprocess.PIPE); print(child.wait())"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        target, seen = Server(0, process.pid), 0.0
        for _ in range(200):
            seen = max(seen, target.cpu_seconds())
            if seen > 0.2:
                break
            threading.Event().wait(0.05)
        for child in children(process.pid):
            subprocess.run(["kill", str(child)], check=True)
    assert seen > 0.2
    assert target.cpu_seconds() == 0


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


@pytest.mark.parametrize(("size", "seconds"), [(2_000, 2.7), (14_000, 3.0), (30_000, 3.9), (100_000, 6.3)])
def test_the_model_of_edge_agrees_with_measured_pages(size: int, seconds: float) -> None:
    """PERFORMANCE.md, "Bytes on EDGE"."""
    assert edge_seconds(size, round_trips=COLD_ROUND_TRIPS) == pytest.approx(seconds, abs=0.25)


def test_a_warm_connection_saves_two_round_trips() -> None:
    cold, warm = (edge_seconds(7_000, round_trips=trips) for trips in (COLD_ROUND_TRIPS, WARM_ROUND_TRIPS))
    assert cold - warm == pytest.approx(1.68)
