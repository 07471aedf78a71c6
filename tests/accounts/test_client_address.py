"""Whose address a request comes from: nobody invents one."""

from typing import Any

import pytest
from django.test import RequestFactory

from accounts.client_address import NOWHERE, client_address


def address(peer: str, forwarded: str | None = None) -> str:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "198.51.100.7", None, "198.51.100.7"),
        ([], "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (["10.0.0.0/8"], "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (["10.0.0.0/8"], "10.1.2.3", "203.0.113.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.1.2.3", "nonsense, 10.9.9.9", "10.9.9.9"),
        (["10.0.0.0/8"], "10.1.2.3", "", "10.1.2.3"),
        (["10.1.2.3"], "10.1.2.3", "2001:db8::1", "2001:db8::1"),
        (["::1"], "::1", "[2001:db8::1]", "2001:db8::1"),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ([], "", "203.0.113.9", NOWHERE),
        ([], "unix:", None, NOWHERE),
    ],
)
def test_only_trusted_proxies_are_believed(settings: Any, proxies: list[str], peer: str, forwarded: str | None, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address(peer, forwarded) == expected
