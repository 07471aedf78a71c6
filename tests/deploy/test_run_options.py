"""How `make run` is told what to do, and what it writes down."""

import importlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return the module, in an environment that says nothing but where to write and a free port."""
    for name in ("PORT", "HOST", "DEMO", "DATABASE_URL", "ELASTICSEARCH_URL", "SEARCH_ENGINE", "EMAIL_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(probe.getsockname()[1]))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return importlib.import_module("run_options")


@pytest.fixture
def written(options: Any, tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Return a writer of run.env that gives back what stands there."""

    def write() -> dict[str, str]:
        options.write_run_env(options.read())
        lines = [line for line in (tmp_path / "run.env").read_text().splitlines() if not line.startswith("#")]
        return dict(line.split("=", 1) for line in lines)

    return write


def test_defaults(options: Any, tmp_path: Path) -> None:
    read = options.read()
    assert (read.host, read.demo, read.data_dir) == ("127.0.0.1", True, tmp_path)
    assert read.base_url == f"http://localhost:{read.port}"
    assert read.environment()["BIND_HOST"] == "127.0.0.1"


@pytest.mark.parametrize(("text", "demo"), [("0", False), ("no", False), ("False", False), ("off", False), ("1", True), ("", True)])
def test_demo_can_be_switched_off(options: Any, monkeypatch: pytest.MonkeyPatch, text: str, demo: bool) -> None:
    monkeypatch.setenv("DEMO", text)
    assert options.read().demo is demo


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "80 80"])
def test_what_is_no_port_is_refused(options: Any, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(options.CannotRun, match="is not a port"):
        options.read()


def test_taken_port_is_refused_with_a_way_out(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(options.CannotRun, match=f"PORT={port + 1}"):
            options.read()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_demonstration_is_not_shown_to_the_world(options: Any, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    with pytest.raises(options.CannotRun, match="this machine only"):
        options.read()


def test_settings_are_the_owners_alone(options: Any, written: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    first = written()
    assert (tmp_path / "run.env").stat().st_mode & 0o777 == 0o600
    assert len(first["SECRET_KEY"]) >= 50
    assert (first["DEMO"], first["DEBUG"]) == ("1", "0")
    assert not list(tmp_path.glob("*.partial"))


def test_secret_stays_and_the_rest_is_of_this_start(options: Any, written: Callable[[], dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b=c@localhost/x")
    first = written()
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DEMO", "0")
    second = written()
    assert first["DATABASE_URL"] == "postgres://a:b=c@localhost/x"
    assert "DATABASE_URL" not in second
    assert (first["SECRET_KEY"], second["DEMO"]) == (second["SECRET_KEY"], "0")
