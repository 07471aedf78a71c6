"""`manage.py routes [--json]`: every address with its name and the roles that may open it, from the permission matrix."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pages.matrix import Route, routes


def row_of(route: Route) -> dict[str, Any]:
    """Return one address for programs: `roles` are codes, `unscoped` says that a grant for one country or language is not enough."""
    row: dict[str, Any] = {"pattern": route.pattern, "name": route.name, "roles": _codes(route), "unscoped": bool(route.door and route.door.unscoped)}
    if "" not in route.patterns:
        row["patterns"] = route.patterns
    return row


def _codes(route: Route) -> list[str]:
    return sorted(role.value for role in route.door.roles) if route.door else []


class Command(BaseCommand):
    help = "List every URL pattern with its name and the roles that may open it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read --json."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="a list of objects for programs")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        """Print them."""
        found = routes()
        if as_json:
            self.stdout.write(json.dumps([row_of(route) for route in found], ensure_ascii=False, indent=1))
            return
        for route in found:
            self.stdout.write(f"{route.pattern:<80} {route.name or '-':<45} {' '.join(_codes(route)) or 'nobody'}")
