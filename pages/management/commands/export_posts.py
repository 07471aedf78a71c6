"""`export_posts [FILE|-]`: every topic as a line that `import_posts` reads (CONTRACT.md)."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.importing.exporting import export


class Command(BaseCommand):
    help = "Writes every topic with its replies as JSON Lines. Drafts stay with their authors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard output (default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, then say how many on standard error."""
        try:
            count = self._export(options["file"])
        except BrokenPipeError:
            # Who reads the first lines only (`| head`) has what was wanted. Python would flush what is left at its end, and fail again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise CommandError("the reader of the output closed it before its end") from None
        except OSError as error:
            raise CommandError(f"cannot write {options['file']}: {error.strerror}") from error
        self.stderr.write(f"topics={count}")

    @staticmethod
    def _export(name: str) -> int:
        if name == "-":
            return export(sys.stdout)
        with Path(name).open("w", encoding="utf-8") as stream:
            return export(stream)
