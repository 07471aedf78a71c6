"""Which engine this installation uses, and what happens when it is down: the simple engine answers, and the page says so."""

import logging
import time
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.documents import SearchPage, SearchQuery
from search.engines.base import Engine, EngineUnavailable
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine

logger = logging.getLogger(__name__)

ENGINES = ("tantivy", "elasticsearch", "database")
# So long a failed engine is not asked again by this process: readers must not wait for its time limit one after the other.
PAUSE_SECONDS = 5.0


class _Breaker:
    """Remembers until when the main engine is left alone."""

    def __init__(self) -> None:
        self.until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() < self.until

    def trip(self) -> None:
        self.until = time.monotonic() + PAUSE_SECONDS

    def reset(self) -> None:
        self.until = 0.0


breaker = _Breaker()


def _epoch() -> str:
    """Raised by a restore of the database, so that removed text can't survive in an index built before."""
    return str(getattr(settings, "SEARCH_EPOCH", "1"))


@cache
def main_engine() -> Engine:
    """The engine of the settings. Raises ImproperlyConfigured for an unknown name."""
    name = settings.SEARCH_ENGINE
    if name == "elasticsearch":
        return ElasticsearchEngine(settings.ELASTICSEARCH_URL, prefix=settings.SEARCH_INDEX_PREFIX, epoch=_epoch())
    if name == "tantivy":
        return TantivyEngine(Path(settings.SEARCH_DIR), epoch=_epoch())
    if name == "database":
        return simple_engine()
    raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}; it can be {', '.join(ENGINES)}")


@cache
def simple_engine() -> DatabaseEngine:
    """The engine that answers when the main one can't."""
    return DatabaseEngine()


def all_engines() -> tuple[Engine, ...]:
    """The engines that every change is written to: the simple one first, it never fails while the database lives."""
    simple, main = simple_engine(), main_engine()
    return (simple,) if main is simple else (simple, main)


def search(query: SearchQuery, *, now: datetime) -> SearchPage:
    """One page from the main engine, or from the simple one when that is down (`is_degraded`)."""
    if not breaker.is_open():
        try:
            page = main_engine().search(query, now=now)
        except EngineUnavailable as error:
            breaker.trip()
            logger.warning("search.engine_down", extra={"engine": main_engine().name, "error": str(error)})
        else:
            breaker.reset()
            return page
    return simple_engine().search(query, now=now)
