"""A demonstration answers to its own machine only, and nothing starts on a weak secret."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from pages import guards
from pages.demo.loading import mark_database

ROOT = Path(__file__).resolve().parents[2]
STRONG = "k3y-" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 2
LOOPBACK = {"BIND_HOST": "127.0.0.1"}


@pytest.fixture
def production(settings: Any) -> Any:
    """Settings of a production site that is in order."""
    settings.SECRET_KEY, settings.DEMO, settings.DEBUG = STRONG, False, False
    settings.BASE_URL, settings.TRUSTED_PROXIES = "https://belgessolidaires.example", ["10.0.0.5"]
    return settings


@pytest.fixture
def demonstration(production: Any, db: None) -> Any:
    """Settings and database of a demonstration that is in order."""
    production.DEMO, production.BASE_URL, production.TRUSTED_PROXIES = True, "http://localhost:8000", []
    mark_database()
    return production


def test_production_in_order_may_start_without_a_query(production: Any, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert guards.refusals({}, ["granian"]) == []


@pytest.mark.parametrize("secret", ["short", "x" * 80, "django-insecure-" + STRONG, "only-for-tests" + STRONG, STRONG[:49]])
def test_weak_secret_is_refused(production: Any, secret: str) -> None:
    production.SECRET_KEY = secret
    (reason,) = guards.refusals({}, [])
    assert "SECRET_KEY" in reason


def test_demonstration_in_order_may_start(demonstration: Any) -> None:
    assert guards.refusals(LOOPBACK, ["granian"]) == []


@pytest.mark.parametrize("flag", ["DEMO", "DEBUG"])
@pytest.mark.parametrize("environ", [{}, {"BIND_HOST": ""}, {"BIND_HOST": "0.0.0.0"}, {"BIND_HOST": "192.0.2.7"}, {"BIND_HOST": "::"}])
def test_bound_to_the_world_is_refused(demonstration: Any, flag: str, environ: dict[str, str]) -> None:
    demonstration.DEMO, demonstration.DEBUG = flag == "DEMO", flag == "DEBUG"
    (reason,) = guards.refusals(environ, ["granian"])
    assert "BIND_HOST" in reason


def test_database_of_others_is_refused(demonstration: Any) -> None:
    guards.database_is_demo.__globals__["DemoMark"].objects.all().delete()
    (reason,) = guards.refusals(LOOPBACK, [])
    assert "did not make this database" in reason


@pytest.mark.parametrize(
    ("name", "value"), [("BASE_URL", "https://belgessolidaires.example"), ("BASE_URL", "http://192.0.2.7:8000"), ("TRUSTED_PROXIES", ["10.0.0.5"])]
)
def test_public_address_is_refused(demonstration: Any, name: str, value: Any) -> None:
    setattr(demonstration, name, value)
    (reason,) = guards.refusals(LOOPBACK, [])
    assert name in reason


@pytest.mark.parametrize(
    ("argv", "host"),
    [
        (["manage.py", "runserver"], "127.0.0.1"),
        (["manage.py", "runserver", "8001"], "127.0.0.1"),
        (["manage.py", "runserver", "--noreload", "0.0.0.0:8000"], "0.0.0.0"),
        (["manage.py", "runserver", "[::1]:8000"], "[::1]"),
        (["manage.py", "check"], None),
        ([], None),
    ],
)
def test_runserver_says_where_it_listens(argv: list[str], host: str | None) -> None:
    assert guards.bound_host({}, argv) == host


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("localhost", True), ("LOCALHOST", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("::ffff:127.0.0.1", True),
     ("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("localhost.example", False), ("", False), ("127.0.0.1.example", False)],
)  # fmt: skip
def test_loopback(host: str, is_loopback: bool) -> None:
    assert guards.is_loopback(host) is is_loopback


def ask(application: Any, **environ: str) -> tuple[str, bytes]:
    statuses: list[str] = []
    body: Iterable[bytes] = application(environ, lambda status, headers: statuses.append(status))
    return (statuses or ["none"])[0], b"".join(body)


def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"secret"]


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "192.0.2.9"},
        {},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "192.0.2.9"},
    ],
)
def test_demonstration_answers_nobody_else(demonstration: Any, environ: dict[str, str]) -> None:
    status, body = ask(guards.guarded(inner, LOOPBACK), **environ)
    assert status == "403 Forbidden"
    assert b"secret" not in body


def test_demonstration_answers_its_own_machine(demonstration: Any) -> None:
    assert ask(guards.guarded(inner, LOOPBACK), REMOTE_ADDR="127.0.0.1") == ("200 OK", b"secret")


def test_production_is_served_as_it_is(production: Any) -> None:
    assert guards.guarded(inner, {}) is inner


def test_refusal_names_every_reason(demonstration: Any) -> None:
    demonstration.SECRET_KEY = "short"
    with pytest.raises(ImproperlyConfigured) as refused:
        guards.guarded(inner, {})
    assert "SECRET_KEY" in str(refused.value)
    assert "BIND_HOST" in str(refused.value)


def boot(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ELASTICSEARCH_URL", "DJANGO_SETTINGS_MODULE"}}
    env |= {"DATA_DIR": str(tmp_path), "EMAIL_URL": "memorymail://", "LOG_LEVEL": "ERROR"} | environ
    return subprocess.run([sys.executable, "-c", "import config.wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_production_process_refuses_a_weak_secret(tmp_path: Path) -> None:
    done = boot(tmp_path, SECRET_KEY="weak", DEMO="0", BASE_URL="https://belgessolidaires.example")
    assert done.returncode != 0
    assert "refuses to start" in done.stderr
    assert "SECRET_KEY" in done.stderr


def test_production_process_starts(tmp_path: Path) -> None:
    done = boot(tmp_path, SECRET_KEY=STRONG, DEMO="0", BASE_URL="https://belgessolidaires.example")
    assert done.returncode == 0, done.stderr


def test_demonstration_process_refuses_to_meet_the_world(tmp_path: Path) -> None:
    done = boot(tmp_path, SECRET_KEY=STRONG, DEMO="1", BIND_HOST="0.0.0.0", BASE_URL="http://localhost:8000")
    assert done.returncode != 0
    assert STRONG not in done.stderr
