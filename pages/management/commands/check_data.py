"""`manage.py check_data`: does everything hold that must, between rows that no constraint can compare?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crisis.invariants import notice_faults
from forum.invariants import heal_topic, topic_faults
from forum.models import Topic
from moderation.invariants import review_faults
from moderation.models import ReviewItem

MOST_LISTED = 50


class Command(BaseCommand):
    help = "Verify the invariants of content, review and notices. Prints faults, then one line of figures; exit code 1 on a fault that remains."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read --heal."""
        parser.add_argument("--heal", action="store_true", help="write counters and list rows anew where they differ: both follow from approved rows")

    def handle(self, *args: Any, heal: bool, **options: Any) -> None:
        """Look at everything once."""
        lines, healed = [], 0
        for fault in topic_faults():
            if heal and heal_topic(fault):
                healed += 1
            else:
                lines.append(str(fault))
        lines += [*review_faults(), *notice_faults()]
        for line in lines[:MOST_LISTED]:
            self.stdout.write(line)
        if len(lines) > MOST_LISTED:
            self.stdout.write(f"{len(lines) - MOST_LISTED} more")
        figures = {"topics": Topic.objects.count(), "items": ReviewItem.objects.count(), "faults": len(lines), "healed": healed}
        self.stdout.write("check_data " + " ".join(f"{name}={number}" for name, number in figures.items()))
        if lines:
            raise SystemExit(1)
