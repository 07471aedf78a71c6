"""Jobs of the search. They take ids, read the rows again and may run twice, late or in any order."""

import structlog
from django_tasks import task

from search import services
from search.documents import TOPIC
from search.engines.registry import all_engines
from search.shown import NOTICE

log = structlog.get_logger(__name__)


@task()
def sync_document(source: str, pk: int, revision: int) -> bool:
    """Write one row of a registered source to the index, or delete it there. Says whether it is searchable."""
    return services.sync(source, pk, revision)


@task()
def sync_topic(pk: int, revision: int) -> bool:
    """The same for a topic."""
    return services.sync(TOPIC, pk, revision)


@task()
def sync_notice(pk: int, revision: int) -> bool:
    """The same for an official notice."""
    return services.sync(NOTICE, pk, revision)


def check_index() -> int:
    """Compare every index with the database and heal it (nightly sweep); returns how many rows differed.

    Where an engine has no usable index it is built, so that a site whose index was lost leaves the simple engine by itself.
    """
    differed = 0
    for engine in all_engines():
        comparison, built = services.compare_or_rebuild(engine)
        if built is not None:
            log.warning("search_index_built", engine=engine.name, documents=built)
        if comparison.drift:
            services.heal(engine, comparison)
        log.info("search_checked", engine=engine.name, documents=comparison.documents, drift=len(comparison.drift), waiting=comparison.waiting)
        differed += len(comparison.drift)
    return differed
