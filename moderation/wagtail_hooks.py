"""Puts the queue into Wagtail's admin: its addresses, and its place in the menu with the number that waits."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem

from moderation import urls
from moderation.permissions import is_reviewer
from moderation.queue import WAITING, Figures, figures, waiting_count


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


class ReviewPanel(Component):
    """What waits on the user's desks, on the first page of the admin."""

    name = "review"
    template_name = "moderation/panel.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self._request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the figures of the queue; the menu beside takes its number from them."""
        counted = figures(self._request.user, timezone.now())
        setattr(self._request, WAITING, counted.waiting)
        return {
            "waiting": counted.waiting,
            "waiting_shown": counted.shown(counted.waiting),
            "late": counted.late,
            "late_shown": counted.shown(counted.late),
            "oldest": counted.oldest,
        }


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Those who review see their queue first."""
    if is_reviewer(request.user):
        panels.append(ReviewPanel(request))
