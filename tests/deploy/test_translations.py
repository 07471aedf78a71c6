"""What `deploy/translations.py check` finds, and what it leaves alone: each rule with texts that break it and texts that only look so."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

N = "\u202f"
NBSP = "\u00a0"


@pytest.fixture(name="translations")
def _translations() -> Any:
    return importlib.import_module("translations")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", f"Que faire{N}?"),
        ("fr", f"Vous n’êtes pas d’accord{N}: écrivez-nous{N}; c’est gratuit{N}!"),
        ("fr", f"«{N}%(title)s{N}»{N}: %(label)s"),
        ("fr", f"Vraiment{N}?!"),
        ("fr", "Fermé de 08:00 à 09:30, voir https://a.example/x?q=1;y"),
        ("fr", "pays/<slug:slug>/"),
        ("fr", "Ouvert %(time)s:%(minutes)s"),
        ("nl", "Regio’s: “%(title)s”, ’s nachts?"),
        ("nl", "Wat zoek je?"),
        ("de", "„%(title)s“: Was tun?"),
        ("en", "“%(title)s”: it’s here"),
        ("de", "1. Scannen Sie dies\n\nDanach"),
        ("fr", ""),
    ],
)
def test_good_wording_has_no_fault(translations: Any, language: str, text: str) -> None:
    assert translations.wording_faults(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("fr", "Que faire ?", "no narrow"),
        ("fr", "Que faire?", "no narrow"),
        ("fr", f"Que faire{NBSP}?", "no narrow"),
        ("fr", "Langue : %(code)s", "no narrow"),
        ("fr", "Langue:", "no narrow"),
        ("fr", f"%(label)s: «{N}oui{N}»", "no narrow"),
        ("fr", f"« oui{N}»", "no narrow"),
        ("fr", f"«{N}oui »", "no narrow"),
        ("fr", f"«{N}oui", "do not pair"),
        ("fr", "“oui”", "of another language"),
        ("nl", "«ja»", "of another language"),
        ("nl", "„ja“", "of another language"),
        ("nl", "“ja", "do not pair"),
        ("de", "„ja”", "of another language"),
        ("de", "„ja", "do not pair"),
        ("de", '"ja"', "typewriter quotation mark"),
        ("fr", "l'avis", "typewriter apostrophe"),
        ("nl", "'s nachts", "typewriter apostrophe"),
        ("en", "the author's text", "typewriter apostrophe"),
        ("nl", "Kies  een land", "two spaces"),
        ("de", "Wählen Sie , bitte", "space before"),
        ("nl", "Kies een land .", "space before"),
    ],
)
def test_a_fault_of_wording_is_found(translations: Any, language: str, text: str, fault: str) -> None:
    found = translations.wording_faults(language, text)
    assert len([line for line in found if fault in line]) == 1, found


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ("namely: ", "nämlich: ", ""),
        ("namely: ", "nämlich:", "edges differ"),
        ("Send", "Senden\n", "edges differ"),
        ("\nSend", "Senden", "edges differ"),
        ("Ask us to look again", "Ask us to look again", "not translated"),
        ("Travellers Online", "Travellers Online", ""),
        ("%(title)s [%(reference)s]", "%(title)s [%(reference)s]", ""),
        ("%(a)s · %(b)s · %(c)s · %(d)s", "%(a)s · %(b)s · %(c)s · %(d)s", ""),
    ],
)
def test_a_target_beside_its_source(translations: Any, source: str, target: str, fault: str) -> None:
    found = translations.target_faults("de", source, target)
    assert (found == []) if not fault else (len(found) == 1 and fault in found[0]), found


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Since %(day)s", "Seit %(day)s"), ""),
        (Message("Since %(day)s", "Seit %(tag)s"), "placeholders differ"),
        (Message("Since %(day)s", "Seit"), "placeholders differ"),
        (Message("as <b>%(name)s</b>", "als %(name)s"), "markup differs"),
        (Message("Send", ""), "missing"),
        (Message("Send", "Senden", flags={"fuzzy"}), "fuzzy"),
        (Message(("%(n)s reply", "%(n)s replies"), ("%(n)s Antwort", "%(n)s Antworten")), ""),
        (Message(("One reply", "%(n)s replies"), ("Eine Antwort", "%(n)s Antworten")), ""),
        (Message(("One reply", "%(n)s replies"), ("Eine Antwort", "Antworten")), "placeholders differ"),
        (Message(("%(n)s reply", "%(n)s replies"), ("%(n)s Antwort", "")), "missing"),
        (Message(("%(n)s reply ", "%(n)s replies "), ("%(n)s Antwort ", "%(n)s Antworten")), "edges differ"),
    ],
)
def test_faults_of_a_message(translations: Any, message: Message, fault: str) -> None:
    found = translations.faults(message, "de")
    assert (found == []) if not fault else (len(found) == 1 and fault in found[0]), found


def _catalogue(folder: Path, target: str) -> Path:
    catalogue = Catalog(locale="fr", domain="django")
    catalogue.add("What to do?", target)
    path = folder / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)
    return path


def test_check_counts_and_names_each_fault(
    translations: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    _catalogue(tmp_path / "locale", "Que faire ? l'avis")
    assert translations.check() == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("locale/fr/LC_MESSAGES/django.po: 'What to do?': typewriter apostrophe")
    assert lines[-1] == "2 faults in 1 files"


def test_compile_writes_only_what_is_newer(translations: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    path = _catalogue(tmp_path, f"Que faire{N}?")
    assert translations.check() == 0
    assert translations.compile_all() == 1
    assert path.with_suffix(".mo").stat().st_size > 0
    assert not list(tmp_path.rglob("*.partial"))
    assert translations.compile_all() == 0
