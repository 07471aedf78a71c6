"""Puts the queue into Wagtail's admin: its addresses, and its place in the menu with the number that waits."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from moderation import urls
from moderation.permissions import is_reviewer
from moderation.queue import WAITING, Figures, waiting_count


class QueueMenuItem(MenuItem):
    """ "To review (37)": counted once for each page, never further than 99."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to those who review something."""
        return is_reviewer(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        """Return the entry with the number of items on the user's desks."""
        known: int | None = getattr(request, WAITING, None)
        count = waiting_count(request.user) if known is None else known
        label = gettext("To review (%(count)s)") % {"count": Figures.shown(count)} if count else gettext("To review")
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname, attrs=self.attrs)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    """Serve the queue under /admin/moderation/."""
    return [path("moderation/", include(urls))]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> MenuItem:
    """First in the menu: that is what most people here come for."""
    return QueueMenuItem(_("To review"), reverse_lazy("moderation:queue"), name="moderation", icon_name="tasks", order=10)
