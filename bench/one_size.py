"""Measures every step of bench/steps on the grown database of N posts and prints the figures as JSON; bench/growth starts it."""

import json
import os
import time

from bench.databases import use

if __name__ == "__main__":
    use(int(os.environ["N"]))

from django.conf import settings
from django.db import connection

from bench.growth import REPEATS, WORST, Figures, timed
from bench.plans import asked, faults
from bench.steps import Site


def measure_here() -> Figures:
    """Measure every step on the database in use."""
    # What a process reads once a second or a minute must not fall into a step.
    settings.GENERATION_SECONDS = settings.COUNTRIES_REFRESH_SECONDS = 3600
    settings.ALLOWED_HOSTS = ["*"]
    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    site, found = Site(), {}
    for name, work in site.steps().items():
        work()
        statements = asked(work)
        found[name] = {"queries": len(statements), "ms": timed(work, clock, REPEATS), "faults": faults(statements)}
    lists = site.lists()
    for work in lists.values():
        work()
    slowest = max((timed(work, clock, 4), name) for name, work in lists.items())
    wrong = [fault for work in lists.values() for fault in faults(asked(work))]
    most = max(len(asked(work)) for work in lists.values())
    found[WORST.format(len(lists))] = {"queries": most, "ms": slowest[0], "faults": wrong, "which": slowest[1]}
    return found


if __name__ == "__main__":
    print(json.dumps(measure_here()))
