"""One fixture runs a test on every engine; the live server is skipped with a reason on a laptop, and missing in CI it is a failure."""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from search.documents import Filters, SearchDocument, SearchPage, SearchQuery
from search.engines.base import Engine
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
NOW_SECONDS = int(NOW.timestamp())
DAY = 86_400
LIVE = pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)


def server_url() -> str:
    """The address of the test server; skips on a laptop, fails in CI when there is none."""
    url = os.environ.get("ELASTICSEARCH_URL", "")
    if not url and os.environ.get("CI") == "true":
        pytest.fail("ELASTICSEARCH_URL is not set: CI must start the server (deploy/services/start)")
    if not url:
        pytest.skip("no Elasticsearch server: run `make services` and set ELASTICSEARCH_URL")
    return url


def make_document(pk: int = 1, **fields: Any) -> SearchDocument:
    """A Dutch tip about Peru, published yesterday, fresh; `fields` say what is different."""
    values: dict[str, Any] = {
        "entity": "topic",
        "revision": 1,
        "title": "Vlucht naar Brussel",
        "body": "Er vertrekt morgen een vlucht uit Lima.",
        "language": "nl",
        "countries": ("PE",),
        "needs": (),
        "kind": "tip",
        "published_at": NOW_SECONDS - DAY,
        "check_from": NOW_SECONDS + DAY,
        "stale_from": NOW_SECONDS + 3 * DAY,
    }
    return SearchDocument(pk=pk, public_id=f"T{pk:05d}", **(values | fields))


@pytest.fixture
def live_engine() -> Iterator[ElasticsearchEngine]:
    """An engine on the real server, under names of this test alone."""
    engine = ElasticsearchEngine(server_url(), prefix=f"test-{uuid.uuid4().hex[:12]}")
    yield engine
    engine.drop()


def _make(name: str, request: pytest.FixtureRequest, folder: Path) -> Engine:
    if name == "tantivy":
        return TantivyEngine(folder / "index")
    if name == "database":
        request.getfixturevalue("db")
        return DatabaseEngine()
    engine: Engine = request.getfixturevalue("live_engine")
    return engine


@pytest.fixture(params=["tantivy", "database", LIVE])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Each engine in turn, prepared, active and empty."""
    made = _make(request.param, request, tmp_path)
    made.prepare()
    made.activate()
    return made


@pytest.fixture
def load(engine: Engine) -> Callable[..., None]:
    """Write documents and make them visible."""

    def write(*documents: SearchDocument) -> None:
        engine.index(documents)
        engine.refresh()

    return write


@pytest.fixture
def find(engine: Engine) -> Callable[..., SearchPage]:
    """Search: `find("vlucht", language="nl", countries=("PE",), limit=5)`; names of filters become filters."""

    def search(text: str = "", **options: Any) -> SearchPage:
        filters = {name: options.pop(name) for name in list(options) if name in Filters.__dataclass_fields__}
        return engine.search(SearchQuery(text, filters=Filters(**filters), **options), now=NOW)

    return search


def ids(page: SearchPage) -> list[int]:
    """Primary keys in the order of the page."""
    return [hit.document.pk for hit in page.hits]
