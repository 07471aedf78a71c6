"""The tantivy schema and documents in its form. Texts are analysed here, the index holds terms cut at spaces."""

import json
from collections.abc import Iterator
from typing import Any

from tantivy import Document, Schema, SchemaBuilder

from search.analysis import analyzer, folded_terms, is_indexed_language
from search.documents import SearchDocument
from search.engines.base import field_names, is_official
from search.lexicon import LANGUAGES
from search.plan import FOLDED

KEYWORDS = ("entity", "language", "countries", "needs", "kind", "tags", "visibility")
NUMBERS = ("published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count")
FLAGS = ("is_official", "is_answered", "live")


def schema_definition() -> dict[str, Any]:
    """The fields as data, for the index name."""
    texts = [name for language in (FOLDED, *LANGUAGES) for name in field_names(language)]
    return {"version": 1, "keywords": KEYWORDS, "numbers": NUMBERS, "flags": FLAGS, "texts": texts}


def build_schema() -> Schema:
    """Texts hold analysed terms cut at spaces; the whole document is kept beside them, unsearched."""
    builder = SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("revision", stored=True, indexed=True, fast=True)
    for name in KEYWORDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in FLAGS:
        builder.add_boolean_field(name, indexed=True, fast=True)
    for name in schema_definition()["texts"]:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_bytes_field("document", stored=True)
    return builder.build()


def _texts(document: SearchDocument) -> Iterator[tuple[str, str]]:
    folded: dict[str, list[str]] = {name: [] for name in field_names(FOLDED)}
    for language, *texts in document.texts():
        for name, common, text in zip(field_names(language), field_names(FOLDED), texts, strict=True):
            folded[common].extend(folded_terms(text))
            if is_indexed_language(language):
                yield name, " ".join(analyzer(language).terms(text))
    for name, terms in folded.items():
        yield name, " ".join(terms)


def to_tantivy(document: SearchDocument) -> Document:
    """A document in the form of the schema."""
    made = Document()
    made.add_text("key", document.key)
    made.add_integer("revision", document.revision)
    made.add_boolean("live", True)
    made.add_boolean("is_official", is_official(document))
    made.add_boolean("is_answered", document.is_answered)
    for name in KEYWORDS:
        value = getattr(document, name)
        for each in (value,) if isinstance(value, str) else value:
            made.add_text(name, each)
    for name in NUMBERS:
        if (number := getattr(document, name)) is not None:
            made.add_integer(name, number)
    for name, text in _texts(document):
        made.add_text(name, text)
    made.add_bytes("document", json.dumps(document.as_json(), ensure_ascii=False, separators=(",", ":")).encode())
    return made


def tombstone(key: str, revision: int) -> Document:
    """What stays of a deleted document: its revision, no text."""
    made = Document()
    made.add_text("key", key)
    made.add_integer("revision", revision)
    made.add_boolean("live", False)
    return made
