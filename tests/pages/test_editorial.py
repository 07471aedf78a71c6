"""Editorial pages in four trees, and Wagtail kept inside the house."""

import json
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Locale, Page, Site

from crisis.publication import current_generation
from pages.models import HomePage, StandingPage
from pages.services import STANDING, ensure_site, rich_text
from pages.statement import check_statement, overdue

pytestmark = pytest.mark.django_db

KEYS = {"accessibility", "privacy", "charter", "transparency", "official-channels", "report-content", "how-it-works"}


# Addresses of authorities that were looked up on public pages; another one is looked up before it is added here.
VERIFIED = {
    "accessibility.belgium.be", "diplomatie.belgium.be", "travellersonline.diplomatie.be",
    "www.autoriteprotectiondonnees.be", "www.gegevensbeschermingsautoriteit.be", "www.datenschutzbehorde.be", "www.dataprotectionauthority.be",
    "www.mediateurfederal.be", "www.federaalombudsman.be", "www.federalombudsman.be",
}  # fmt: skip
NUMBER = re.compile(r"\+\d|\b0\d[\d ./]{6,}|\b1\d{3} (Br[uü]|Bruxelles)")


def test_standing_pages_name_authorities_by_verified_addresses_alone() -> None:
    """No telephone number, no postal address: both change, and a wrong one sends somebody in need to a closed door."""
    pages = json.loads(STANDING.read_text(encoding="utf-8"))["pages"]
    bodies = [body for page in pages for body in page["body"].values()]
    assert {urlsplit(found).hostname for body in bodies for found in re.findall(r"https?://[^)\s]+", body)} == VERIFIED
    assert [found[0] for body in bodies if (found := NUMBER.search(body))] == []


def test_four_trees_tied_together_with_all_standing_pages() -> None:
    made = ensure_site()
    homes = HomePage.objects.all()
    assert made == len(homes) + StandingPage.objects.count() == 4 + 4 * len(KEYS)
    assert {home.locale.language_code for home in homes} == {"fr", "nl", "de", "en"} == set(Locale.objects.values_list("language_code", flat=True))
    assert len({home.translation_key for home in homes}) == 1
    for key in KEYS:
        pages = StandingPage.objects.filter(key=key)
        assert len({page.translation_key for page in pages}) == 1, key
        assert len({page.locale_id for page in pages}) == 4, key
    site = Site.objects.get()
    assert (site.is_default_site, site.root_page.specific.locale.language_code) == (True, settings.LANGUAGE_CODE)
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()


def test_second_run_changes_nothing_not_even_what_editors_changed() -> None:
    ensure_site()
    page = StandingPage.objects.get(key="charter", locale__language_code="nl")
    page.title = "Huisregels"
    page.save_revision().publish()
    assert ensure_site() == 0
    assert StandingPage.objects.get(pk=page.pk).title == "Huisregels"


@pytest.mark.parametrize(
    ("path", "language"),
    [("/fr/accessibilite/", "fr"), ("/nl/toegankelijkheid/", "nl"), ("/de/barrierefreiheit/", "de"), ("/en/accessibility/", "en")],
)
def test_standing_page_in_our_frame_with_its_translations(reader: Client, path: str, language: str) -> None:
    ensure_site()
    response = reader.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert "BOSA" in html
    assert html.count("<h1>") == 1
    header = html.split('<nav class="lang"')[1].split("</nav>")[0]
    for other in ("/fr/accessibilite/", "/nl/toegankelijkheid/", "/de/barrierefreiheit/", "/en/accessibility/"):
        assert f'href="{other}"' in header
    assert not response.cookies


def test_publishing_a_page_makes_caches_forget(reader: Client) -> None:
    ensure_site()
    page = StandingPage.objects.get(key="charter", locale__language_code="nl")
    assert page.title in reader.get("/nl/charter/").content.decode()
    before = current_generation()
    page.title = "Huisregels"
    page.save_revision().publish()
    assert current_generation() > before
    assert "<h1>Huisregels</h1>" in reader.get("/nl/charter/").content.decode()
    assert ">Huisregels</a>" in reader.get("/nl/").content.decode()


def test_draft_is_not_shown(reader: Client) -> None:
    ensure_site()
    page = StandingPage.objects.get(key="charter", locale__language_code="nl")
    page.unpublish()
    assert reader.get("/nl/charter/").status_code == 404
    assert "/nl/charter/" not in reader.get("/nl/").content.decode()


def test_home_page_of_a_tree_has_no_address_of_its_own(reader: Client) -> None:
    ensure_site()
    assert reader.get("/nl/home-nl/").status_code == 404
    assert 'role="search"' in reader.get("/nl/").content.decode()


def test_rich_text_is_a_short_list_of_elements() -> None:
    html = rich_text("## A\n\n**b** [c](https://example.org) <script>x</script>\n\n- d")
    assert "<h2>A</h2>" in html
    assert "<b>b</b>" in html
    assert '<a href="https://example.org">c</a>' in html
    assert "<script" not in html
    assert "<li>d</li>" in html


def test_accessibility_statement_is_younger_than_a_year() -> None:
    ensure_site()
    assert check_statement(None) == []
    assert overdue(date.today()) == []
    page = StandingPage.objects.get(key="accessibility", locale__language_code="nl")
    page.reviewed_date = date.today() - timedelta(days=366)
    page.save()
    assert [error.id for error in check_statement(None)] == ["pages.E020"]
    assert overdue(date.today()) == ["nl"]


def test_sign_in_and_out_of_the_admin_go_through_the_sites_own_door(reader: Client, staff: Any, signed_in: Any) -> None:
    response = reader.get("/admin/login/?next=/admin/crises/", headers={"accept-language": "nl"})
    assert response.status_code == 302
    assert response["Location"].startswith("/nl/")
    assert response["Location"].endswith("login/?next=/admin/crises/")
    out = signed_in(staff("moderator")).post("/admin/logout/")
    assert out.status_code == 307
    assert out["Location"].endswith("/logout/")


def test_admin_is_shut_to_visitors_and_members(reader: Client, signed_in: Any, django_user_model: Any) -> None:
    assert reader.get("/admin/").status_code == 302
    member = signed_in(django_user_model.objects.create(email="a@example.org"))
    assert member.get("/admin/").status_code in {302, 403}


def test_wagtail_does_not_phone_out(staff: Any, signed_in: Any) -> None:
    html = signed_in(staff("administrator")).get("/admin/").content.decode()
    assert "gravatar" not in html
    assert "data-w-upgrade" not in html
    assert "releases.wagtail.io" not in html
