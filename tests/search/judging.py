"""Judged queries of our own: as stranded travellers type them, against the texts of the demonstration.

`judged.csv`: the reader's language, what is typed (misspelt, without accents, in a language mix), and the texts that answer it, any of them.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forum.texts import plain, render
from pages.demo.content import read_content
from search.documents import OFFICIAL, TOPIC, SearchDocument, SearchQuery
from search.engines.base import Engine
from search.services.finding import understand_places

TABLE = Path(__file__).parent / "judged.csv"
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOURS = {"h": 1, "d": 24, "w": 168}


@dataclass(frozen=True)
class Judged:
    language: str
    query: str
    wanted: tuple[str, ...]


def read_judged() -> list[Judged]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Judged(row["language"], row["query"], tuple(row["wanted"].split())) for row in csv.DictReader(file)]


def _published(age: str) -> int:
    return int(NOW.timestamp()) - int(age[:-1]) * HOURS[age[-1]] * 3600


def _topic(pk: int, row: dict[str, Any]) -> SearchDocument:
    texts = [row["body"], *(reply["body"] for reply in row["replies"] if reply["status"] == "published")]
    published = _published(row["age"])
    return SearchDocument(
        TOPIC,
        pk,
        f"T{pk:05d}",
        1,
        row["title"],
        "\n".join(plain(render(text)) for text in texts),
        row["language"],
        external_id=row["external_id"],
        countries=tuple(row["countries"]),
        place=row["place"],
        needs=tuple(row["needs"]),
        kind=row["kind"],
        published_at=published,
        check_from=published + 7 * 86_400,
        stale_from=published + 14 * 86_400,
    )


def _notice(pk: int, row: dict[str, Any]) -> SearchDocument:
    texts = {code: (text["title"], "\n".join(text[part] for part in ("known", "unknown", "doing"))) for code, text in row["texts"].items()}
    title, body = texts.pop("fr")
    return SearchDocument(
        OFFICIAL,
        pk,
        f"N{pk:05d}",
        1,
        title,
        body,
        "fr",
        external_id=row["key"],
        source="notice",
        countries=(row["country"],) if row["country"] else (),
        published_at=_published(row["approved_age"]),
        translations=tuple((code, *text) for code, text in sorted(texts.items())),
    )


def demo_documents() -> Iterator[SearchDocument]:
    """The published texts of the demonstration, as the search would index them."""
    content = read_content()
    yield from (_topic(pk, row) for pk, row in enumerate(content.topics, 1) if row["status"] == "published")
    yield from (_notice(pk, row) for pk, row in enumerate(content.notices, 1) if row["status"] == "published")


def load(engine: Engine) -> Engine:
    """Fill an engine with them."""
    engine.prepare()
    engine.index(demo_documents())
    engine.activate()
    engine.refresh()
    return engine


def ranking(engine: Engine, row: Judged, limit: int = 10) -> list[str]:
    """What the engine finds for a row, as keys of the demonstration."""
    query = SearchQuery(row.query, row.language, limit=limit, with_facets=False)
    hints = tuple(meaning.hint for meaning in understand_places(query.words, row.language))
    query = SearchQuery(row.query, row.language, places=hints, limit=limit, with_facets=False)
    return [hit.document.external_id for hit in engine.search(query, now=NOW).hits]


def place_of(row: Judged, found: list[str]) -> int:
    """At which place (from 1) the first wanted text stands; 0 when none is there."""
    return next((place for place, key in enumerate(found, 1) if key in row.wanted), 0)


def mean_reciprocal(engine: Engine, rows: list[Judged], search: Callable[[Engine, Judged], list[str]] = ranking) -> float:
    """The mean of 1 / place over the rows."""
    places = [place_of(row, search(engine, row)) for row in rows]
    return sum(1 / place for place in places if place) / len(places)
