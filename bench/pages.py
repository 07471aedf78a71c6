"""What each reader page costs: bytes, requests, EDGE seconds, queries, answers a second and processor time, beside a bare Django view.

    make bench-pages            on the demonstration database of `make run` (DATA_DIR), or DATABASE_URL
    make bench-pages DATA_DIR=var/bench-20000       on a grown one
    make bench-pages ARGS="--processes 1 --seconds 2"

As many server processes as cores, the load generator beside them. A parameter that no page knows keeps an answer out of the anonymous
cache, so both figures come from one server. A figure that misses its bar (PERFORMANCE.md, "Our bars") carries a mark.
"""

import argparse
import http.client
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SEARCH_LIMIT_ADDRESS", "")
    if not Path(os.environ.get("DATA_DIR", "var"), "run.env").is_file():  # a grown database has none; `make run` writes one
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
    django.setup()

from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from bench.edge import COLD_ROUND_TRIPS, WARM_ROUND_TRIPS, edge_seconds
from bench.load import Load, Server, run, server
from countries import directory
from forum.models import ForumListing, Topic

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# The countries' index is no page that anybody needs on EDGE: the home page and the search lead to a country without it.
PAGES = ("home", "country", "list", "topic", "search", "countries")
MOST_QUERIES = {"home": 8, "country": 8, "list": 5, "topic": 5, "search": 3, "countries": 8}
# (answers a second, processor milliseconds, p95) of an uncached page.
FRESH_BARS = {"topic": (260.0, 7.5, float("inf")), "search": (100.0, float("inf"), 150.0)}
KEPT_BAR = (2_000.0, 1.0)
MOST_BYTES, MOST_CSS_BYTES, MOST_REQUESTS = 14_000, 10_500, 2
COLD_SECONDS, WARM_SECONDS = 3.1, 1.1
READS = re.compile(r"^\(*(SELECT|INSERT|UPDATE|DELETE|WITH)", re.IGNORECASE)
# Whatever a browser would fetch besides the page itself.
FETCHED = re.compile(r"<script[^>]+src=|<link[^>]+rel=[\"']?(?:stylesheet|preload)|<img[^>]+src=(?![\"']?data:)|<iframe", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line of the table. `size`: compressed bytes of a first answer, the most of the four languages."""

    name: str
    size: int
    css: int
    requests: int
    queries: int
    fresh: Load
    kept: Load


def addresses(language: str) -> dict[str, str]:
    """Return the reader pages in one language: the topic with most replies, its country. Exits where there is nothing to read."""
    try:
        topic = Topic.objects.published().filter(visibility="public", gone_at=None).order_by("-reply_count", "pk").first()
    except DatabaseError:
        topic = None
    if topic is None:
        raise SystemExit("No published topic here. Run `make run` once, or `make bench-grow N=2000` and then with DATA_DIR=var/bench-2000.")
    code = ForumListing.objects.exclude(country_code="").filter(topic=topic).values_list("country_code", flat=True).first()
    with override(language):
        return {
            "home": reverse("home"),
            "country": reverse("country", args=[directory.entry(code or "PE").slug(language)]),
            "list": reverse("topic_list"),
            "topic": reverse("topic", args=[topic.public_id, topic.slug]),
            "search": reverse("search") + "?q=bus",
            "countries": reverse("country_list"),
        }


def uncached(path: str) -> str:
    """Return the address with a parameter that no page knows: it is answered, but not kept."""
    return path + ("&" if "?" in path else "?") + "uncached=1"


def queries(path: str) -> int:
    """Return how many statements an uncached request needs, the process being warm."""
    client = Client(headers={"host": "localhost"})
    client.get(uncached(path))
    with CaptureQueriesContext(connection) as captured:
        client.get(uncached(path))
    return sum(1 for query in captured.captured_queries if READS.match(query["sql"]))


def fetch(target: Server, path: str, coding: str) -> bytes:
    """Return the body of an uncached answer. Exits when it is no page."""
    link = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
    link.request("GET", uncached(path), headers={"Host": f"localhost:{target.port}", "Accept-Encoding": coding})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return body


def measure(target: Server, name: str, paths: dict[str, str], options: argparse.Namespace) -> Row:
    """Measure one page; `paths` by language."""
    path = paths[options.language]
    page = fetch(target, path, "identity").decode()
    css = sum(len(block) for block in re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    return Row(
        name=name,
        size=max(len(fetch(target, each, "br")) for each in paths.values()),
        css=css,
        requests=1 + len(FETCHED.findall(page)),
        queries=queries(path),
        fresh=run(target, uncached(path), connections=options.connections, seconds=options.seconds),
        kept=run(target, path, connections=options.connections, seconds=options.seconds),
    )


def marked(words: str, missed: bool) -> str:
    """Return a figure, with a mark when it misses its bar."""
    return f"**{words}** !" if missed else words


def line(row: Row, floor: Load) -> str:
    """Return one line of the table."""
    cold, warm = (edge_seconds(row.size, round_trips=trips) for trips in (COLD_ROUND_TRIPS, WARM_ROUND_TRIPS))
    least, most_ms, most_p95 = FRESH_BARS.get(row.name, (0.0, float("inf"), float("inf")))
    fresh, kept = row.fresh, row.kept
    cells = (
        row.name,
        marked(f"{row.size:,}", row.size > MOST_BYTES),
        marked(f"{row.css:,}", row.css > MOST_CSS_BYTES),
        marked(str(row.requests), row.requests > MOST_REQUESTS),
        marked(f"{cold:.2f} / {warm:.2f} s", cold > COLD_SECONDS or (warm > WARM_SECONDS and row.name != "countries")),
        marked(str(row.queries), row.queries > MOST_QUERIES[row.name]),
        marked(f"{fresh.per_second:,.0f}, {fresh.p95_ms:.0f} ms", fresh.per_second < least or fresh.p95_ms > most_p95),
        marked(f"{fresh.cpu_ms:.1f}", fresh.cpu_ms > most_ms),
        f"{floor.per_second / max(fresh.per_second, 0.1):.0f}",
        marked(f"{kept.per_second:,.0f}", kept.per_second < KEPT_BAR[0]),
        marked(f"{kept.cpu_ms:.2f}", kept.cpu_ms > KEPT_BAR[1]),
    )
    return f"| {' | '.join(cells)} |"


def table(rows: list[Row], floor: Load) -> list[str]:
    """Return the lines to print."""
    titles = ("page", "bytes (brotli)", "CSS raw", "requests", "EDGE cold / warm", "queries", "uncached a second, p95", "CPU ms", "floor ÷ page",
              "from the anonymous cache", "CPU ms")  # fmt: skip
    lines = [f"floor, a bare Django view: {floor.per_second:,.0f} a second, p95 {floor.p95_ms:.1f} ms, {floor.cpu_ms:.2f} ms CPU", ""]
    lines += [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *(line(row, floor) for row in rows)]
    lines += [f"{row.name}: {row.fresh.bad + row.kept.bad} answers were errors" for row in rows if row.fresh.bad or row.kept.bad]
    return lines


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--language", choices=LANGUAGES, default="fr")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    return parser.parse_args(arguments)


def main() -> None:
    """Print the table."""
    options = options_of()
    by_language = {language: addresses(language) for language in LANGUAGES}
    with server("bench.floor:application", processes=options.processes) as target:
        floor = run(target, "/", connections=options.connections, seconds=options.seconds)
    with server("config.wsgi:application", processes=options.processes) as target:
        paths = {name: {language: by_language[language][name] for language in LANGUAGES} for name in options.pages}
        rows = [measure(target, name, each, options) for name, each in paths.items()]
    print(f"{options.processes} server processes, {options.connections} connections, {os.cpu_count()} cores with the load generator on them")
    print("\n".join(table(rows, floor)))


if __name__ == "__main__":
    main()
