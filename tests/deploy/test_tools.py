"""The smaller tools behind the Makefile."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_help_lists_every_target() -> None:
    text = subprocess.run([sys.executable, "deploy/make_help.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z%-]+):", makefile, re.MULTILINE))
    assert {line.split()[1].replace("…", "%") for line in text.splitlines()} == targets
    assert {"run", "test", "check", "services", "services-stop", "help"} <= targets


def test_run_needs_no_other_program() -> None:
    """No pipe, no sed, no bash in what `make run` and `make help` call (issue of the foundation, point 1)."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "SHELL := /bin/sh" in makefile
    recipes = dict(re.findall(r"^(run|help):.*\n\t(.*)$", makefile, re.MULTILINE))
    for recipe in recipes.values():
        assert not re.search(r"[|;&`<>]|\b(sed|grep|awk|bash|find|curl)\b", recipe)
        assert "$(PYTHON) deploy/" in recipe


def test_locks_name_no_place() -> None:
    done = subprocess.run([sys.executable, "deploy/lock.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a==1 \\\n    --hash=sha256:0\n", ""),
        ("a==1 \\\n    --hash=sha256:0\nb==2\n", "b==2 has no hash"),
        ("--index-url x\n", "names a place"),
        ("a @ https://files.example/a.whl \\\n    --hash=sha256:0\n", "names a place"),
    ],
)
def test_faults_of_a_lock(text: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock: Any = importlib.import_module("lock")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    (tmp_path / "x.lock").write_text(text)
    found = lock.faults("x.lock")
    assert (not found) if not fault else fault in found[0]


def test_manage_without_django_says_what_to_run(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-S", "-I", str(ROOT / "manage.py"), "check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "make run" in done.stderr


def test_checks_run_what_is_asked_and_report_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    check: Any = importlib.import_module("check")
    monkeypatch.setattr(check, "CHECKS", {"good": [sys.executable, "-c", ""], "bad": [sys.executable, "-c", "raise SystemExit('why')"]})
    assert check.main(["good"]) == 0
    assert check.main([]) == 1
    out = capsys.readouterr().out
    assert "1 passed, 1 failed" in out
    assert "why" in out


def test_publiccode_uses_the_words_of_its_standard() -> None:
    """Scopes of publiccode.yml 0.4 (its parser's list): one that is not there makes the whole file invalid."""
    text = (Path(__file__).resolve().parents[2] / "publiccode.yml").read_text(encoding="utf-8")
    assert "scope: [foreign-affairs, emergency-services]" in text
