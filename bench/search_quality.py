"""Scores the search on judged queries: nDCG@10, MRR and recall@10, in three tracks, averaged per set and then over the sets.

    python -m bench.search_quality [--engine tantivy|elasticsearch|database] [--data DIR] [--half all|tune|confirm] [--per-set]

`--data` (default $SHARED_DATA/search, else ../shared/data/search) holds docs.jsonl, queries.jsonl and qrels.jsonl:
  docs     {"doc_id", "set", "group", "lang", "title", "text"}
  queries  {"query_id", "set", "group", "lang", "text"}
  qrels    {"query_id", "doc_id", "rel"}        2 = same item in the query's language, 1 = same item in another language
Tracks: mono counts only documents in the query's language; cross only those in others; mixed takes the whole ranking with gains 2 and 1.
Settings are chosen on `--half tune` and confirmed on `--half confirm` (split by group, all languages of an item together).
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.databases import use_for_engines

if __name__ == "__main__":
    use_for_engines()

from bench.engines import make_engine
from search.documents import SearchDocument, SearchQuery
from search.engines.base import Engine

DEFAULT_DATA = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "search"
DEPTH = 50
TRACKS = ("mono", "cross", "mixed")
MEASURES = ("ndcg@10", "mrr", "recall@10")
Keep = Callable[[str, str], bool]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def scores(ranking: list[str], gains: dict[str, int]) -> dict[str, float]:
    """The three measures of one ranking; `gains` holds the relevant documents."""
    found = [gains.get(doc, 0) for doc in ranking[:10]]
    ideal = sorted(gains.values(), reverse=True)[:10]

    def discounted(values: Iterable[int]) -> float:
        return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(values))

    first = next((place for place, doc in enumerate(ranking, 1) if doc in gains), 0)
    return {
        "ndcg@10": discounted(found) / discounted(ideal),
        "mrr": 1 / first if first else 0.0,
        "recall@10": sum(1 for gain in found if gain) / min(len(gains), 10),
    }


def by_track(ranking: list[str], judged: dict[str, int], languages: dict[str, str], query_language: str) -> Iterator[tuple[str, dict[str, float]]]:
    """The scores of a query in each track that has a relevant document for it."""
    kept: dict[str, Callable[[str], bool]] = {
        "mono": lambda doc: languages[doc] == query_language,
        "cross": lambda doc: languages[doc] != query_language,
        "mixed": lambda doc: True,
    }
    for track, keep in kept.items():
        gains = {doc: rel for doc, rel in judged.items() if keep(doc)}
        if gains:
            yield track, scores([doc for doc in ranking if keep(doc)], gains)


def is_in_half(group: str, half: str) -> bool:
    side = "tune" if zlib.crc32(group.encode()) % 2 else "confirm"
    return half in {"all", side}


def load(engine: Engine, docs: list[dict[str, Any]]) -> None:
    documents = (
        SearchDocument("topic", number, f"{number:06d}", 1, doc["title"], doc["text"], doc["lang"], external_id=doc["doc_id"])
        for number, doc in enumerate(docs)
    )
    engine.prepare()
    engine.index(documents)
    engine.activate()
    engine.refresh()


def rankings(engine: Engine, queries: list[dict[str, Any]], known_language: bool) -> Iterator[tuple[dict[str, Any], list[str]]]:
    now = datetime.now(UTC)
    for query in queries:
        # Twice the depth, so that each track still has ten after the others are taken out.
        asked = SearchQuery(query["text"], query["lang"] if known_language else "", limit=DEPTH * 2, with_facets=False)
        yield query, [hit.document.external_id for hit in engine.search(asked, now=now).hits]


def evaluate(engine: Engine, data: Path, *, half: str, known_language: bool) -> dict[str, dict[str, dict[str, float]]]:
    """track → set → measure → mean."""
    docs = list(read_lines(data / "docs.jsonl"))
    languages = {doc["doc_id"]: doc["lang"] for doc in docs}
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_lines(data / "qrels.jsonl"):
        judged[row["query_id"]][row["doc_id"]] = row["rel"]
    queries = [query for query in read_lines(data / "queries.jsonl") if is_in_half(query["group"], half)]
    load(engine, docs)
    collected: dict[str, dict[str, list[dict[str, float]]]] = {track: defaultdict(list) for track in TRACKS}
    for query, ranking in rankings(engine, queries, known_language):
        for track, found in by_track(ranking, judged[query["query_id"]], languages, query["lang"]):
            collected[track][query["set"]].append(found)
    return {
        track: {name: {measure: sum(one[measure] for one in found) / len(found) for measure in MEASURES} for name, found in sets.items()}
        for track, sets in collected.items()
    }


def report(result: dict[str, dict[str, dict[str, float]]], *, per_set: bool) -> None:
    print(f"{'track':<8}{'set':<18}" + "".join(f"{measure:>11}" for measure in MEASURES))
    for track, sets in result.items():
        if per_set:
            for name, found in sorted(sets.items()):
                print(f"{track:<8}{name:<18}" + "".join(f"{found[measure]:>11.3f}" for measure in MEASURES))
        means = {measure: sum(found[measure] for found in sets.values()) / len(sets) for measure in MEASURES}
        print(f"{track:<8}{'mean of ' + str(len(sets)) + ' sets':<18}" + "".join(f"{means[measure]:>11.3f}" for measure in MEASURES))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", default="tantivy", choices=["tantivy", "elasticsearch", "database"])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--half", default="all", choices=["all", "tune", "confirm"])
    parser.add_argument("--unknown-language", action="store_true", help="the reader's language is not known")
    parser.add_argument("--per-set", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.data / "docs.jsonl").is_file():
        print(f"no judged queries in {arguments.data}: give --data or SHARED_DATA", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, make_engine(arguments.engine, Path(folder)) as engine:
        started = time.perf_counter()
        result = evaluate(engine, arguments.data, half=arguments.half, known_language=not arguments.unknown_language)
        report(result, per_set=arguments.per_set)
        print(f"engine {engine.name}, half {arguments.half}, {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
