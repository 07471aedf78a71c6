"""`manage.py dead_letters`: lists the jobs that nobody tries any more, gives them another chance, or drops them."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django_tasks_db.models import DBTaskResult

from notifications.services.queue import dead_letters, revive


class Command(BaseCommand):
    """Exit code 1 when there are dead letters, so that a monitor can call it."""

    help = "List jobs that failed for good; --retry ID or --retry all tries again, --drop ID deletes one, --trace shows why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="ID")
        parser.add_argument("--drop", metavar="ID")
        parser.add_argument("--trace", action="store_true", help="with the traceback of each")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["retry"]:
                self._retry(options["retry"])
            elif options["drop"]:
                self._drop(options["drop"])
            else:
                self._list(with_trace=options["trace"])
        except ValidationError as error:
            raise CommandError("This is not the id of a job.") from error

    def _retry(self, wanted: str) -> None:
        ids = [str(row.pk) for row in dead_letters()] if wanted == "all" else [wanted]
        done = sum(revive(pk) for pk in ids)
        if not done and wanted != "all":
            raise CommandError(f"No dead letter {wanted}.")
        self.stdout.write(f"{done} queued again")

    def _drop(self, wanted: str) -> None:
        if not DBTaskResult.objects.failed().filter(pk=wanted).delete()[0]:
            raise CommandError(f"No dead letter {wanted}.")
        self.stdout.write("1 dropped")

    def _list(self, *, with_trace: bool) -> None:
        rows = list(dead_letters())
        for row in rows:
            at = row.finished_at.isoformat(timespec="seconds") if row.finished_at else ""
            self.stdout.write(f"{row.pk}  {at}  {row.task_path}{tuple(row.args_kwargs['args'])}  {row.exception_class_path}")
            if with_trace:
                self.stdout.write(row.traceback)
        self.stdout.write(f"{len(rows)} dead")
        if rows:
            raise SystemExit(1)
