"""Load the committed reference data; a second run with the same data does nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from countries.dataset import ReferenceDataDamaged
from countries.loading import load_reference


class Command(BaseCommand):
    help = "Loads countries, places and names from countries/data/ (idempotent; staff corrections stay)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            loaded = load_reference()
        except ReferenceDataDamaged as damaged:
            raise CommandError(f"reference data: {damaged}") from damaged
        state = "loaded" if loaded.changed else "up to date"
        figures = ", ".join(f"{table} {count}" for table, count in loaded.rows.items())
        self.stdout.write(f"reference data {state}: {figures}")
