"""`manage.py remove_demo`: take out everything that `load_demo` put in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.demo.loading import remove_demo
from pages.demo.mark import database_is_demo
from search.engines.base import EngineUnavailable
from search.tasks import check_index


class Command(BaseCommand):
    help = "Remove the demonstration content and its people. The database stays marked as one of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and print one line of figures."""
        if not database_is_demo():
            raise CommandError("The demonstration did not make this database; nothing was removed.")
        self.stdout.write(" ".join(f"{name}={count}" for name, count in sorted(remove_demo().items())))
        try:
            # The rows are gone without a word to the index for each: let it look once for all.
            check_index()
        except EngineUnavailable as error:
            self.stderr.write(f"The index still holds what was removed, until the engine is back and check_search --heal ran: {error}")
