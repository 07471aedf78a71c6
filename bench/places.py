"""How long resolve_place takes and how much memory it keeps: `python -m bench.places` (on the site's own database).

Texts are the rows of the place table, as typed in a search box, and paragraphs of 60 and 200 words made of them."""

import csv
import os
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

import django
from django.core.management import call_command

os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from countries.places import resolve_place  # noqa: E402 - Django must be set up first

TABLE = Path(__file__).resolve().parent.parent / "tests" / "countries" / "place_cases.csv"
LIMIT_MS = 5.0
LIMIT_MB = 20.0
# So many calls of each kind of text at least, so that one pause of the machine is no percentile.
CALLS = 400


def texts() -> dict[str, list[tuple[str, str]]]:
    """Texts with their language, by kind of text."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    short = [(row["text"], row["language"]) for row in csv.DictReader(lines)]
    words = " ".join(text for text, _ in short).split()
    paragraphs = {size: [(" ".join(words[at : at + size]), "fr") for at in range(0, len(words) - size, size)] for size in (60, 200)}
    return {"query": short, "60 words": paragraphs[60], "200 words": paragraphs[200]}


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    tracemalloc.start()
    resolve_place("Kaboul", "fr")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    passed = kept / 1e6 <= LIMIT_MB
    print(f"memory kept by directory, name index and guard: {kept / 1e6:.1f} MB (limit {LIMIT_MB:.0f})")
    for kind, cases in texts().items():
        taken = []
        for text, language in cases * (CALLS // len(cases) + 1):
            begin = time.perf_counter()
            resolve_place(text, language)
            taken.append((time.perf_counter() - begin) * 1_000)
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        passed = passed and p95 <= LIMIT_MS
        print(f"{kind}: {len(taken)} calls, p50 {p50:.2f} ms, p95 {p95:.2f} ms, worst {max(taken):.2f} ms")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
