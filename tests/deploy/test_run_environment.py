"""The environment is made once per state of the lock, and a failure says what to do."""

import importlib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return the module with an environment and locks in a folder of the test's own, and its commands written down instead of run."""
    module = importlib.import_module("run_environment")
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    for name in ("LOCK", "DEV_LOCK"):
        (tmp_path / name).write_text(f"{name}==1 --hash=sha256:0\n")
        monkeypatch.setattr(module, name, tmp_path / name)
    commands: list[list[str]] = []

    def run(*command: Any, cannot: str) -> None:
        commands.append([str(part) for part in command])
        if "venv" in commands[-1]:
            module.python().parent.mkdir(parents=True)
            module.python().touch()

    monkeypatch.setattr(module, "_run", run)
    module.commands = commands
    return module


def test_made_once(environment: Any) -> None:
    environment.ensure()
    assert [command[1:3] for command in environment.commands] == [["-m", "venv"], ["-m", "pip"]]
    assert "--require-hashes" in environment.commands[1]
    environment.ensure()
    assert len(environment.commands) == 2


def test_new_lock_is_installed(environment: Any) -> None:
    environment.ensure()
    environment.LOCK.write_text("other==2 --hash=sha256:1\n")
    environment.ensure()
    assert [command[2] for command in environment.commands] == ["venv", "pip", "pip"]


def test_what_developers_have_is_enough_to_run(environment: Any) -> None:
    environment.ensure_dev()
    environment.ensure()
    assert [command[-1] for command in environment.commands if "pip" in command] == [str(environment.DEV_LOCK)]


def test_interrupted_installation_is_done_again(environment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.ensure()

    def fail(*command: Any, cannot: str) -> None:
        raise environment.CannotRun(cannot)

    environment.LOCK.write_text("other==2 --hash=sha256:1\n")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "_run", fail)
        with pytest.raises(environment.CannotRun, match="could not be installed"):
            environment.ensure()
    environment.ensure()
    assert len(environment.commands) == 3
