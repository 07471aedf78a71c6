"""What `make run` prints, and that it stops what it started."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def servers() -> Any:
    """Return the module."""
    return importlib.import_module("run_servers")


def said(servers: Any, folder: Path, *, demo: bool = True) -> str:
    lines: list[str] = []
    options = servers.Options(host="127.0.0.1", port=8123, demo=demo, data_dir=folder)
    servers.print_ready(options, lines.append)
    return "\n".join(lines)


def test_ready_line_is_the_contracts(servers: Any, tmp_path: Path) -> None:
    assert said(servers, tmp_path).splitlines()[1] == "Ready: http://localhost:8123/"


def test_sign_ins_are_shown(servers: Any, tmp_path: Path) -> None:
    row = {"role": "moderator", "email": "m@demo.example", "password": "pa-ss", "totp_secret": "ABC", "language": "nl", "name": "M"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([row]))
    text = said(servers, tmp_path)
    assert all(word in text for word in ("m@demo.example", "pa-ss", "ABC", "/admin/moderation/"))


@pytest.mark.parametrize("content", ["", "{", "null-and-void"])
def test_empty_site_says_how_to_begin(servers: Any, tmp_path: Path, content: str) -> None:
    (tmp_path / "demo-accounts.json").write_text(content)
    assert "create_staff" in said(servers, tmp_path)
    assert "create_staff" in said(servers, tmp_path, demo=False)


def test_a_process_that_does_not_listen_is_stopped_all_the_same(servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "STOP_SECONDS", 0.5)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
        for code in (stubborn, "import time; print('on', flush=True); time.sleep(60)")
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    servers._stop(processes)
    assert [process.poll() for process in processes] == [-9, -15]


def test_first_page_of_a_server_that_ended_is_not_waited_for(servers: Any, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    options = servers.Options(host="127.0.0.1", port=9, demo=True, data_dir=tmp_path)
    with pytest.raises(servers.CannotRun, match=r"web\.log"):
        servers._first_page(options, ended)
