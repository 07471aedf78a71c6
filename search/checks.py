"""System checks: a wrong search configuration or damaged language data can't start the site."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from search.engines.registry import ENGINES, main_engine
from search.lexicon import LANGUAGES, common, lexicon
from search.stemming import stemmer
from search.thesaurus import shipped_concepts

KNOWN_STEPS = frozenset(
    {"elision", "lowercase", "possessive", "normalization", "stop", "decompounder", "overrides", "protected", "stemmer", "folding"}
)


def check_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """search.E001: unknown engine; search.E002: Elasticsearch chosen without its address, or with one that is none."""
    if settings.SEARCH_ENGINE not in ENGINES:
        hint = f"Set SEARCH_ENGINE to one of {', '.join(ENGINES)}."
        return [Error(f"SEARCH_ENGINE is {settings.SEARCH_ENGINE!r}.", hint=hint, id="search.E001")]
    if settings.SEARCH_ENGINE == "elasticsearch" and not _is_server(settings.ELASTICSEARCH_URL):
        # The address itself is not repeated: it may hold a password.
        hint = "Set ELASTICSEARCH_URL to http(s)://host:port."
        return [Error("SEARCH_ENGINE is elasticsearch without the address of a server.", hint=hint, id="search.E002")]
    return []


def _is_server(url: str) -> bool:
    """The client wants scheme, host and port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port is not None
    except ValueError:
        return False


def check_engine_ready(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """search.E004, with `check --deploy` only: the engine does not answer, or its index is not built."""
    if check_engine(app_configs) or main_engine().ready():
        return []
    hint = "Run `manage.py rebuild_index`. Until then the site searches the database and says so."
    return [Error(f"The search engine {settings.SEARCH_ENGINE} has no index, or does not answer.", hint=hint, id="search.E004")]


def check_language_data(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """search.E003: a file of search/data can't be used."""
    try:
        common()
        shipped_concepts()
        for language in LANGUAGES:
            data = lexicon(language)
            stemmer(data.stemmer)
            if unknown := set(data.chain) - KNOWN_STEPS:
                raise ValueError(f"{language}: unknown step {sorted(unknown)[0]}")
    except (OSError, KeyError, ValueError) as error:
        return [Error(f"Language data of the search: {error}", hint="Correct the file in search/data.", id="search.E003")]
    return []
