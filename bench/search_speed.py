"""Index time, index size, and the time of a search with N generated posts, per engine.

    python -m bench.search_speed [--posts N] [--engine tantivy|elasticsearch|database] [--queries 300] [--table]

Posts are made of words of this field in four languages with the frequencies of real texts (a few words very often, most rarely), so that
posting lists have their real lengths. Prints p50 and p95 of a whole search (plan, engine, order, highlights of one page), and of the processor
time of this process in it, which a busy machine disturbs less.
"""

import argparse
import csv
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.databases import use_for_engines

if __name__ == "__main__":
    use_for_engines()

from bench.engines import make_engine
from search.documents import Filters, SearchDocument, SearchQuery
from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine
from search.lexicon import LANGUAGES, lexicon
from search.thesaurus import PATH as THESAURUS

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
NOW_SECONDS = int(NOW.timestamp())
COUNTRIES = ("PE", "AF", "BO", "EG", "TH", "MA", "US", "CD", "IL", "UA", "TR", "KE", "IN", "MX", "VN", "LB")
NEEDS = ("flights", "borders", "visa", "medicine", "shelter", "money", "transport", "documents")
SHARES = (40, 40, 5, 15)
SEED = 20


def vocabulary(language: str, chance: random.Random) -> tuple[list[str], list[float]]:
    """The words of a language with Zipf's weights: small words first, then terms of the thesaurus, then 30,000 made names."""
    with THESAURUS.open(encoding="utf-8", newline="") as file:
        terms = [word for row in csv.DictReader(file) for part in row[language].split("|") for word in part.split()]
    chance.shuffle(terms)
    made = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(4, 11))) for _ in range(30_000)]
    words = [*sorted(lexicon(language).stop), *dict.fromkeys(terms), *made]
    return words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))


def posts(count: int) -> Iterator[SearchDocument]:
    """`count` posts of 20 to 120 words, 40 % nl, 40 % fr, 5 % de, 15 % en; the same ones at every run."""
    chance = random.Random(SEED)
    words = {language: vocabulary(language, chance) for language in LANGUAGES}
    languages = dict(zip(("nl", "fr", "de", "en"), SHARES, strict=True))
    for number in range(count):
        language = chance.choices(list(languages), weights=list(languages.values()))[0]
        listed, weights = words[language]
        text = chance.choices(listed, cum_weights=weights, k=chance.randint(20, 120))
        published = NOW_SECONDS - chance.randint(0, 90 * 86_400)
        yield SearchDocument(
            "topic",
            number,
            f"{number:06d}",
            1,
            " ".join(text[:6]),
            " ".join(text[6:]),
            language,
            countries=(chance.choice(COUNTRIES),),
            needs=(chance.choice(NEEDS),),
            kind=chance.choice(("tip", "tip", "offer", "question")),
            published_at=published,
            check_from=published + 86_400,
            stale_from=published + 3 * 86_400,
            confirmed_count=chance.choice((0, 0, 0, 1, 3)),
        )


def queries(count: int) -> Iterator[SearchQuery]:
    """One to four words of the field, a third of them with a country, a fifth in a language that the reader does not read."""
    chance = random.Random(SEED + 1)
    with THESAURUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for _ in range(count):
        language = chance.choice(LANGUAGES)
        text = " ".join(chance.choice(row[language].split("|")) for row in chance.sample(rows, chance.choice((1, 1, 2, 2, 3, 4))))
        reader = language if chance.random() < 0.8 else chance.choice(LANGUAGES)
        countries = (chance.choice(COUNTRIES),) if chance.random() < 0.33 else ()
        yield SearchQuery(text, reader, filters=Filters(countries=countries))


def size_of(engine: Engine) -> int:
    """Bytes on disk; 0 where the engine can't say."""
    if isinstance(engine, TantivyEngine):
        return sum(path.stat().st_size for path in engine.path.rglob("*") if path.is_file())
    if isinstance(engine, ElasticsearchEngine):
        engine.writing.indices.flush(index=engine.index_name)
        stats = engine.writing.indices.stats(index=engine.index_name, metric="store")
        return int(stats["indices"][engine.index_name]["total"]["store"]["size_in_bytes"])
    return 0


def timed(engine: Engine, asked: list[SearchQuery]) -> tuple[list[float], list[float], int]:
    """Milliseconds and processor milliseconds of each search after a warm-up, and how many found something."""
    for query in asked[:20]:
        engine.search(query, now=NOW)
    times, processor, found = [], [], 0
    for query in asked:
        started, used = time.perf_counter(), time.process_time()
        found += bool(engine.search(query, now=NOW).total)
        times.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return times, processor, found


def percentiles(values: list[float]) -> str:
    return f"p50 {statistics.median(values):.1f} ms, p95 {statistics.quantiles(values, n=20)[-1]:.1f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=int(os.environ.get("N", "100000")))
    parser.add_argument("--engine", default="tantivy", choices=["tantivy", "elasticsearch", "database"])
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--table", action="store_true", help="one line of a Markdown table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, make_engine(arguments.engine, Path(folder)) as engine:
        engine.prepare()
        started = time.perf_counter()
        engine.index(posts(arguments.posts))
        engine.activate()
        engine.refresh()
        built = time.perf_counter() - started
        size = size_of(engine)
        times, processor, found = timed(engine, list(queries(arguments.queries)))
    if arguments.table:
        print(f"| {arguments.engine} | {arguments.posts:,} | {built:.0f} s | {size / 1e6:.0f} MB | {percentiles(times)} | {percentiles(processor)} |")
        return 0
    print(f"{arguments.engine}, {arguments.posts:,} posts: built in {built:.1f} s ({arguments.posts / built:,.0f} posts/s), {size / 1e6:.0f} MB")
    print(f"{len(times)} searches, {found} found something: {percentiles(times)}; processor {percentiles(processor)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
