"""System checks: a wrong search configuration or damaged language data can't start the site."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from search.engines.registry import ENGINES
from search.lexicon import LANGUAGES, common, lexicon
from search.stemming import stemmer
from search.thesaurus import shipped_concepts

KNOWN_STEPS = frozenset(
    {"elision", "lowercase", "possessive", "normalization", "stop", "decompounder", "overrides", "protected", "stemmer", "folding"}
)


def check_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """search.E001: unknown engine; search.E002: Elasticsearch chosen without its address."""
    if settings.SEARCH_ENGINE not in ENGINES:
        hint = f"Set SEARCH_ENGINE to one of {', '.join(ENGINES)}."
        return [Error(f"SEARCH_ENGINE is {settings.SEARCH_ENGINE!r}.", hint=hint, id="search.E001")]
    if settings.SEARCH_ENGINE == "elasticsearch" and not settings.ELASTICSEARCH_URL:
        return [Error("SEARCH_ENGINE is elasticsearch without an address.", hint="Set ELASTICSEARCH_URL.", id="search.E002")]
    return []


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
