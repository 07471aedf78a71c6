"""Compiles locale/*/LC_MESSAGES/*.po to .mo in Python (a fresh machine has no msgfmt), and checks that nothing is missing.

python deploy/translations.py compile      only what is newer than its .mo
python deploy/translations.py check        exit 1 on a message that is empty, fuzzy, has other placeholders than its source, or is written
                                           against a rule of docs/words.md that a machine can judge with certainty
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")
MARKUP = re.compile(r"</?[a-z]+")
ADDRESS = re.compile(r"https?://\S+|^\S+/$")
WORD = re.compile(r"[^\W\d_]{2,}")
NARROW = "\u202f"
# Each language's own quotation marks, and those that belong to another.
QUOTES = {"fr": ("«", "»", "“”„"), "nl": ("“", "”", "«»„"), "de": ("„", "“", "«»”"), "en": ("“", "”", "«»„")}
# A translation of more words than this that equals its source was forgotten.
WORDS_THAT_MAY_BE_EQUAL = 3
FRENCH_SPACES = (
    re.compile(rf"[^{NARROW};:!?»][;!?»]"),
    re.compile(rf"[^{NARROW};:!?»]:(?=\s|$)"),
    re.compile(rf"«(?!{NARROW})"),
)


def catalogs() -> Iterator[tuple[Path, Catalog]]:
    """Return each .po file with its messages."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parts[-3])


def compile_all() -> int:
    """Write each .mo that is older than its .po; returns how many."""
    written = 0
    for path, catalog in catalogs():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        partial = target.with_suffix(".mo.partial")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(target)
        written += 1
    return written


def _forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value or ""]


def _quotation_faults(language: str, text: str) -> Iterator[str]:
    opening, closing, foreign = QUOTES[language]
    if text.count(opening) != text.count(closing):
        yield f"quotation marks {opening}{closing} do not pair"
    if any(mark in text for mark in foreign):
        yield "quotation marks of another language"
    if '"' in text:
        yield 'typewriter quotation mark (")'
    if re.search(r"\w'|'\w", text):
        yield "typewriter apostrophe (')"


def wording_faults(language: str, text: str) -> list[str]:
    """Return what in a text in `language` breaks the rules of docs/words.md for spaces, quotation marks and apostrophes."""
    shown = ADDRESS.sub("x", PLACEHOLDER.sub("x", text))
    found = list(_quotation_faults(language, shown))
    if re.search(r"\S {2,}\S", shown):
        found.append("two spaces")
    if re.search(r"\s[.,](?:\s|$)", shown):
        found.append("space before a full stop or comma")
    if language == "fr" and any(rule.search(shown) for rule in FRENCH_SPACES):
        found.append("no narrow no-break space at : ; ! ? or inside « »")
    return found


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def target_faults(language: str, source: str, target: str) -> list[str]:
    """Return what is wrong with the wording of one translated form."""
    found = wording_faults(language, target)
    if _edges(source) != _edges(target):
        found.append("spaces or lines at the edges differ")
    if target == source and len(WORD.findall(PLACEHOLDER.sub(" ", source))) > WORDS_THAT_MAY_BE_EQUAL:
        found.append("not translated")
    return found


def faults(message: Message, language: str) -> list[str]:
    """Return what is wrong with one translated message."""
    found = []
    sources, targets = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        found.append("fuzzy")
    if not all(targets):
        return [*found, "missing"]
    wanted = [set(PLACEHOLDER.findall(source)) for source in sources]
    tags = sorted(MARKUP.findall(sources[-1]))
    for form, target in enumerate(targets):
        # A singular may leave its number out ("one reply"); everything else keeps every placeholder.
        allowed = wanted if len(sources) > 1 and form == 0 else [wanted[-1]]
        if set(PLACEHOLDER.findall(target)) not in allowed:
            found.append(f"placeholders differ: {target!r}")
        if sorted(MARKUP.findall(target)) != tags:
            found.append(f"markup differs: {target!r}")
        found += [f"{fault}: {target!r}" for fault in target_faults(language, sources[min(form, len(sources) - 1)], target)]
    return found


def check() -> int:
    """Print every fault; returns how many."""
    count = 0
    for path, catalog in catalogs():
        for message in catalog:
            if not message.id:
                continue
            for fault in faults(message, path.parts[-3]):
                count += 1
                print(f"{path.relative_to(LOCALE.parent)}: {message.id!r}: {fault}")
    print(f"{count} faults in {len(list(LOCALE.glob('*/LC_MESSAGES/*.po')))} files")
    return count


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        print(f"{compile_all()} compiled")
    elif sys.argv[1:] == ["check"]:
        sys.exit(1 if check() else 0)
    else:
        sys.exit(__doc__)
