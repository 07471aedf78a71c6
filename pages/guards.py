"""What must hold before this process may answer anybody (TRUST.md, "Demonstration is not production"). Asked by config/wsgi.py at start."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pages.demo.mark import database_is_demo

# As Django's own check of SECRET_KEY (security.W009), but here it stops the start.
SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 5
DEFAULT_SECRETS = ("django-insecure-", "only-for-tests", "changeme", "secret")

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def is_loopback(host: str) -> bool:
    """Say whether a name or address is this machine and nothing else."""
    host = host.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def secret_is_weak(secret: str) -> bool:
    """Say whether a key is short, has few characters, or is one that everybody knows."""
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS or secret.lower().startswith(DEFAULT_SECRETS)


def bound_host(environ: Mapping[str, str], argv: Sequence[str]) -> str | None:
    """Return where this process listens, as far as it can be known: BIND_HOST (`make run` sets it), or runserver's argument."""
    if host := environ.get("BIND_HOST"):
        return host
    if len(argv) > 1 and argv[1] == "runserver":
        wanted = [argument for argument in argv[2:] if not argument.startswith("-")]
        host = wanted[0].rpartition(":")[0] if wanted else ""
        return host or "127.0.0.1"
    return None


def demo_refusals() -> list[str]:
    """Return what forbids a demonstration with these settings, without asking the database."""
    if not (settings.DEMO or settings.DEBUG):
        return []
    found = []
    if not is_loopback(urlsplit(settings.BASE_URL).hostname or ""):
        found.append("BASE_URL names another machine than this one")
    if settings.TRUSTED_PROXIES:
        found.append("TRUSTED_PROXIES is set, so that others would reach it")
    return found


def refusals(environ: Mapping[str, str], argv: Sequence[str]) -> list[str]:
    """Return everything that forbids this process to start; empty when it may."""
    found = ["SECRET_KEY is a default, or short: set 50 random characters or more"] if secret_is_weak(settings.SECRET_KEY) else []
    if settings.DEMO or settings.DEBUG:
        name = "DEMO=1" if settings.DEMO else "DEBUG"
        host = bound_host(environ, argv)
        if host is None or not is_loopback(host):
            found.append(f"{name} needs BIND_HOST, a loopback address that the server is bound to (`make run` sets it)")
        found += [f"{name}: {reason}" for reason in demo_refusals()]
        if not database_is_demo():
            found.append(f"{name}: the demonstration did not make this database (`manage.py load_demo` marks an empty one)")
    return found


class LoopbackOnly:
    """Around a demonstration: answers nobody but this machine, also when a proxy or a tunnel brings others in."""

    FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        peer = str(environ.get("REMOTE_ADDR") or "")
        if not is_loopback(peer) or any(environ.get(name) for name in self.FORWARDED):
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"This demonstration answers to its own machine only.\n"]
        return self.application(environ, start_response)


def guarded(application: Application, environ: Mapping[str, str]) -> Application:
    """Return what may be served. Raises ImproperlyConfigured with every reason when nothing may."""
    found = refusals(environ, sys.argv)
    if found:
        raise ImproperlyConfigured("This site refuses to start. " + "; ".join(found) + ". See docs/operating.md.")
    return LoopbackOnly(application) if settings.DEMO or settings.DEBUG else application
