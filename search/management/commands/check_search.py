"""`check_search`: do the indexes hold what the database says? One line of figures last, exit code 1 on drift that remains."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import Engine, EngineUnavailable, NoUsableIndex
from search.engines.registry import all_engines
from search.services import Comparison, compare, compare_or_rebuild, heal

MOST_LISTED = 20


class Command(BaseCommand):
    help = "Compare ids and revisions of every search index with the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heal", action="store_true", help="Write what is missing or outdated, delete what must not be found; build an index that is lost."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        figures = {"documents": 0, "drift": 0, "healed": 0, "waiting": 0}
        indexed: dict[str, int] = {}
        for engine in all_engines():
            try:
                found, healed = self._look(engine, with_healing=options["heal"])
            except EngineUnavailable as error:
                hint = "" if options["heal"] or not isinstance(error, NoUsableIndex) else " (--heal builds it)"
                raise CommandError(f"{engine.name}: {error}{hint}", returncode=1) from error
            figures["documents"] = found.documents
            figures["drift"] += len(found.drift)
            figures["healed"] += healed
            figures["waiting"] += found.waiting
            indexed[engine.name] = found.indexed
        line = " ".join(f"{name}={number}" for name, number in (figures | indexed).items())
        self.stdout.write(f"check_search {line}")
        if figures["drift"]:
            sys.exit(1)

    def _look(self, engine: Engine, *, with_healing: bool) -> tuple[Comparison, int]:
        """The comparison, after healing where that is wanted, and how many rows that healed."""
        before, built = compare_or_rebuild(engine) if with_healing else (compare(engine), None)
        if built is not None:
            self.stdout.write(f"{engine.name}: there was no usable index, it was built: {built} documents")
            return before, built
        self._list(before)
        if not (with_healing and before.drift):
            return before, 0
        heal(engine, before)
        after = compare(engine)
        return after, len(before.drift) - len(after.drift)

    def _list(self, comparison: Comparison) -> None:
        kinds = {"missing": comparison.missing, "outdated": comparison.outdated, "surplus": list(comparison.surplus)}
        for kind, rows in kinds.items():
            for name, pk in rows[:MOST_LISTED]:
                self.stdout.write(f"{comparison.engine}: {name} {pk} {kind}")
            if len(rows) > MOST_LISTED:
                self.stdout.write(f"{comparison.engine}: {len(rows) - MOST_LISTED} more {kind}")
