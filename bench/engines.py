"""Engines for benchmarks: fresh, under a name of their own, and removed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine


def _database_engine(folder: Path) -> Engine:
    """The simple engine on a database of its own in `folder` (or on DATABASE_URL when BENCH_DATABASE=given)."""
    if os.environ.get("BENCH_DATABASE") != "given":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from search.engines.database import DatabaseEngine  # noqa: PLC0415 - needs the apps that django.setup() has just loaded

    call_command("migrate", "search", verbosity=0, skip_checks=True)
    return DatabaseEngine()


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
        engine = _database_engine(folder)
    engine.drop()
    try:
        yield engine
    finally:
        engine.drop()
