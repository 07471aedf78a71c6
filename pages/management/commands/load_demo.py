"""`manage.py load_demo`: the demonstration's people, crises, notices and topics, dated back from now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages.demo.loading import DatabaseInUse, load_demo, remove_demo
from pages.demo.signins import sign_ins_path


class Command(BaseCommand):
    help = "Load the demonstration content; a second call changes nothing. --fresh takes it out first, so that its dates are of today again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read --fresh."""
        parser.add_argument("--fresh", action="store_true", help="remove what is loaded first")

    def handle(self, *args: Any, fresh: bool, **options: Any) -> None:
        """Load and print one line of figures."""
        try:
            if fresh:
                remove_demo()
            loaded = load_demo()
        except DatabaseInUse as error:
            raise CommandError(
                "This database has people or topics that the demonstration did not make. Use an empty one (another DATA_DIR), or DEMO=0."
            ) from error
        if loaded.fresh:
            figures = f"people={loaded.people} topics={loaded.topics} posts={loaded.posts} notices={loaded.notices}"
            self.stdout.write(f"demonstration loaded: {figures}")
        else:
            self.stdout.write("demonstration: loaded already")
        self.stdout.write(f"sign-ins: {sign_ins_path()}")
