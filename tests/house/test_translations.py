"""French, Dutch and German are complete: every message of the code stands in every catalogue, translated, with the same placeholders."""

import io
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from tests.house.source import OWN_APPS, ROOT, python_files, templates

LANGUAGES = ["fr", "nl", "de"]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip


def _source(path: Path) -> io.BytesIO:
    text = path.read_text(encoding="utf-8")
    return io.BytesIO((text if path.suffix == ".py" else templatize(text, origin=str(path))).encode())


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    """Return (context, message) of every text in a file."""
    method = "python" if path.suffix == ".py" else "javascript"
    options = {"encoding": "utf-8"}
    for _line, message, _comments, context in extract(method, _source(path), keywords=KEYWORDS, options=options):
        first = message[0] if isinstance(message, tuple) else message
        if first:
            yield context or "", first


@cache
def wanted() -> frozenset[tuple[str, str]]:
    """Return every message of our code and templates."""
    code = [path for path in python_files() if path.relative_to(ROOT).parts[0] in [*OWN_APPS, "config"]]
    return frozenset(found for path in [*code, *templates()] for found in _messages(path))


def catalogue(language: str) -> Catalog:
    """Return a catalogue."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def test_messages_are_found() -> None:
    assert ("", "Tip") in wanted()
    assert ("validity", "Still true") in wanted()
    assert len(wanted()) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_stands_in_the_catalogue(language: str) -> None:
    known = set()
    for message in catalogue(language):
        first = message.id[0] if isinstance(message.id, list | tuple) else message.id
        known.add((message.context or "", first))
    assert sorted(wanted() - known) == []


def test_every_message_is_translated_with_its_placeholders() -> None:
    command = [sys.executable, str(ROOT / "deploy" / "translations.py"), "check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("message", "french"), [("Live", "Publié"), ("Undo", "Annuler"), ("Next", "Suivant"), ("Close", "Fermer")])
def test_short_words_of_ours_leave_those_of_the_administration_alone(message: str, french: str) -> None:
    """Our catalogue comes before Wagtail's for the same message: a word with another sense here needs a context."""
    with translation.override("fr"):
        assert translation.gettext(message) == french
