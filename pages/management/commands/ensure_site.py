"""`manage.py ensure_site`: makes what Wagtail needs to answer in four languages, and the standing pages. Safe at every start."""

import logging
from typing import Any

from django.core.management.base import BaseCommand

from pages.services import ensure_site


class Command(BaseCommand):
    help = "Make the four page trees, the site record and missing standing pages. What editors changed since stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and say how much that was."""
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        self.stdout.write(f"editorial pages made: {ensure_site()}")
