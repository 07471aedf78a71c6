"""`make check`: every check of the code that needs no running service, two at a time; prints what failed and a line for each.

python deploy/check.py [NAME …]     only those whose name contains one of the words
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
SETTINGS = ["--settings", "config.settings_check"]
# What the linter says of tables with rows; before the first release there are none.
NEEDS_ROWS = ["NOT_NULL", "ADD_UNIQUE"]
OWN_APPS = ["accounts", "crisis", "forum", "moderation", "search", "notifications", "pages", "countries"]

CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary", "."],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "system": [*MANAGE, "check", *SETTINGS],
    "migrations-missing": [*MANAGE, "makemigrations", "--check", "--dry-run", *SETTINGS],
    "migrations-lint": [*MANAGE, "lintmigrations", "--quiet", "ignore", "ok", *SETTINGS, "--no-cache", "--include-apps", *OWN_APPS],
    "translations": [PYTHON, "deploy/translations.py", "check"],
    # Lint alone: the templates of readers' pages are written compactly, every byte of them travels over bad lines.
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "locks": [PYTHON, "deploy/lock.py", "--check"],
}


def since_last_release() -> list[str]:
    """Return the linter's options: only migrations since the last tag; without one, all, and none of the rules about rows."""
    tag = subprocess.run(["git", "describe", "--tags", "--abbrev=0"], cwd=ROOT, capture_output=True, text=True, check=False)
    return ["--git-commit-id", tag.stdout.strip()] if tag.returncode == 0 else ["--exclude-migration-test", *NEEDS_ROWS]


def run(name: str) -> tuple[str, int, str, float]:
    """Run one check; return its name, exit code, output and seconds."""
    began = time.monotonic()
    environment = os.environ | {"SECRET_KEY": "only-for-tests", "LOG_LEVEL": "WARNING"}
    command = CHECKS[name] + (since_last_release() if name == "migrations-lint" else [])
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - began


def main(words: list[str]) -> int:
    """Run the wanted checks; return 1 when one failed."""
    names = [name for name in CHECKS if not words or any(word in name for word in words)]
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, code, output, seconds in pool.map(run, names):
            if code:
                failed.append(name)
                print(f"\n--- {name}\n{output.strip()}\n")
            print(f"{'FAILED' if code else 'ok':<7} {name} ({seconds:.0f} s)", flush=True)
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
