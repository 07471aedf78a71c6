"""The environment: .venv beside the code, filled from the hashed lock, once per state of the lock."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from run_options import ROOT, CannotRun

VENV = ROOT / os.environ.get("VENV", ".venv")
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
NO_VENV = (
    "this Python cannot make an environment. Debian and Ubuntu keep that part apart: apt install python3-venv, "
    "or say which Python to use: make run PYTHON=/usr/local/bin/python3"
)


def python() -> Path:
    """Return the environment's Python."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.split()[0].encode()).hexdigest()


def _stamps() -> tuple[Path, Path]:
    """Return where it stands written what is installed: of the runtime lock, and of the developers' (which contains it)."""
    return VENV / "runtime.lock.sha256", VENV / "dev.lock.sha256"


def _is(stamp: Path, lock: Path) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(lock)


def _run(*command: str | Path, cannot: str) -> None:
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONWARNINGS": "ignore"}
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False).returncode:
        raise CannotRun(cannot)


def _install(lock: Path, stamp: Path) -> None:
    print(f"Installing {lock.name} into {VENV.name} (once, a minute or two) …", flush=True)
    stamp.unlink(missing_ok=True)
    command = (python(), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock)
    _run(*command, cannot="the packages could not be installed. Is a package index reachable (PIP_INDEX_URL)?")
    stamp.write_text(_digest(lock), encoding="utf-8")


def _make() -> None:
    if not python().exists():
        print(f"Making {VENV.name} …", flush=True)
        # --clear: what an interrupted start left behind is no environment.
        _run(sys.executable, "-m", "venv", "--clear", VENV, cannot=NO_VENV)


def ensure() -> None:
    """Make the environment and install the runtime lock, unless that is done. Raises CannotRun."""
    runtime, dev = _stamps()
    if python().exists() and (_is(runtime, LOCK) or _is(dev, DEV_LOCK)):
        return
    _make()
    _install(LOCK, runtime)


def ensure_dev() -> None:
    """The same with what tests and checks need."""
    _runtime, dev = _stamps()
    if python().exists() and _is(dev, DEV_LOCK):
        return
    _make()
    _install(DEV_LOCK, dev)
