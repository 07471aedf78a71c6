"""Prepares the site, starts its two processes (web server, job worker), waits for the first page, and stops what it started."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from run_environment import python
from run_options import ROOT, CannotRun, Options

FIRST_PAGE_SECONDS = 120
STOP_SECONDS = 15
RESTART_SECONDS = 3
PR_SET_PDEATHSIG = 1
THREADS = 4
STOP_SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def prepare(options: Options) -> None:
    """Bring translations, database, static files, demonstration and index to this release."""
    for command in (["deploy/translations.py", "compile"], ["manage.py", "prepare_run"]):
        environment = options.environment() | {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
        if subprocess.run([str(python()), *command], cwd=ROOT, env=environment, check=False).returncode:
            raise CannotRun("the site could not be prepared; the reason stands above.")


def _die_with_parent() -> None:
    """On Linux: end when this script is killed, so that no server stays behind on the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(options: Options, log: str, *command: str) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C reaches this script alone, which stops the others in order."""
    with (options.data_dir / "log" / log).open("ab") as file:
        return subprocess.Popen(
            command, cwd=ROOT, env=options.environment(), stdout=file, stderr=file, start_new_session=True, preexec_fn=_die_with_parent
        )


def _web(options: Options) -> subprocess.Popen[bytes]:
    workers = str(min(2, os.cpu_count() or 1))
    return _start(
        options, "web.log", str(python()), "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", workers, "--blocking-threads", str(THREADS), "--no-ws", "--backpressure", "64", "--log-level", "warning",
        "config.wsgi:application",
    )  # fmt: skip


def _worker(options: Options) -> subprocess.Popen[bytes]:
    return _start(options, "worker.log", str(python()), str(ROOT / "manage.py"), "run_worker")


def _first_page(options: Options, web: subprocess.Popen[bytes]) -> None:
    """Wait until the home page answers. Raises CannotRun when the server ends, or takes too long."""
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    request = urllib.request.Request(options.probe_url + "/en/", headers={"Host": f"localhost:{options.port}"})
    while time.monotonic() < deadline:
        if web.poll() is not None:
            break
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise CannotRun(f"the first page answered {error.code}; look at {options.data_dir / 'log' / 'web.log'}") from error
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotRun(f"the server did not answer; look at {options.data_dir / 'log' / 'web.log'}")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _ask_to_stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def serve(options: Options) -> int:
    """Serve until Ctrl-C (0) or until the web server ends by itself (1). A worker that ends is started again."""
    (options.data_dir / "log").mkdir(exist_ok=True)
    # All three, and by hand: a script that was started in the background inherits that Ctrl-C is ignored.
    for number in STOP_SIGNALS:
        signal.signal(number, _ask_to_stop)
    web = _web(options)
    running = [web]
    try:
        _first_page(options, web)
        worker = _worker(options)
        running.append(worker)
        print_ready(options)
        while web.poll() is None:
            if worker.poll() is not None:
                print(f"The job worker ended ({worker.returncode}); starting it again. See {options.data_dir / 'log' / 'worker.log'}", flush=True)
                time.sleep(RESTART_SECONDS)
                running.remove(worker)
                worker = _worker(options)
                running.append(worker)
            time.sleep(0.5)
        print(f"The web server ended ({web.returncode}); look at {options.data_dir / 'log' / 'web.log'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _stop(list(reversed(running)))


def _sign_ins(path: Path) -> list[dict[str, str]]:
    try:
        found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found


def _shown(path: Path) -> str:
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)


def print_ready(options: Options, say: Callable[[str], None] = lambda line: print(line, flush=True)) -> None:
    """Say where the site is, how to sign in and what to try."""
    say(f"\nReady: {options.base_url}/")
    manage = f"{_shown(python())} manage.py" if options.data_dir == ROOT / "var" else f"DATA_DIR={options.data_dir} {_shown(python())} manage.py"
    accounts = _sign_ins(options.data_dir / "demo-accounts.json") if options.demo else []
    if not accounts:
        say(f"\nThe site is empty. First administrator: {manage} create_staff you@example.org --role administrator")
    else:
        say(f"\nSign in at {options.base_url}/en/account/login/ (staff: password, then the code of an authenticator app with the secret):")
        for row in accounts:
            say(f"  {row['role']:<14} {row['email']:<32} {row['password']:<28} {row['totp_secret']}")
        say(f"\nCodes of this moment, without a telephone: {manage} demo_accounts")
        say("Try: search for “Pérou” or “Kaboul”, write a tip as member, approve it as moderator at /admin/moderation/ (keys a, r, c, u),")
        say(f"read the mail to its author in {_shown(options.data_dir / 'mail')}, switch the language, switch JavaScript off.")
    say(f"Logs: {_shown(options.data_dir / 'log')}. Stop with Ctrl-C.\n")
