"""Wagtail's admin as this house uses it: no menu items that lead to rooms that are not furnished, or out of the house."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

NOT_USED = frozenset({"help", "images", "documents"})


@hooks.register("construct_main_menu")
def leave_out(request: HttpRequest, items: list[Any]) -> None:
    """Take out the menu items that this site has no use for."""
    items[:] = [item for item in items if item.name not in NOT_USED]
