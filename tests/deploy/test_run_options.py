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


def test_address_of_another_machine_is_not_called_a_taken_port(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("HOST", "192.0.2.1")
    with pytest.raises(options.CannotRun, match=r"HOST=192\.0\.2\.1 is no address of this machine"):
        options.read()


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("127.0.0.1", "http://localhost:8000", None),
        ("::1", "http://localhost:8000", None),
        ("0.0.0.0", "http://localhost:8000", None),
        ("::", "http://localhost:8000", None),
        ("192.0.2.1", "http://192.0.2.1:8000", "localhost,127.0.0.1,[::1],192.0.2.1"),
        ("2001:db8::5", "http://[2001:db8::5]:8000", "localhost,127.0.0.1,[::1],[2001:db8::5]"),
    ],
)
def test_printed_address_leads_to_where_the_site_listens(
    options: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, address: str, allowed: str | None
) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    wanted = options.Options(host=host, port=8000, demo=False, data_dir=tmp_path)
    options.write_run_env(wanted)
    lines = (tmp_path / "run.env").read_text().splitlines()
    assert f"BASE_URL={address}" in lines
    assert [line for line in lines if line.startswith("ALLOWED_HOSTS=")] == ([f"ALLOWED_HOSTS={allowed}"] if allowed else [])


def test_folder_that_cannot_be_written_is_named(options: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = tmp_path / "file"
    there.write_text("something of somebody")
    monkeypatch.setenv("DATA_DIR", str(there))
    with pytest.raises(options.CannotRun, match=r"file cannot be written .*DATA_DIR="):
        options.write_run_env(options.read())
    assert there.read_text() == "something of somebody"
