"""Answers for machines."""

import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from forum.services import apply_status, create_topic, mark_dangerous
from notifications.models import WorkerPulse
from pages import health
from pages.services import ensure_site
from tests.factories import UserFactory, make_post, text

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(reader: Client) -> dict[str, dict[str, str]]:
    """Return the addresses of the sitemap with their alternates by language."""
    response = reader.get("/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    root = ET.fromstring(response.getvalue())
    return {
        node.find("s:loc", NAMES).text: {link.get("hreflang"): link.get("href") for link in node.findall("x:link", NAMES)}  # type: ignore[union-attr]
        for node in root
    }


def test_sitemap_lists_only_fresh_topics_and_countries_with_content(reader: Client) -> None:
    make_post(status="published", title="Vers", countries=["PE"])
    stale = create_topic(actor=UserFactory(), text=text(title="Oud", countries=["BJ"]))
    apply_status(post=stale, status="published", version=stale.latest_version, published_at=timezone.now() - timedelta(days=400))
    gone = make_post(status="published", title="Gevaarlijk", countries=["VU"])
    mark_dangerous(post=gone, reason="Niet doen")
    make_post(status="pending", title="Wacht", countries=["TH"])
    text_of_all = " ".join(sitemap(reader))
    assert "-vers/" in text_of_all
    assert "-oud/" not in text_of_all
    assert "-gevaarlijk/" not in text_of_all
    assert "-wacht/" not in text_of_all
    assert "/peru/" in text_of_all
    assert "thail" not in text_of_all


def test_sitemap_names_every_page_in_four_languages(reader: Client) -> None:
    ensure_site()
    make_post(status="published", title="Vers")
    found = sitemap(reader)
    assert len(found) % 4 == 0
    assert f"{settings.BASE_URL}/nl/toegankelijkheid/" in found
    for address, alternates in found.items():
        assert set(alternates) == {"fr", "nl", "de", "en"}
        assert address in alternates.values()
        assert set(alternates.values()) <= set(found)


def test_every_address_of_the_sitemap_answers(reader: Client) -> None:
    ensure_site()
    make_post(status="published", title="Vers")
    for address in sitemap(reader):
        assert reader.get(address.removeprefix(settings.BASE_URL)).status_code == 200, address


def test_robots(reader: Client) -> None:
    lines = reader.get("/robots.txt").content.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]


def test_security_txt_holds_for_less_than_a_year_and_not_for_less_than_a_month(reader: Client) -> None:
    response = reader.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"].startswith(("mailto:", "https://"))
    expires = datetime.fromisoformat(fields["Expires"])
    assert expires.date() < date.fromisoformat(settings.RELEASED) + timedelta(days=365)
    assert expires > timezone.now() + timedelta(days=30), "release again: security.txt expires soon"


def test_healthz_asks_nothing(reader: Client, django_assert_num_queries: Any) -> None:
    reader.get("/healthz")
    with django_assert_num_queries(1):  # the generation of the anonymous cache, at most once a second
        response = reader.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_readyz_says_how_each_part_is(reader: Client) -> None:
    WorkerPulse.objects.create(worker_id="a", started_at=timezone.now(), seen_at=timezone.now())
    response = reader.get("/readyz")
    parts = response.json()["parts"]
    assert response.status_code == 200
    assert set(parts) == {"database", "queue", "search", "disk"}
    assert parts["database"]["state"] == parts["queue"]["state"] == parts["disk"]["state"] == "ok"


def test_no_worker_is_late_and_not_down(reader: Client) -> None:
    response = reader.get("/readyz")
    assert response.status_code == 200
    assert response.json()["parts"]["queue"] == {"state": "late", "oldest_seconds": 0, "dead_letters": 0, "worker": False}


@pytest.mark.parametrize("part", ["_database", "_disk"])
def test_what_readers_cannot_do_without_is_503(reader: Client, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(health, part, lambda: health.Part(part.strip("_"), health.DOWN))
    response = reader.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "down")


def test_search_down_leaves_the_site_ready(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> health.Part:
        raise ConnectionError("secret address")

    monkeypatch.setattr(health, "_search", broken)
    response = reader.get("/readyz")
    assert response.status_code == 200
    assert response.json()["parts"]["search"] == {"state": "late"}
    assert "secret" not in response.content.decode()


def test_database_away_is_503(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> health.Part:
        raise DatabaseError

    monkeypatch.setattr(health, "_database", away)
    assert reader.get("/readyz").status_code == 503
