"""System checks of the installation: each fault has its id and its hint, and an installation in order has none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.checks import CheckMessage, registry, run_checks

from pages import checks
from tests.pages.test_guards import STRONG


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> Any:
    """Settings of a production site that is in order."""
    settings.DEMO = settings.DEBUG = False
    settings.EMERGENCY_PHONE = "+32 2 555 01 10"
    settings.SECRET_KEY, settings.BASE_URL = STRONG, "https://belgessolidaires.example"
    settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = ["belgessolidaires.example"], ["10.0.0.5", "2001:db8::/32"]
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.SEARCH_DIR = tmp_path, tmp_path / "media", tmp_path / "search"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    return settings


ALL = (
    checks.check_demo, checks.check_proxies, checks.check_production, checks.check_base_url, checks.check_trusted_proxies, checks.check_secret,
    checks.check_rates, checks.check_mail, checks.check_storage, checks.check_duty_number,
)  # fmt: skip


def found() -> list[CheckMessage]:
    return [message for check in ALL for message in check(None)]


def ids() -> list[str]:
    return [str(message.id) for message in found()]


def test_site_in_order_has_no_fault_but_the_mail_of_the_tests(site: Any) -> None:
    assert ids() == ["pages.W015"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"DEMO": True}, ["pages.E001", "pages.E001", "pages.E010"]),
        ({"DEBUG": True, "TRUSTED_PROXIES": []}, ["pages.E001", "pages.E010", "pages.W013"]),
        ({"TRUSTED_PROXIES": ["nonsense"]}, ["pages.E002"]),
        ({"TRUSTED_PROXIES": ["0.0.0.0/0"]}, ["pages.E002"]),
        ({"TRUSTED_PROXIES": ["::/0"]}, ["pages.E002"]),
        ({"TRUSTED_PROXIES": []}, ["pages.W013"]),
        ({"BASE_URL": "http://belgessolidaires.example"}, ["pages.E011"]),
        ({"BASE_URL": "https://localhost"}, ["pages.E011"]),
        ({"BASE_URL": "https://belgessolidaires.example/forum"}, ["pages.E011"]),
        ({"BASE_URL": ""}, ["pages.E011"]),
        ({"ALLOWED_HOSTS": ["other.example"]}, ["pages.E012"]),
        ({"ALLOWED_HOSTS": [".example"]}, []),
        ({"SECRET_KEY": "only-for-tests"}, ["pages.E014"]),
        ({"EMERGENCY_PHONE": ""}, ["pages.W019"]),
    ],
)
def test_each_fault_has_its_id(site: Any, fields: dict[str, Any], expected: list[str]) -> None:
    for name, value in fields.items():
        setattr(site, name, value)
    assert [code for code in ids() if code != "pages.W015"] == expected
    assert all(message.hint for message in found())


def test_test_mail_goes_to_the_help_desk(site: Any) -> None:
    checks.check_mail(None)
    (sent,) = mail.outbox
    assert sent.to == [site.STAFF_HELP_EMAIL]
    assert site.BASE_URL in sent.body


def test_mail_server_that_refuses_is_a_fault(site: Any, monkeypatch: Any) -> None:
    def refuse(self: Any) -> int:
        raise ConnectionRefusedError("user:password@host")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    messages = {str(message.id): message for message in checks.check_mail(None)}
    assert "password" not in str(messages["pages.E016"])


def test_real_mail_is_no_warning(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: 1)
    site.EMAIL_BACKEND = checks.REAL_MAIL
    assert checks.check_mail(None) == []


def test_storage_that_cannot_be_written(site: Any, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("x")
    site.MEDIA_ROOT = tmp_path / "a-file" / "media"
    assert [str(message.id) for message in checks.check_storage(None)] == ["pages.E017"]


def test_static_files_that_were_not_collected(site: Any, tmp_path: Path) -> None:
    site.STATIC_ROOT = tmp_path / "nothing"
    assert [str(message.id) for message in checks.check_storage(None)] == ["pages.E018"]


def test_nothing_that_sends_or_writes_runs_without_deploy() -> None:
    ordinary: list[Callable[..., Any]] = list(registry.registry.get_checks(include_deployment_checks=False))
    everything = list(registry.registry.get_checks(include_deployment_checks=True))
    for check in (checks.check_mail, checks.check_storage, checks.check_base_url, checks.check_secret, checks.check_production):
        assert check not in ordinary
        assert check in everything
    run_checks()
    assert mail.outbox == []


@pytest.mark.parametrize(("text", "wrong"), [("60/m", 0), ("", 0), ("100/5m", 0), ("60", 1), ("many", 1), ("0/m", 1)])
def test_a_rate_that_cannot_be_read_is_named_with_its_variable(site: Any, text: str, wrong: int) -> None:
    site.RATE_LIMITS = {"search": {"account": "60/m", "address": text}}
    messages = checks.check_rates(None)
    assert [message.id for message in messages] == ["pages.E003"] * wrong
    assert all("SEARCH_LIMIT_ADDRESS" in str(message.hint) for message in messages)
