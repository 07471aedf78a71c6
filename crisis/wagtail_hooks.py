"""The crisis desk's place in Wagtail's admin: its addresses and its two menu items."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from accounts.permissions import has_role
from crisis.enums import NoticeStatus
from crisis.forms import title_of
from crisis.models import Crisis, OfficialNotice
from crisis.permissions import CRISIS_ROLES, SECOND_READER_ROLES, WRITER_ROLES
from crisis.urls import urlpatterns

DESK_ROLES = tuple(dict.fromkeys((*WRITER_ROLES, *SECOND_READER_ROLES)))
MOST_SHOWN = 10


class RoleMenuItem(MenuItem):
    """A menu item for some roles."""

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roles = roles

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who can do something there."""
        return has_role(request.user, *self._roles)


@hooks.register("register_admin_urls")
def crisis_urls() -> list[Any]:
    """Addresses under `/admin/`; Wagtail asks for its own access first."""
    return list(urlpatterns)


@hooks.register("register_admin_menu_item")
def crises_item() -> MenuItem:
    """Crises."""
    return RoleMenuItem(_("Crises"), reverse_lazy("crisis_list"), icon_name="warning", order=110, roles=CRISIS_ROLES)


@hooks.register("register_admin_menu_item")
def notices_item() -> MenuItem:
    """Official notices."""
    return RoleMenuItem(_("Official notices"), reverse_lazy("notice_list"), icon_name="doc-full", order=120, roles=DESK_ROLES)


class CrisisPanel(Component):
    """What is on, and which notices wait for a second reader, on the first page of the admin."""

    name = "crises"
    template_name = "crisis/panel.html"
    order = 20

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the open crises and the waiting notices with their titles: four queries at most."""
        crises = Crisis.objects.open().most_severe_first().prefetch_related("texts")[:MOST_SHOWN]
        notices = OfficialNotice.objects.filter(status=NoticeStatus.SUBMITTED).order_by("created_at", "pk").prefetch_related("texts")
        return {
            "crises": [(crisis, title_of(crisis)) for crisis in crises],
            "notices": [(notice, title_of(notice)) for notice in notices[:MOST_SHOWN]],
        }


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Those who work at the crisis desk see what is on."""
    if has_role(request.user, *DESK_ROLES):
        panels.append(CrisisPanel())
