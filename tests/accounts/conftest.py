"""Accounts: the worker's mails at once, and helpers for codes."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

CODE = re.compile(r"\b\d{4}-\d{4}\b")


@pytest.fixture(autouse=True)
def _mails_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    cache.clear()


@pytest.fixture
def mailed_code(mailoutbox: list[Any]) -> Callable[[], str]:
    """Return a reader of the code in the last mail."""

    def read() -> str:
        found = CODE.search(mailoutbox[-1].body)
        assert found, mailoutbox[-1].body
        return found.group()

    return read


@pytest.fixture
def app_code() -> Callable[[str], str]:
    """Return the authenticator app: what it shows for a secret, now or some steps of 30 s later."""

    def show(secret: str, step: int = 0) -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))

    return show
