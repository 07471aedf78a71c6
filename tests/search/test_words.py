"""The word table: which words of a reader must, and must not, find which texts. Runs by searching, on every engine.

`words.csv`: the reader's language and word, the text's language and text, whether it must match, and `exact` where the simple engine has to pass too.
The tables of tantivy and Elasticsearch are the same: the embedded analysis may not drift from the server's.
"""

import csv
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from search.documents import Filters, SearchQuery
from search.engines.base import Engine
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine
from search.lexicon import LANGUAGES
from tests.search.engines.conftest import NOW, make_document, server_url

TABLE = Path(__file__).parent / "words.csv"


@dataclass(frozen=True)
class Row:
    number: int
    reader: str
    word: str
    language: str
    text: str
    matches: bool
    exact: bool


def read_rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(number, line["reader"], line["word"], line["language"], line["text"], line["matches"] == "yes", line["exact"] == "yes")
            for number, line in enumerate(csv.DictReader(file), 2)
        ]


ROWS = read_rows()


def load(engine: Engine) -> Engine:
    """Every row's text as a document of its own, found again by a tag with the line number."""
    engine.prepare()
    engine.index(make_document(row.number, language=row.language, title="", body=row.text, tags=(f"line-{row.number}",)) for row in ROWS)
    engine.activate()
    engine.refresh()
    return engine


def wrong_rows(engine: Engine, rows: list[Row]) -> list[str]:
    """The rows that an engine gets wrong, as lines to read."""
    found = []
    for row in rows:
        query = SearchQuery(row.word, row.reader, filters=Filters(tags=(f"line-{row.number}",)), with_facets=False)
        if bool(engine.search(query, now=NOW).hits) is not row.matches:
            verb = "must find" if row.matches else "must not find"
            found.append(f"line {row.number}: {row.reader} {row.word!r} {verb} {row.language} {row.text!r}")
    return found


@pytest.fixture(scope="module")
def tantivy_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return load(TantivyEngine(tmp_path_factory.mktemp("words")))


@pytest.fixture(scope="module")
def server_engine() -> Iterator[Engine]:
    engine = ElasticsearchEngine(server_url(), prefix=f"test-{uuid.uuid4().hex[:12]}")
    yield load(engine)
    engine.drop()


def test_table_has_enough_rows_of_each_language():
    counts = Counter(row.reader for row in ROWS if row.reader == row.language)
    negatives = Counter(row.reader for row in ROWS if not row.matches)
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 60
    assert min(negatives.values()) >= 10


def test_table_has_no_row_twice():
    assert [key for key, count in Counter((row.reader, row.word, row.language, row.text) for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_on_tantivy(tantivy_engine, language):
    assert wrong_rows(tantivy_engine, [row for row in ROWS if row.reader == language]) == []


@pytest.mark.elasticsearch
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_on_elasticsearch(server_engine, language):
    assert wrong_rows(server_engine, [row for row in ROWS if row.reader == language]) == []


@pytest.mark.django_db
def test_exact_words_on_the_simple_engine():
    assert wrong_rows(load(DatabaseEngine()), [row for row in ROWS if row.exact]) == []


def test_every_row_fails_when_it_is_turned_round(tantivy_engine):
    """The table bites: a row that would pass either way tests nothing."""
    turned: list[Any] = [Row(row.number, row.reader, row.word, row.language, row.text, not row.matches, row.exact) for row in ROWS]
    check: Callable[[Engine, list[Row]], list[str]] = wrong_rows
    assert len(check(tantivy_engine, turned)) == len(ROWS)
