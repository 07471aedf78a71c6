"""The frame of every page: languages, word mark, navigation, banner; no cookie and no token for those who only read."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from crisis.services import close_crisis, open_crisis
from pages.services import ensure_site

pytestmark = pytest.mark.django_db

SWITCH = re.compile(r'<a href="([^"]*)" lang="(\w\w)" hreflang="\w\w"')
TEXTS = {"fr": {"title": "Crise A"}, "nl": {"title": "Crisis A"}}


def switch(html: str) -> dict[str, str]:
    """Return the addresses of the language switch in the header."""
    header = html.split('<nav class="lang"')[1].split("</nav>")[0]
    return {code: address.replace("&amp;", "&") for address, code in SWITCH.findall(header)}


def url(name: str, language: str, *args: str) -> str:
    with override(language):
        return reverse(name, args=args)


def test_country_page_switches_to_the_countrys_name_in_each_language(reader: Client) -> None:
    html = reader.get(url("country", "fr", "allemagne")).content.decode()
    slugs = {"fr": "allemagne", "nl": "duitsland", "de": "deutschland", "en": "germany"}
    assert switch(html) == {code: url("country", code, slug) for code, slug in slugs.items()}
    for address in switch(html).values():
        assert reader.get(address).status_code == 200


def test_switch_keeps_the_filters_and_drops_what_is_not_ours(reader: Client) -> None:
    html = reader.get(url("country_list", "nl") + "?q=xyzzyx&utm_source=a&page=abc").content.decode()
    assert switch(html)["de"] == url("country_list", "de") + "?q=xyzzyx"


def test_unknown_page_switches_to_the_home_pages(reader: Client) -> None:
    response = reader.get("/nl/rien-du-tout/")
    assert response.status_code == 404
    assert switch(response.content.decode()) == {code: f"/{code}/" for code in ("fr", "nl", "de", "en")}


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("fr", "Belges", "Solidaires"), ("nl", "Belgen", "VoorElkaar"), ("de", "Belgier", "FürEinander"), ("en", "Belges", "Solidaires")],
)
def test_word_mark_and_lang(reader: Client, language: str, first: str, second: str) -> None:
    html = reader.get(f"/{language}/").content.decode()
    assert f'<html lang="{language}">' in html
    assert f"<span>{first}<br>{second}</span>" in html
    assert f'lang="{language}" hreflang="{language}" aria-current="true"' in html


def test_canonical_and_alternates(reader: Client) -> None:
    html = reader.get(url("country", "de", "peru") + "?utm_source=x").content.decode()
    assert f'<link rel="canonical" href="http://localhost:8000{url("country", "de", "peru")}">' in html
    for code, slug in {"fr": "perou", "nl": "peru", "de": "peru", "en": "peru"}.items():
        assert f'<link rel="alternate" hreflang="{code}" href="http://localhost:8000{url("country", code, slug)}">' in html


@pytest.mark.parametrize("path", ["/", "/fr/", "/nl/nergens/", "/c/pe", "/robots.txt", "/sitemap.xml"])
def test_reading_sets_no_cookie(reader: Client, path: str) -> None:
    response = reader.get(path, follow=True)
    assert not response.cookies
    assert not reader.cookies


def test_readers_pages_carry_no_token(reader: Client) -> None:
    for path in ("/fr/", url("country_list", "fr"), url("country", "fr", "perou")):
        assert "csrfmiddlewaretoken" not in reader.get(path).content.decode()


def test_navigation_says_who_is_signed_in(reader: Client, signed_in: Any, django_user_model: type[User]) -> None:
    assert reverse_in("fr", "account_login") in reader.get("/fr/").content.decode()
    member = signed_in(django_user_model.objects.create(email="somebody@example.org"))
    html = member.get("/fr/").content.decode()
    assert f'href="{reverse_in("fr", "account_home")}"' in html
    assert "somebody@example.org" not in html


def reverse_in(language: str, name: str) -> str:
    with override(language):
        return reverse(name)


def crisis_about(actor: User, *codes: str, scope: str = "countries", **fields: Any) -> Any:
    return open_crisis(actor=actor, scope=scope, texts=fields.pop("texts", TEXTS), countries=codes, **fields)


def test_banner_stands_on_the_countrys_page_and_nowhere_else(reader: Client, staff: Any) -> None:
    crisis_about(staff("duty_officer"), "PE")
    assert 'class="crisis"' in reader.get(url("country", "nl", "peru")).content.decode()
    assert 'class="crisis"' not in reader.get(url("country", "nl", "benin")).content.decode()
    assert 'class="crisis"' not in reader.get(url("country_list", "nl")).content.decode()


def test_banner_of_a_world_crisis_stands_everywhere_and_goes_when_it_closes(reader: Client, staff: Any) -> None:
    officer = staff("duty_officer")
    crisis = crisis_about(officer, scope="world")
    assert 'class="crisis"' in reader.get(url("country_list", "nl")).content.decode()
    close_crisis(actor=officer, crisis=crisis)
    assert 'class="crisis"' not in reader.get(url("country_list", "nl")).content.decode()


def test_banner_names_two_crises_the_most_severe_first_then_counts(reader: Client, staff: Any) -> None:
    officer = staff("duty_officer")
    for title, severity in (("Drei", "3-moderate"), ("Eins", "1-extreme"), ("Zwei", "2-severe"), ("Vier", "3-moderate")):
        crisis_about(officer, "PE", severity=severity, texts={"fr": {"title": title}, "nl": {"title": title}})
    html = reader.get(url("country", "en", "peru")).content.decode()
    banner = html.split('class="crisis"')[1].split("</aside>")[0]
    assert banner.index("Eins") < banner.index("Zwei")
    assert "Drei" not in banner
    assert "Vier" not in banner
    assert "2 other crises" in banner


def test_banner_by_region(reader: Client, staff: Any) -> None:
    officer = staff("duty_officer")
    open_crisis(actor=officer, scope="regions", texts=TEXTS, regions=["005"])
    assert 'class="crisis"' in reader.get(url("country", "fr", "perou")).content.decode()
    assert 'class="crisis"' not in reader.get(url("country", "fr", "benin")).content.decode()


def test_banner_text_says_its_language_where_the_readers_is_missing(reader: Client, staff: Any) -> None:
    crisis_about(staff("duty_officer"), "PE")
    html = reader.get(url("country", "de", "peru")).content.decode()
    assert '<p lang="fr" dir="ltr"><b>Crise A</b></p>' in html


def test_footer_links_to_the_standing_pages_of_the_language(reader: Client) -> None:
    ensure_site()
    html = reader.get("/nl/").content.decode().split('<footer class="foot"')[1]
    assert "/nl/toegankelijkheid/" in html
    assert "/fr/" not in html
