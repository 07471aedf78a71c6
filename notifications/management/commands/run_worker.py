"""`manage.py run_worker`: does the jobs and the periodic work of the site."""

import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from notifications.worker import LeaseWorker


def new_worker_id() -> str:
    """Return a name that no other worker ever had, readable in a list."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{get_random_string(12)}"


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C, which let the present task end; a second one gives the task back at once."""

    help = "Do the jobs (index, mails) and the periodic work. Run one or more of it beside the web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between two looks at an empty queue (default 0.5)")
        parser.add_argument("--batch", action="store_true", help="do everything that is due now, then end")
        parser.add_argument("--max-tasks", type=int, default=None, help="end after so many tasks")
        parser.add_argument("--no-sweeps", action="store_true", help="leave the periodic work to other workers")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = LeaseWorker(
            queue_names=["*"],
            interval=options["interval"],
            batch=options["batch"],
            backend_name="default",
            startup_delay=False,
            max_tasks=options["max_tasks"],
            worker_id=new_worker_id(),
            excluded_queue_names=[],
            sweeps=not options["no_sweeps"],
        )
        worker.configure_signals()
        worker.run()
