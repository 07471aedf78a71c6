"""Writes the three locks anew from pyproject.toml (`make lock`, needs uv), or checks that nothing in them names a place (`--check`)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-next.lock")
COMPILE = [
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-annotate",
    "--python-version",
]
PLACE = re.compile(r"\w+://|--(index-url|extra-index-url|find-links|trusted-host)")
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*==\S+", re.MULTILINE)


def faults(name: str) -> list[str]:
    """Return what is wrong with a lock: an address, or a package without a hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = [f"{name}:{number}: names a place" for number, line in enumerate(text.splitlines(), 1) if PLACE.search(line)]
    blocks = [block for block in re.split(r"\n(?=[a-z0-9])", text) if PINNED.match(block)]
    return found + [f"{name}: {block.split()[0]} has no hash" for block in blocks if "--hash=sha256:" not in block]


def write() -> None:
    """Compile the locks."""
    dev = ["--group", "dev"]
    options = {
        "requirements.lock": [],
        # Exactly the versions of the first, and what development needs besides.
        "requirements-dev.lock": [*dev, "--constraint", "requirements.lock"],
        "requirements-next.lock": [*dev, "--override", "requirements-next.in"],
    }
    for name, extra in options.items():
        subprocess.run([*COMPILE, "3.11", *extra, "pyproject.toml", "--output-file", name], cwd=ROOT, check=True)


def main() -> int:
    """Return the exit code."""
    if "--check" not in sys.argv[1:]:
        write()
    found = [fault for name in LOCKS for fault in faults(name)]
    print("\n".join(found) or f"{len(LOCKS)} locks in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
