"""Does the site stay as fast when it grows? The same steps on databases of 1,000, 20,000 and 100,000 posts (and N, if that is more).

    make bench-growth                  fills what is missing (bench/grow), measures each in a process of its own, three times in turn
    make bench-growth N=1000000        by hand: the bars are at a million
    DATABASE_URL=… make bench-growth   on PostgreSQL

Prints queries, milliseconds at the smallest size, and for each larger one the ratio to it in the same run; then every statement whose plan reads
a growing table from end to end. Milliseconds are of the processor on SQLite, whose work is all in this process, and of the clock on PostgreSQL.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

SIZES = [1_000, 20_000, 100_000]
ROUNDS = 3
REPEATS = 25
WORST = "worst of {} lists"

Figures = dict[str, dict[str, Any]]


def timed(work: Callable[[], Any], clock: Callable[[], float], repeats: int) -> float:
    """Return the milliseconds of a piece of work: the lower quartile, which neighbours on the machine disturb least."""
    times = []
    for _ in range(repeats):
        began = clock()
        work()
        times.append((clock() - began) * 1000)
    return statistics.quantiles(times, n=4)[0]


def measure(posts: int) -> Figures:
    """Measure in a process of its own (bench/one_size): caches of one size must not help another."""
    command = [sys.executable, "-m", "bench.one_size"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"N": str(posts)})
    return dict(json.loads(done.stdout.splitlines()[-1]))


def best_of(runs: list[Figures]) -> Figures:
    """Return the figures with the shortest time of each step."""
    return {name: min((run[name] for run in runs), key=lambda row: row["ms"]) for name in runs[0]}


def table(figures: dict[int, Figures]) -> list[str]:
    """Return the lines to print."""
    first, *others = figures
    lines = [f"| step | queries | ms at {first:,} | {' | '.join(f'{size:,}' for size in others)} |", f"|{'---|' * (3 + len(others))}"]
    for name, row in figures[first].items():
        counts = sorted({run[name]["queries"] for run in figures.values()})
        ratios = " | ".join(f"{figures[size][name]['ms'] / row['ms']:.2f}" for size in others)
        lines.append(f"| {name} | {'–'.join(map(str, counts))} | {row['ms']:.1f} | {ratios} |")
    wrong = {f"{size:,} {name}: {fault}" for size, run in figures.items() for name, row in run.items() for fault in row["faults"]}
    return [*lines, "", *(sorted(wrong) or ["No statement reads a growing table from end to end."])]


def main() -> None:
    """Fill what is missing, measure in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    sizes = sorted({size for size in SIZES if size <= int(os.environ.get("N", "100000"))} | {int(os.environ.get("N", "100000"))})
    for size in sizes:
        subprocess.run([sys.executable, "-m", "bench.grow"], check=True, env=os.environ | {"N": str(size)}, stdout=sys.stderr)
    runs: dict[int, list[Figures]] = {size: [] for size in sizes}
    for _ in range(options.rounds):
        for size in sizes:
            runs[size].append(measure(size))
    print("\n".join(table({size: best_of(found) for size, found in runs.items()})))


if __name__ == "__main__":
    main()
