"""The crisis desk's place in Wagtail's admin: its addresses and its two menu items."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.permissions import has_role
from crisis.permissions import CRISIS_ROLES, SECOND_READER_ROLES, WRITER_ROLES
from crisis.urls import urlpatterns


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
    roles = tuple(dict.fromkeys((*WRITER_ROLES, *SECOND_READER_ROLES)))
    return RoleMenuItem(_("Official notices"), reverse_lazy("notice_list"), icon_name="doc-full", order=120, roles=roles)
