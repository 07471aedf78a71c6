"""Makes the four trees and their standing pages. Safe to run at every start: what editors changed since is left alone."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import mistune
import nh3
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Locale, Page, Site

from accounts.enums import Role
from crisis.publication import raise_generation
from pages.brands import BRANDS
from pages.editors import ensure_editor_groups
from pages.models import HomePage, StandingPage

STANDING = settings.BASE_DIR / "pages" / "data" / "standing.json"
EDITORS = (Role.CRISIS_EDITOR, Role.SPOKESPERSON, Role.ADMINISTRATOR)
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "b", "em", "i", "a", "br", "hr"}


@transaction.atomic
def ensure_site() -> int:
    """Make locales, home pages, the site record and missing standing pages; returns how many pages were made."""
    homes, made = _homes()
    _point_site_at(homes[settings.LANGUAGE_CODE])
    _let_editors_in(homes.values())
    ensure_editor_groups()
    for position, page in enumerate(json.loads(STANDING.read_text(encoding="utf-8"))["pages"]):
        made += _standing(page, homes, position)
    if made:
        raise_generation()
    return made


def _homes() -> tuple[dict[str, HomePage], int]:
    """Return the home page of each language; the first one made gives the others its translation key."""
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=_locale(settings.LANGUAGE_CODE)))
    homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale").filter(depth=2)}
    made = 0
    for code, _name in settings.LANGUAGES:
        if code in homes:
            continue
        home = HomePage(title="".join(BRANDS[code]), slug=f"home-{code}", locale=_locale(code))
        if homes:
            home.translation_key = next(iter(homes.values())).translation_key
        root.refresh_from_db()
        homes[code] = root.add_child(instance=home)
        made += 1
    return homes, made


def _locale(code: str) -> Locale:
    locale: Locale = Locale.objects.get_or_create(language_code=code)[0]
    return locale


def _point_site_at(home: HomePage) -> None:
    """Make the default site ours; Wagtail's own welcome page goes."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    defaults = {"hostname": address.hostname, "port": port, "root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
    Site.objects.update_or_create(is_default_site=True, defaults=defaults)
    for page in Page.objects.filter(depth=2, content_type__model="page"):
        page.delete()


def _let_editors_in(homes: Iterable[HomePage]) -> None:
    """Give the groups that mirror unscoped grants (DATA.md, Rights) what they need to write editorial pages."""
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS)
    for role in EDITORS:
        group = Group.objects.get_or_create(name=f"role:{role}")[0]
        for home in homes:
            for permission in permissions:
                GroupPagePermission.objects.get_or_create(group=group, page=home.page_ptr, permission=permission)


def _standing(page: dict[str, Any], homes: dict[str, HomePage], position: int) -> int:
    there = {found.locale.language_code: found for found in StandingPage.objects.filter(key=page["key"]).select_related("locale")}
    made = 0
    for code, home in homes.items():
        if code in there or code not in page["title"]:
            continue
        new = StandingPage(
            key=page["key"],
            title=page["title"][code],
            slug=page["slug"][code],
            locale=home.locale,
            summary=page["summary"][code],
            body=rich_text(page["body"][code]),
            position=position,
            prepared_date=_date(page.get("prepared_on")),
            reviewed_date=_date(page.get("reviewed_on")),
        )
        if there:
            new.translation_key = next(iter(there.values())).translation_key
        home.refresh_from_db()
        there[code] = home.add_child(instance=new)
        made += 1
    return made


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def rich_text(markdown: str) -> str:
    """Return Markdown as the HTML that Wagtail's rich text fields hold."""
    html = str(mistune.html(markdown))
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None).replace("<strong>", "<b>").replace("</strong>", "</b>")
