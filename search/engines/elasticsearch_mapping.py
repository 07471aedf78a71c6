"""The Elasticsearch settings and mapping, generated from the language data. Their hash is part of the index name.

Only filters of the server and of its language analysis module, under their own option names (deploy/elasticsearch-test/README.md).
"""

from typing import Any

from search.lexicon import LANGUAGES, Lexicon, common, lexicon

_SHARED_STEPS = {
    "lowercase": "lowercase",
    "folding": "folding",
    "possessive": "possessive",
    "normalization": "german",
}


def _language_filters(data: Lexicon) -> dict[str, Any]:
    sizes = common()
    filters: dict[str, Any] = {
        "stop": {"type": "stop", "stopwords": sorted(data.stop)},
        "overrides": {"type": "stemmer_override", "rules": [f"{word} => {stem}" for word, stem in sorted(data.overrides.items())]},
        "protected": {"type": "keyword_marker", "keywords": sorted(data.protected)},
        "stemmer": {"type": "stemmer", "language": data.stemmer},
    }
    if data.elision:
        filters["elision"] = {"type": "elision", "articles": sorted(data.elision), "articles_case": True}
    if data.heads:
        filters["decompounder"] = {
            "type": "dictionary_decompounder",
            "word_list": sorted(data.heads),
            "min_word_size": sizes.min_word_size,
            "min_subword_size": sizes.min_subword_size,
            "max_subword_size": sizes.max_subword_size,
            "only_longest_match": True,
        }
    return {f"{data.language}_{name}": value for name, value in filters.items()}


def _analyzer(steps: list[str]) -> dict[str, Any]:
    return {"type": "custom", "char_filter": ["characters"], "tokenizer": "standard", "filter": steps}


def _chain(data: Lexicon, *, split: bool) -> list[str]:
    return [_SHARED_STEPS.get(step, f"{data.language}_{step}") for step in data.chain if split or step != "decompounder"]


def _escape(text: str) -> str:
    return "".join(f"\\u{ord(letter):04X}" for letter in text)


def analysis_settings() -> dict[str, Any]:
    """Analyzers `folded`, and for each language `xx` (documents: compounds also in parts) and `xx_query` (whole words only)."""
    filters: dict[str, Any] = {
        "folding": {"type": "asciifolding"},
        "possessive": {"type": "stemmer", "language": "possessive_english"},
        "german": {"type": "german_normalization"},
    }
    analyzers = {"folded": _analyzer(["fr_elision", "lowercase", "possessive", "folding"])}
    for language in LANGUAGES:
        data = lexicon(language)
        filters |= _language_filters(data)
        analyzers[language] = _analyzer(_chain(data, split=True))
        analyzers[f"{language}_query"] = _analyzer(_chain(data, split=False))
    mappings = [f"{_escape(old)} => {_escape(new)}" for old, new in common().characters.items()]
    return {"char_filter": {"characters": {"type": "mapping", "mappings": mappings}}, "filter": filters, "analyzer": analyzers}


def mapping() -> dict[str, Any]:
    """The fields. `document` keeps the whole document unsearched; the searched copies are not stored a second time."""
    keyword, number, flag = {"type": "keyword"}, {"type": "long"}, {"type": "boolean"}
    properties: dict[str, Any] = {
        "document": {"type": "object", "enabled": False},
        "revision": number,
        **dict.fromkeys(("entity", "public_id", "external_id", "language", "countries", "needs", "kind", "tags", "visibility"), keyword),
        **dict.fromkeys(("published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count"), number),
        **dict.fromkeys(("is_official", "is_answered"), flag),
    }
    for name in ("title", "body"):
        properties[name] = {"type": "text", "analyzer": "folded"}
        for language in LANGUAGES:
            properties[f"{name}_{language}"] = {"type": "text", "analyzer": language, "search_analyzer": f"{language}_query"}
    return {"dynamic": "strict", "_source": {"includes": ["document"]}, "properties": properties}


def index_body(*, shards: int = 1, replicas: int = 0) -> dict[str, Any]:
    """The body of the request that makes an index."""
    settings = {"number_of_shards": shards, "number_of_replicas": replicas, "analysis": analysis_settings()}
    return {"settings": settings, "mappings": mapping()}
