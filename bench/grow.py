"""Fills a database of its own with N consistent posts through the importer, and says how fast and in how much memory.

    make bench-grow N=100000          kept in $DATA_DIR/bench-N and used again by the next call
    N=2000 python -m bench.grow

A quarter of the posts are topics, the rest replies; one topic in ten waits for review. Words come from a fixed seed: every run makes the same rows.
"""

import io
import json
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

POSTS = int(os.environ.get("N", "100000"))
FOLDER = Path(os.environ.get("DATA_DIR", "var")).resolve() / f"bench-{POSTS}"
os.environ |= {"DATA_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING", "DEMO": "0"}
os.environ.setdefault("SECRET_KEY", "bench-" + "x" * 64)

django.setup()

from django.core.management import call_command  # noqa: E402

from pages.importing.running import ImportingRun  # noqa: E402

START = datetime.now(UTC) - timedelta(days=60)
PLACES = ["Lima", "Cusco", "Bangkok", "Rabat", "Dakar", "Nairobi", "Beirut", "Delhi", "Manila", "Quito", "Tokyo", "Kinshasa"]
COUNTRIES = ["PE", "TH", "MA", "SN", "KE", "LB", "IN", "PH", "EC", "JP", "CD", "BO", "ES", "TR", "BJ", "CO", "VN", "AR"]
NEEDS = ["borders", "flights", "visa", "money", "medicine", "shelter", "transport", "telecom", "documents", "insurance"]
WORDS = {
    "fr": [
        "le",
        "bus",
        "part",
        "vers",
        "six",
        "heures",
        "du",
        "terminal",
        "il",
        "faut",
        "de",
        "l’eau",
        "un",
        "passeport",
        "et",
        "de",
        "la",
        "monnaie",
        "la",
        "route",
        "reste",
        "ouverte",
        "jusqu’au",
        "soir",
    ],
    "nl": [
        "de",
        "bus",
        "vertrekt",
        "om",
        "zes",
        "uur",
        "aan",
        "het",
        "station",
        "neem",
        "water",
        "een",
        "paspoort",
        "en",
        "kleingeld",
        "mee",
        "de",
        "weg",
        "blijft",
        "open",
        "tot",
        "de",
        "avond",
    ],
    "de": [
        "der",
        "Bus",
        "faehrt",
        "um",
        "sechs",
        "Uhr",
        "am",
        "Bahnhof",
        "ab",
        "Wasser",
        "Pass",
        "und",
        "Kleingeld",
        "mitnehmen",
        "die",
        "Strasse",
        "bleibt",
        "bis",
        "zum",
        "Abend",
        "offen",
    ],
    "en": [
        "the",
        "bus",
        "leaves",
        "at",
        "six",
        "from",
        "the",
        "terminal",
        "bring",
        "water",
        "a",
        "passport",
        "and",
        "small",
        "change",
        "the",
        "road",
        "stays",
        "open",
        "until",
        "the",
        "evening",
    ],
}


def sentence(rng: random.Random, language: str, length: int) -> str:
    """Return words of one language in a random order with a random number, so that texts differ."""
    return " ".join(rng.choices(WORDS[language], k=length)) + f" {rng.randrange(10_000)}."


def lines(posts: int) -> Iterator[bytes]:
    """Return import lines that hold `posts` posts together."""
    rng, made, number = random.Random(1), 0, 0
    while made < posts:
        language = rng.choices(list(WORDS), weights=[40, 40, 5, 15])[0]
        replies = min(posts - made - 1, rng.choice([0, 1, 2, 3, 4, 8]))
        at = START + timedelta(seconds=rng.randrange(59 * 86_400))
        yield (
            json.dumps(
                {
                    "external_id": f"grow-{number}",
                    "kind": rng.choices(["tip", "question", "offer"], weights=[7, 2, 1])[0],
                    "language": language,
                    "title": f"{rng.choice(PLACES)}: {sentence(rng, language, 6)}"[:140],
                    "body": sentence(rng, language, 60),
                    "countries": rng.sample(COUNTRIES, rng.choice([1, 1, 1, 2])),
                    "place": rng.choice(PLACES),
                    "needs": rng.sample(NEEDS, rng.choice([1, 1, 2])),
                    "status": "pending" if number % 10 == 9 else "published",
                    "created_at": at.isoformat(),
                    "author": {"pseudonym": f"writer {number % 997}"},
                    "replies": [
                        {
                            "external_id": f"grow-{number}-{i}",
                            "body": sentence(rng, language, 25),
                            "language": language,
                            "status": "published",
                            "created_at": (at + timedelta(minutes=7 * (i + 1))).isoformat(),
                            "author": {"pseudonym": f"writer {(number + i) % 997}"},
                        }
                        for i in range(replies)
                    ],
                }
            ).encode()
            + b"\n"
        )
        made += 1 + replies
        number += 1


class LineStream(io.RawIOBase):
    """The lines as a binary stream, made while they are read: memory must not grow with N."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[bytes]:  # type: ignore[override]
        return self._source

    def readline(self, size: int | None = -1, /) -> bytes:
        return next(self._source, b"")


def grow(posts: int, folder: Path) -> str:
    """Make the database of `posts` posts in `folder` unless it is there; returns the line to print."""
    done = folder / "grown"
    if done.exists():
        return done.read_text()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("load_reference", verbosity=0)
    call_command("ensure_site", verbosity=0)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    run = ImportingRun(source="grow", publish=True, basis="bench", keep_authors=True, strict=True, tell=lambda text: print(text, file=sys.stderr))
    counts = run.run(LineStream(lines(posts)))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    call_command("rebuild_index", verbosity=0)
    indexed = time.perf_counter() - start - seconds
    line = (
        f"{counts.posts} posts in {seconds:.0f} s: {counts.posts / seconds:.0f} posts/s, {(peak - base) / 1024:.0f} MB more at most"
        f" (process {peak / 1024:.0f} MB); index in {indexed:.0f} s"
    )
    done.write_text(line)
    return line


def main() -> None:
    """Grow, and print what it took."""
    print(grow(POSTS, FOLDER))


if __name__ == "__main__":
    main()
