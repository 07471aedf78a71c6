"""The generated settings use nothing but what the documented language module has, and the embedded analysis cuts words as the server does."""

import csv
import json
import re
from pathlib import Path

import pytest

from search.analysis import analyzer, clean, folded_terms
from search.documents import SearchDocument
from search.engines.base import field_names, index_hash
from search.engines.elasticsearch import to_source
from search.engines.elasticsearch_mapping import analysis_settings, index_body, mapping
from search.lexicon import LANGUAGES
from search.plan import FOLDED
from tests.search.engines.conftest import make_document
from tests.search.test_words import ROWS

README = Path(__file__).resolve().parents[3] / "deploy" / "elasticsearch-test" / "README.md"
SERVERS_OWN = {"stop": {"stopwords"}, "lowercase": set()}


def documented() -> dict[str, set[str]]:
    """Type → options, from the table of the README beside the plugin."""
    found = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\|[^|]*\| `(\w+)` \|(.*)\|", line):
            found[match[1]] = set(re.findall(r"`(\w+)`", match[2]))
    return found


def test_readme_names_every_filter_of_the_plugin():
    source = (README.parent / "src" / "AnalysisCommonTestPlugin.java").read_text(encoding="utf-8")
    assert set(re.findall(r'"(\w+)", (?:requires\()?\(index', source)) == set(documented())


def test_settings_use_documented_types_and_options_only():
    known = documented() | SERVERS_OWN
    settings = analysis_settings()
    for section in ("filter", "char_filter"):
        for name, options in settings[section].items():
            assert options["type"] in known, name
            assert set(options) - {"type"} <= known[options["type"]], name


def test_analyzers_name_existing_steps_only():
    settings = analysis_settings()
    for name, parts in settings["analyzer"].items():
        assert parts["tokenizer"] == "standard", name
        assert set(parts["char_filter"]) <= set(settings["char_filter"]), name
        assert set(parts["filter"]) <= set(settings["filter"]) | {"lowercase"}, name


def test_every_field_of_the_source_is_in_the_mapping():
    document = make_document(external_id="x", tags=("a",), translations=tuple((language, "t", "b") for language in LANGUAGES))
    assert set(to_source(document)) <= set(mapping()["properties"])
    assert mapping()["dynamic"] == "strict"


def test_every_language_has_its_fields():
    texts = {name for name, field in mapping()["properties"].items() if field["type"] == "text"}
    assert texts == {name for language in (FOLDED, *LANGUAGES) for name in field_names(language)}


def test_texts_go_to_the_fields_of_their_languages():
    source = to_source(make_document(title="Grens", body="Open", translations=(("fr", "Frontière", "Ouverte"), ("es", "Frontera", "Abierta"))))
    assert (source["title_nl"], source["body_fr"]) == ("Grens", "Ouverte")
    assert source["title"] == ["Grens", "Frontière", "Frontera"]
    assert "title_de" not in source


def test_settings_are_json_and_stable():
    assert json.dumps(index_body()) == json.dumps(index_body())


def test_hash_changes_with_mapping_and_epoch():
    one = index_hash(mapping(), "1")
    assert re.fullmatch("[0-9a-f]{10}", one)
    assert one == index_hash(mapping(), "1")
    assert one != index_hash(mapping(), "2")
    assert one != index_hash(mapping() | {"dynamic": "true"}, "1")


def _server_terms(live_engine, name: str, text: str) -> list[str]:
    answer = live_engine.client.indices.analyze(index=live_engine.index_name, analyzer=name, text=text)
    return [token["token"] for token in answer["tokens"]]


@pytest.mark.elasticsearch
@pytest.mark.parametrize("language", LANGUAGES)
def test_embedded_analysis_cuts_words_as_the_server_does(live_engine, language):
    live_engine.prepare()
    texts = [clean(row.text) for row in ROWS if row.language == language] + [
        "D’accord, l'été : 3,5 km à 10.000 €, e-mail a.b@c.org — œuvre n° 12",
        "北京机场 航班取消 2026年 CA905 ひらがな ホテル 호텔 예약",
        "مطار الدار البيضاء رحلة ملغاة",
        "Аэропорт закрыт, рейс отменён",
    ]
    for text in texts:
        assert _server_terms(live_engine, language, text) == analyzer(language).terms(text), text
        assert _server_terms(live_engine, "folded", text) == folded_terms(text), text


@pytest.mark.elasticsearch
def test_query_analyzers_keep_compounds_whole(live_engine):
    live_engine.prepare()
    assert _server_terms(live_engine, "nl", "terugreisticket") == ["terugreisticket", "reis", "ticket"]
    assert _server_terms(live_engine, "nl_query", "terugreisticket") == ["terugreisticket"]


@pytest.mark.elasticsearch
def test_whole_documents_are_the_only_stored_source(live_engine):
    live_engine.prepare()
    live_engine.index([make_document(1)])
    live_engine.refresh()
    stored = live_engine.client.get(index=live_engine.write_alias, id="topic-1")["_source"]
    assert set(stored) == {"document"}
    assert SearchDocument.from_json(stored["document"]) == make_document(1)


def test_word_table_is_read_from_its_file():
    with (Path(__file__).parents[1] / "words.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(ROWS)
