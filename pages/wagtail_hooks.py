"""Wagtail's admin as this house uses it: no menu items that lead to rooms that are not furnished, or out of the house."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from pages.editors import is_editor

NOT_USED = frozenset({"help", "images", "documents"})


@hooks.register("construct_main_menu")
def leave_out(request: HttpRequest, items: list[Any]) -> None:
    """Take out the menu items that this site has no use for."""
    items[:] = [item for item in items if item.name not in NOT_USED]


@hooks.register("insert_global_admin_js")
def start_choosers() -> SafeString:
    """Start Wagtail's date and time fields, whose inline scripts our widget templates replace (TRUST.md, Security)."""
    return format_html('<script type="module" src="{}"></script>', static("js/choosers.js"))


@hooks.register("construct_homepage_panels", order=1_000)
def own_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Leave Wagtail's panels about pages to those who edit some: the others read what waits for them, or that nothing does."""
    if not is_editor(request.user):
        panels[:] = [panel for panel in panels if not type(panel).__module__.startswith("wagtail.")]
