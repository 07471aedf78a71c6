"""What each reader page costs: bytes, requests, EDGE seconds, queries, and answers a second against a bare Django view on the same server.

    make bench-pages            on the demonstration database of `make run` (DATA_DIR), or DATABASE_URL
    python -m bench.pages --seconds 4 --connections 8

A parameter that no page knows keeps an answer out of the anonymous cache, so both figures come from one server.
"""

import argparse
import http.client
import os
import re
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.translation import override  # noqa: E402

from bench.edge import COLD_ROUND_TRIPS, WARM_ROUND_TRIPS, edge_seconds  # noqa: E402
from bench.load import Load, run, server  # noqa: E402
from forum.models import ForumListing, Topic  # noqa: E402

# PERFORMANCE.md, "Our bars".
MOST_BYTES = 14_000
MOST_CSS_BYTES = 10_500
MOST_QUERIES = {"home": 8, "country": 8, "list": 5, "topic": 5, "search": 3}
WRITES = re.compile(r"^(SELECT|INSERT|UPDATE|DELETE|WITH)", re.IGNORECASE)
# Whatever a browser would fetch besides the page itself.
FETCHED = re.compile(r"<script[^>]+src=|<link[^>]+rel=[\"']?stylesheet|<img[^>]+src=[\"']?(?!data:)|<iframe", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    size: int
    css: int
    requests: int
    queries: int
    fresh: Load
    kept: Load


def addresses(language: str) -> dict[str, str]:
    """Return the reader pages in one language, with the topic that has most replies."""
    with override(language):
        topic = Topic.objects.published().filter(visibility="public", gone_at=None).order_by("-reply_count", "pk").first()
        if topic is None:
            raise SystemExit("No published topic here. Run `make run` once, or `make bench-grow N=2000`.")
        code = ForumListing.objects.exclude(country_code="").filter(topic=topic).values_list("country_code", flat=True).first()
        from_code = http_location(f"/c/{(code or 'PE').lower()}", language)
        return {
            "home": reverse("home"),
            "country": from_code,
            "list": reverse("topic_list"),
            "topic": reverse("topic", args=[topic.public_id, topic.slug]),
            "search": reverse("search") + "?q=bus",
        }


def http_location(path: str, language: str) -> str:
    """Return where a short address leads to."""
    return str(Client(headers={"accept-language": language, "host": "localhost"}).get(path).headers["Location"])


def queries(path: str) -> int:
    """Return how many statements an uncached request needs, the process being warm."""
    client = Client(headers={"host": "localhost"})
    joined = path + ("&" if "?" in path else "?") + "uncached=1"
    client.get(joined)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(joined)
    return sum(1 for query in captured.captured_queries if WRITES.match(query["sql"]))


def fetch(port: int, path: str) -> tuple[int, str]:
    """Return compressed bytes with headers left out, and the plain page."""
    sizes = {}
    for coding in ("br", "identity"):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(4):  # the cache compresses better what is asked for again
            link.request("GET", path, headers={"Host": f"localhost:{port}", "Accept-Encoding": coding})
            answer = link.getresponse()
            body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        sizes[coding] = body
    return len(sizes["br"]), sizes["identity"].decode()


def measure(port: int, name: str, path: str, options: argparse.Namespace) -> Row:
    """Measure one page."""
    size, page = fetch(port, path)
    css = sum(len(block) for block in re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    uncached = path + ("&" if "?" in path else "?") + "uncached=1"
    fresh = run(port, uncached, connections=options.connections, seconds=options.seconds)
    kept = run(port, path, connections=options.connections, seconds=options.seconds)
    return Row(name, size, css, 1 + len(FETCHED.findall(page)), queries(path), fresh, kept)


def table(rows: list[Row], floor: Load) -> list[str]:
    """Return the lines to print; a figure over its bar carries a mark."""
    lines = [f"floor: bare Django view {floor.per_second:.0f}/s, p95 {floor.p95_ms:.1f} ms", ""]
    lines.append("| page | bytes (br) | CSS raw | requests | EDGE cold / warm | queries | uncached: floor ÷ page, p95 | cached: floor ÷ page |")
    lines.append("|---|---|---|---|---|---|---|---|")
    for row in rows:
        over = "!" if row.size > MOST_BYTES or row.css > MOST_CSS_BYTES or row.requests > 2 or row.queries > MOST_QUERIES[row.name] else ""
        cold, warm = edge_seconds(row.size, round_trips=COLD_ROUND_TRIPS), edge_seconds(row.size, round_trips=WARM_ROUND_TRIPS)
        lines.append(
            f"| {row.name}{over} | {row.size} | {row.css} | {row.requests} | {cold:.2f} / {warm:.2f} s | {row.queries} "
            f"| {floor.per_second / max(row.fresh.per_second, 0.1):.1f} ({row.fresh.per_second:.0f}/s), {row.fresh.p95_ms:.0f} ms "
            f"| {floor.per_second / max(row.kept.per_second, 0.1):.1f} ({row.kept.per_second:.0f}/s) |"
        )
        if row.fresh.bad or row.kept.bad:
            lines.append(f"  {row.name}: {row.fresh.bad + row.kept.bad} answers were errors")
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--language", default="fr")
    options = parser.parse_args()
    with server("bench.floor:application") as port:
        floor = run(port, "/", connections=options.connections, seconds=options.seconds)
    with server("config.wsgi:application") as port:
        rows = [measure(port, name, path, options) for name, path in addresses(options.language).items()]
    print("\n".join(table(rows, floor)))


if __name__ == "__main__":
    main()
