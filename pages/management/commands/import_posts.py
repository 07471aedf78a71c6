"""`import_posts FILE|-`: an archive of another group or forum, or an export of this site, as JSON Lines (CONTRACT.md)."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from pages.importing.lines import OWN_SOURCE, BadLine, source_name
from pages.importing.running import ImportingRun, StoppedAtBadLine
from search.documents import TOPIC
from search.engines.base import EngineUnavailable
from search.services import append


class Command(BaseCommand):
    help = "Reads topics with their replies from JSON Lines. The same external_id again is an update, never a copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of CONTRACT.md."""
        parser.add_argument("file", help="a file, or - for standard input")
        parser.add_argument("--source", default="import", help="name of the archive; external ids are unique within it")
        parser.add_argument("--publish", action="store_true", help="give each post the status of its line; without it all wait for review")
        parser.add_argument("--basis", default="", help="lawful basis of the import, kept with it")
        parser.add_argument("--keep-authors", action="store_true", help="keep the authors' names; needs the consent named in --basis")
        parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
        parser.add_argument("--no-index", action="store_true", help="leave the search index to `check_search --heal` or the nightly check")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, report on standard error, sum up on standard output."""
        try:
            source = source_name(options["source"])
        except BadLine as bad:
            raise CommandError(str(bad)) from bad
        if options["keep_authors"] and not options["basis"] and source != OWN_SOURCE:
            raise CommandError("--keep-authors needs --basis: name the consent of the authors.")
        self._keep_memory_flat()
        with self._open(options["file"]) as stream:
            run = ImportingRun(
                source=source,
                publish=options["publish"],
                basis=options["basis"],
                keep_authors=options["keep_authors"],
                strict=options["strict"],
                tell=self._tell,
            )
            try:
                counts = run.run(stream)
            except StoppedAtBadLine as stopped:
                raise CommandError(f"stopped at {stopped}. Correct the line and run the same command again.") from stopped
        if counts.created and options["publish"] and not options["no_index"]:
            self._index(run.topics_before)
        self.stdout.write(
            f"read={counts.read} new={counts.created} updated={counts.updated} unchanged={counts.unchanged}"
            f" refused={counts.refused} posts={counts.posts}"
        )

    def _index(self, topics_before: int) -> None:
        """Write new topics to the search index; where that cannot be, say what to do: the posts themselves are stored. Updates have their jobs."""
        self.stderr.write("bringing the search index up to date")
        try:
            append(TOPIC, topics_before)
        except EngineUnavailable as error:
            self.stderr.write(f"the search index waits ({error}): run `manage.py rebuild_index`, or leave it to the nightly check")

    @staticmethod
    def _keep_memory_flat() -> None:
        """Do without the file mapping of SQLite: its pages count as memory of this process, more of them with every batch."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA mmap_size=0")

    def _tell(self, text: str) -> None:
        self.stderr.write(text)

    @staticmethod
    def _open(name: str) -> Any:
        if name == "-":
            source: IO[bytes] = sys.stdin.buffer
            return nullcontext(source)
        try:
            return Path(name).open("rb")
        except OSError as error:
            raise CommandError(f"cannot read {name}: {error.strerror}") from error
