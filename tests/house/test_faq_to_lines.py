"""The public FAQ texts become lines that the import takes and the search finds (skips where the collection is absent)."""

import io
import json
import os
from itertools import islice
from pathlib import Path

import pytest

from bench.faq_to_lines import to_line, to_lines
from forum.models import Post, Topic
from pages.importing.running import ImportingRun

DOCUMENTS = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "search" / "docs.jsonl"


def test_line_has_what_the_import_needs() -> None:
    document = {"doc_id": "faq-1.fr", "lang": "fr", "title": " Qu’est-ce qu’un alias ? ", "text": "Une adresse masquée."}
    line = to_line(document)
    assert (line["external_id"], line["title"], line["body"], line["language"]) == (
        "faq-1.fr",
        "Qu’est-ce qu’un alias ?",
        "Une adresse masquée.",
        "fr",
    )


def test_long_title_is_cut_at_a_word_and_kept_in_the_body() -> None:
    line = to_line({"doc_id": "x", "lang": "nl", "title": "woord " * 60, "text": "tekst"})
    assert len(line["title"]) <= 150
    assert line["title"].endswith("woord…")
    assert line["body"].startswith("woord woord")


def test_missing_title_is_the_beginning_of_the_text() -> None:
    line = to_line({"doc_id": "x", "lang": "fr", "title": "", "text": "Où est la gare ?"})
    assert (line["title"], line["body"]) == ("Où est la gare ?", "Où est la gare ?")
    assert len(to_line({"doc_id": "x", "lang": "fr", "title": " ", "text": "mot " * 100})["title"]) <= 80


@pytest.mark.django_db
@pytest.mark.skipif(not DOCUMENTS.is_file(), reason="the shared search collection is not on this machine")
def test_the_collection_is_imported() -> None:
    with DOCUMENTS.open(encoding="utf-8") as stream:
        rows = list(islice(to_lines(stream), 0, None, 19))
    counts = ImportingRun(source="faq", publish=True).run(io.BytesIO("\n".join(rows).encode()))
    assert (counts.created, counts.refused) == (len(rows), 0)
    assert Topic.objects.published().count() == len(rows)
    assert set(Post.objects.values_list("external_id", flat=True)) == {json.loads(row)["external_id"] for row in rows}
