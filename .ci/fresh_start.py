"""Starts a clean clone as a newcomer would: an empty home folder and a PATH of make, coreutils and Python. Then tries it out, and starts it again.

python3 .ci/fresh_start.py [--keep]     --keep leaves the clone where it is and says where
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COREUTILS = ["cat", "chmod", "cp", "date", "dirname", "env", "ls", "mkdir", "mktemp", "mv", "pwd", "rm", "sort", "touch", "uname", "wc"]
FIRST_START_SECONDS = 600
SECOND_START_SECONDS = 15
PAGES = {
    "/en/": 200,
    "/fr/": 200,
    "/nl/": 200,
    "/de/": 200,
    "/en/countries/peru/": 200,
    "/nl/onderwerpen/?country=PE": 200,
    "/fr/recherche/?q=P%C3%A9rou": 200,
    "/en/write/": None,
    "/en/account/login/": 200,
    "/admin/": 302,
    "/c/pe": 302,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/.well-known/security.txt": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/en/nothing-here/": 404,
}


class Fresh:
    """One clone and its environment."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin, self.checkout = folder / "home", folder / "bin", folder / "checkout"
        self.home.mkdir()
        self.bin.mkdir()
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(self.checkout)], check=True)
        for name in ["make", *COREUTILS]:
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)
        # The interpreter itself, not a wrapper that would need a shell and more.
        (self.bin / "python3").symlink_to(Path(sys.executable).resolve())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def environment(self) -> dict[str, str]:
        """Nothing of this machine but how packages are reached."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_")) or name.lower().endswith("_proxy")}
        return kept | {"PATH": str(self.bin), "HOME": str(self.home), "LC_ALL": "C.UTF-8"}

    def start(self, *, limit: float) -> tuple[subprocess.Popen[str], float, str]:
        """Run `make run` until it is ready; return the process, the seconds and what it printed."""
        began = time.monotonic()
        process = subprocess.Popen(
            ["make", "run", f"PORT={self.port}"], cwd=self.checkout, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            print("   ", line.rstrip(), flush=True)
            printed += line
            if line.startswith("Logs:"):
                return process, time.monotonic() - began, printed
            if time.monotonic() - began > limit:
                break
        raise AssertionError(f"not ready after {time.monotonic() - began:.0f} s")

    def stop(self, process: subprocess.Popen[str]) -> None:
        """Ctrl-C, as a terminal sends it to everything in front."""
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)

    def get(self, path: str, cookie: str = "") -> tuple[int, str]:
        """Ask for a page; return status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"localhost:{self.port}", "Accept-Language": "en"} | ({"Cookie": cookie} if cookie else {})
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def manage(self, *arguments: str, python: str = ".venv/bin/python") -> subprocess.CompletedProcess[str]:
        """Run a command of the site in a bare environment."""
        command = [python, "manage.py", *arguments]
        return subprocess.run(command, cwd=self.checkout, env=self.environment(), capture_output=True, text=True, check=False)


def check_manage_without_environment(fresh: Fresh) -> None:
    """Before anything is installed, `manage.py` says what to run."""
    done = fresh.manage("check", python=str(fresh.bin / "python3"))
    if "import django" not in done.stderr and done.returncode == 0:
        return
    assert done.returncode != 0
    assert "make run" in done.stderr, done.stderr


def check_pages(fresh: Fresh) -> None:
    """Every page answers as it should."""
    wrong = {path: status for path, wanted in PAGES.items() if wanted is not None and (status := fresh.get(path)[0]) != wanted}
    assert not wrong, wrong


def check_secrets(fresh: Fresh) -> None:
    """What only the owner may read, only the owner can."""
    for name in ("run.env", "demo-accounts.json"):
        mode = (fresh.checkout / "var" / name).stat().st_mode & 0o777
        assert mode == 0o600, f"{name}: {mode:o}"


def check_staff(fresh: Fresh) -> None:
    """A moderator gets into the queue, a member does not."""
    cookies = {who: fresh.manage("sign_in_as", f"{who}@demo.example").stdout.strip() for who in ("moderator", "hanne-puno")}
    status, page = fresh.get("/admin/moderation/", cookies["moderator"])
    assert status == 200, status
    assert "moderation" in page
    assert fresh.get("/admin/moderation/", cookies["hanne-puno"])[0] in {302, 403}


def check_sound(fresh: Fresh) -> None:
    """The consistency commands find nothing."""
    for command in ("check_search", "check_audit", "check_data", "check", "dead_letters"):
        done = fresh.manage(command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def check_mail(fresh: Fresh) -> None:
    """Mails are files in the data folder, and nothing was written beside it."""
    fresh.manage("check", "--deploy")
    mails = list((fresh.checkout / "var" / "mail").glob("*"))
    assert any("test of the mail server" in path.read_text(encoding="utf-8") for path in mails), mails
    status = subprocess.run(["git", "status", "--porcelain"], cwd=fresh.checkout, capture_output=True, text=True, check=True)
    assert status.stdout == "", status.stdout


def check_stopped(fresh: Fresh) -> None:
    """Nothing listens any more."""
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", fresh.port)) != 0


def main() -> int:
    """Return the exit code."""
    folder = Path(tempfile.mkdtemp(prefix="fresh-start-"))
    passed, failed = 0, 0

    def attempt(what: str, work: Callable[[], object]) -> None:
        nonlocal passed, failed
        try:
            work()
        except Exception as error:
            failed += 1
            print(f"FAILED {what}: {type(error).__name__}: {error}", flush=True)
        else:
            passed += 1
            print(f"ok     {what}", flush=True)

    try:
        fresh = Fresh(folder)
        attempt("manage.py without environment", lambda: check_manage_without_environment(fresh))
        process, seconds, printed = fresh.start(limit=FIRST_START_SECONDS)
        print(json.dumps({"first_start_seconds": round(seconds, 1)}), flush=True)
        for name, work in (
            ("pages", check_pages),
            ("secrets", check_secrets),
            ("staff", check_staff),
            ("consistency", check_sound),
            ("mail", check_mail),
        ):
            attempt(name, lambda work=work: work(fresh))  # type: ignore[misc]
        attempt("sign-ins are printed", lambda: printed.index("moderator@demo.example"))
        fresh.stop(process)
        attempt("stopped", lambda: check_stopped(fresh))
        process, seconds, _printed = fresh.start(limit=120)
        print(json.dumps({"second_start_seconds": round(seconds, 1), "bar": SECOND_START_SECONDS}), flush=True)
        fresh.stop(process)
    except (AssertionError, subprocess.SubprocessError) as error:
        failed += 1
        print(f"FAILED start: {error}", flush=True)
    finally:
        if "--keep" in sys.argv[1:]:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
