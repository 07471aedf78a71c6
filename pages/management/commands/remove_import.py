"""`remove_import NAME`: takes one import out as a whole (CONTRACT.md; TRUST.md, Privacy)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.importing.lines import OWN_SOURCE, BadLine, source_name
from pages.importing.removing import remove


class Command(BaseCommand):
    help = "Erases the texts and authors of an import and takes its topics off the site. The decision log keeps codes alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which import."""
        parser.add_argument("name", help="the --source of the import")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and sum up."""
        try:
            source = source_name(options["name"])
        except BadLine as bad:
            raise CommandError(str(bad)) from bad
        if source == OWN_SOURCE:
            raise CommandError("An import of an export of this site is content like any other; it is not removed as a whole.")
        self.stdout.write(f"removed posts={remove(source)}")
