"""Headers of every answer, and a policy that allows exactly the styles that the page carries."""

import base64
import hashlib
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

pytestmark = pytest.mark.django_db

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def directives(response: object) -> dict[str, list[str]]:
    header = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return {name: values.split() for name, _, values in (part.strip().partition(" ") for part in header.split(";"))}


def public_paths() -> list[str]:
    with override("fr"):
        return [reverse("home"), reverse("country_list"), reverse("country", args=["perou"]), "/fr/rien/"]


@pytest.mark.parametrize("number", range(4))
def test_inline_style_is_allowed_by_its_hash_alone(reader: Client, number: int) -> None:
    response = reader.get(public_paths()[number])
    found = STYLE.findall(response.content.decode())
    assert len(found) == 1
    digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
    assert directives(response)["style-src"] == ["'self'", f"'sha256-{digest}'"]


@pytest.mark.parametrize("number", range(4))
def test_nothing_inline_and_nothing_foreign(reader: Client, number: int) -> None:
    response = reader.get(public_paths()[number])
    html = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert directives(response)["default-src"] == ["'none'"]
    assert "http" not in policy
    assert " style=" not in html
    assert "<script" not in html
    assert not re.search(r"\son[a-z]+=", html)
    for address in re.findall(r'(?:src|href)="(https?://[^"]+)"', html):
        assert address.startswith((settings.BASE_URL, "https://diplomatie.belgium.be/")), address


def test_headers_of_every_answer(reader: Client) -> None:
    for path in [*public_paths(), "/", "/healthz", "/robots.txt"]:
        headers = reader.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "camera=()" in headers["Permissions-Policy"], path
        assert headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path


def test_a_kept_page_has_the_same_policy(reader: Client) -> None:
    first, second = reader.get("/fr/"), reader.get("/fr/")
    assert directives(first) == directives(second)
    assert any(source.startswith("'sha256-") for source in directives(second)["style-src"])


def test_only_the_listed_admin_prefixes_allow_inline_scripts(reader: Client, staff, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(staff("administrator"))
    for path in ("/admin/", "/admin/crises/", "/admin/notices/", "/admin/reports/site-history/", "/admin/users/", "/fr/"):
        response = client.get(path)
        assert "unsafe" not in response.headers["Content-Security-Policy"], path
        assert directives(response)["frame-ancestors"] == ["'none'"], path
    assert settings.CSP_INLINE_ADMIN_PREFIXES == ["/admin/pages/"]
    policy = directives(client.get("/admin/pages/"))
    assert "'unsafe-inline'" in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert policy["frame-src"] == policy["frame-ancestors"] == ["'self'"]
