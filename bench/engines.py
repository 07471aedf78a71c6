"""Engines for benchmarks: fresh, under a name of their own, and removed at the end. The simple one writes to the database in use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command

from search.engines.base import Engine
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine


@contextmanager
def make_engine(name: str, folder: Path) -> Iterator[Engine]:
    """An empty engine. Raises SystemExit when Elasticsearch is asked for without ELASTICSEARCH_URL."""
    if name == "tantivy":
        engine: Engine = TantivyEngine(folder)
    elif name == "elasticsearch":
        if not os.environ.get("ELASTICSEARCH_URL"):
            raise SystemExit("ELASTICSEARCH_URL is not set (make services prints it)")
        engine = ElasticsearchEngine(os.environ["ELASTICSEARCH_URL"], prefix="bench")
    else:
        call_command("migrate", "search", verbosity=0, skip_checks=True)
        engine = DatabaseEngine()
    engine.drop()
    try:
        yield engine
    finally:
        engine.drop()
