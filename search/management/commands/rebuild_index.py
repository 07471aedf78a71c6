"""`rebuild_index`: fills the index of this code from the database, beside the one that readers use."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import Engine, EngineUnavailable
from search.engines.registry import all_engines
from search.services import rebuild


class Command(BaseCommand):
    help = "Build the search index from the database. Readers use the old one until the new one is complete; running it again is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from-scratch", action="store_true", help="Remove the index first; meanwhile the site searches the database.")

    def handle(self, *args: Any, **options: Any) -> None:
        for engine in all_engines():
            started = time.monotonic()
            try:
                if options["from_scratch"]:
                    engine.drop()
                written = rebuild(engine, progress=self._say(engine, started, options["verbosity"]))
            except EngineUnavailable as error:
                raise CommandError(f"{engine.name}: {error}") from error
            if options["verbosity"]:
                self.stdout.write(f"rebuild_index engine={engine.name} documents={written} seconds={time.monotonic() - started:.1f}")

    def _say(self, engine: Engine, started: float, verbosity: int) -> Any:
        def progress(source: str, written: int) -> None:
            if verbosity:
                self.stderr.write(f"{engine.name}: {written} documents ({source}), {time.monotonic() - started:.1f} s")

        return progress
