"""Rebuild the committed list of frequent words near to place names (needs the package wordfreq)."""

from typing import Any

from django.core.management.base import BaseCommand

from countries.building.guard import guard_rows
from countries.building.sources import release
from countries.building.writing import write_data_set
from countries.dataset import DATA_DIR, GUARD_SET


class Command(BaseCommand):
    help = "Reads wordfreq and writes countries/data/guard.json. Run it after a change of names or own tables."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = guard_rows()
        write_data_set(DATA_DIR / f"{GUARD_SET}.json", release(GUARD_SET), rows)
        for name, by_language in rows.items():
            self.stdout.write(f"{name}: " + ", ".join(f"{language} {len(words)}" for language, words in by_language.items()))
