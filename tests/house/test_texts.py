"""Texts that the house itself brings along (standing pages, official notices and names of the demonstration) are written as docs/words.md says.

What citizens of the demonstration write keeps the apostrophes and quotation marks that people type; only its French spaces are checked,
so that no line begins with a question mark.
"""

import importlib.util
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.source import ROOT

LANGUAGES = ("fr", "nl", "de", "en")
DATA = ROOT / "pages" / "data"
# Addresses of links and words of a program are no sentences.
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)")
EMPHASIS = re.compile(r"\*+|^#+ ", re.MULTILINE)


def _rules() -> Any:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "deploy" / "translations.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _plain(text: str) -> str:
    return EMPHASIS.sub("", CODE.sub("x", text))


def _texts(value: Any, language: str = "", where: str = "") -> Iterator[tuple[str, str, str]]:
    """Return (language, place, text) of every text beneath a key that names one of the four languages."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, key if key in LANGUAGES else language, f"{where}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, language, f"{where}.{number}")
    elif isinstance(value, str) and language:
        yield language, where, value


def _posts() -> Iterator[tuple[str, str, str]]:
    """Return (language, id, text) of everything that a citizen of the demonstration wrote, and of the decisions about it."""
    for line in (DATA / "demo" / "topics.jsonl").read_text(encoding="utf-8").splitlines():
        topic = json.loads(line)
        name, language = topic["external_id"], topic["language"]
        yield from [(language, name, topic["title"]), (language, name, topic["body"])]
        if topic["decision"]:
            yield language, name, topic["decision"]["note"]
        for reply in topic["replies"]:
            yield reply["language"], reply["external_id"], reply["body"]


@pytest.mark.parametrize("name", ["standing.json", "demo/crises.json", "demo/staff.json", "demo/tags.json"])
def test_texts_of_the_house_follow_the_rules(name: str) -> None:
    rules = _rules()
    found = list(_texts(json.loads((DATA / name).read_text(encoding="utf-8"))))
    assert {language for language, _, _ in found} == set(LANGUAGES)
    faults = {where: rules.wording_faults(language, _plain(text)) for language, where, text in found}
    assert {where: list_ for where, list_ in faults.items() if list_} == {}


def test_french_posts_keep_their_signs_on_the_line() -> None:
    rules = _rules()
    texts = [(name, _plain(text)) for language, name, text in _posts() if language == "fr"]
    assert len(texts) > 40
    assert [(name, rule.pattern) for name, text in texts for rule in rules.FRENCH_SPACES if rule.search(rules.ADDRESS.sub("x", text))] == []


def test_no_post_has_two_spaces_or_loose_ends() -> None:
    assert [name for _, name, text in _posts() if text != text.strip() or re.search(r"\S {2,}\S", text)] == []
