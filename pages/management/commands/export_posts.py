"""`export_posts [FILE|-]`: every topic as a line that `import_posts` reads (CONTRACT.md)."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from pages.importing.exporting import export


class Command(BaseCommand):
    help = "Writes every topic with its replies as JSON Lines. Drafts stay with their authors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard output (default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, then say how many on standard error."""
        if options["file"] == "-":
            count = export(sys.stdout)
        else:
            with Path(options["file"]).open("w", encoding="utf-8") as stream:
                count = export(stream)
        self.stderr.write(f"topics={count}")
