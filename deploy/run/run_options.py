"""How to run: reads the environment, writes $DATA_DIR/run.env, which `manage.py` reads too."""

import errno
import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Kept in the file, so that `manage.py` in another terminal talks to the same database and engine.
GIVEN = ("ALLOWED_HOSTS", "DATABASE_URL", "ELASTICSEARCH_URL", "SEARCH_ENGINE", "SEARCH_INDEX_PREFIX", "EMAIL_URL", "CACHE_URL")
OFF = {"0", "no", "false", "off"}
EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - named, not bound
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class CannotRun(Exception):
    """Why not, in words for a person."""


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    host: str
    port: int
    demo: bool
    data_dir: Path

    @property
    def base_url(self) -> str:
        """The address that is printed: a name, since passkeys need one, unless the site listens where that name does not lead."""
        host = "localhost" if is_loopback(self.host) or self.host in EVERY_ADDRESS else _in_address(self.host)
        return f"http://{host}:{self.port}"

    @property
    def probe_url(self) -> str:
        """Where this script itself asks for the first page."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "localhost"} else self.host  # noqa: S104
        return f"http://{_in_address(host)}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The environment of everything that is started."""
        return os.environ | {
            "DATA_DIR": str(self.data_dir),
            "BIND_HOST": self.host,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a server that is bound to `host`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read() -> Options:
    """Return the options of the environment. Raises CannotRun for what cannot be."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise CannotRun(f"PORT={port} is not a port.")
    options = Options(
        host=os.environ.get("HOST") or "127.0.0.1",
        port=int(port),
        demo=(os.environ.get("DEMO") or "1").lower() not in OFF,
        data_dir=(ROOT / (os.environ.get("DATA_DIR") or "var")).resolve(),
    )
    if options.demo and not is_loopback(options.host):
        raise CannotRun(f"the demonstration binds to this machine only, not to HOST={options.host}. DEMO=0 starts an empty site.")
    _try_port(options)
    return options


def _try_port(options: Options) -> None:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server binds: an address that a closed connection still holds for a minute is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotRun(f"port {options.port} is taken. Choose another: make run PORT={options.port + 1}") from error
            if error.errno == errno.EACCES:
                raise CannotRun(f"port {options.port} is for the system's own services. Choose another: make run PORT=8000") from error
            raise CannotRun(f"HOST={options.host} is no address of this machine ({error.strerror or error}).") from error


def _kept(path: Path, name: str) -> str:
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key == name:
                return value
    return ""


def write_run_env(options: Options) -> None:
    """Write the settings of this start; the secret of the first start is kept. Raises CannotRun where nothing can be written."""
    path = options.data_dir / "run.env"
    try:
        options.data_dir.mkdir(parents=True, exist_ok=True)
        _write_for_owner(path, _settings_of(options, kept=path))
    except OSError as error:
        raise CannotRun(f"{options.data_dir} cannot be written ({error.strerror}). Choose another folder: make run DATA_DIR=/tmp/site") from error


def _settings_of(options: Options, *, kept: Path) -> dict[str, str]:
    values = {
        "SECRET_KEY": _kept(kept, "SECRET_KEY") or secrets.token_urlsafe(64),
        "BASE_URL": options.base_url,
        "DEMO": "1" if options.demo else "0",
        "DEBUG": "0",
    }
    if options.demo:
        # Fictitious, like every number of the demonstration: production sets the duty number of the ministry.
        values["EMERGENCY_PHONE"] = "+32 2 555 01 10"
    if not is_loopback(options.host) and options.host not in EVERY_ADDRESS:
        values["ALLOWED_HOSTS"] = ",".join((*LOOPBACK_NAMES, _in_address(options.host)))
    return values | {name: os.environ[name] for name in GIVEN if os.environ.get(name)}


def _write_for_owner(path: Path, values: dict[str, str]) -> None:
    text = "# Written by `make run` at every start; the secret stays.\n" + "".join(f"{key}={value}\n" for key, value in values.items())
    partial = path.with_suffix(".env.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)
