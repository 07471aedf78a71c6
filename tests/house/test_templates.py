"""Every template is used, none writes a style or a script into the page, and none hides text from the translators."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.house.source import ROOT, python_files, relative, templates

TEMPLATES = ROOT / "templates"
# Looked up by name by Django, allauth and Wagtail, from their own code.
THEIRS = ("account/", "mfa/", "socialaccount/", "allauth/", "wagtailadmin/", "wagtailcore/", "django/")
BY_NAME = {"400.html", "403.html", "404.html", "410.html", "429.html", "500.html", "503.html"}
NAMED = re.compile(r"""["']([\w./%{}-]+\.(?:html|txt|xml|svg|css))["']""")


def names() -> list[str]:
    return [path.relative_to(TEMPLATES).as_posix() for path in templates()]


def mentioned() -> set[str]:
    """Return every template name in code and templates; one built from parts stands with `*` in their place."""
    found: set[str] = set()
    for path in [*python_files(), *templates()]:
        found |= set(NAMED.findall(path.read_text(encoding="utf-8")))
    return found


def _pattern(name: str) -> re.Pattern[str]:
    """Return what a name with parts in it ("mails/{kind}.txt", "mails/%s.txt") can become."""
    return re.compile("[\\w-]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}|%s", name)))


def test_every_template_is_used() -> None:
    found = mentioned()
    patterns = [_pattern(name) for name in found if "{" in name or "%s" in name]
    looked_up = [name for name in names() if name in BY_NAME or name.startswith(THEIRS)]
    assert [name for name in names() if name not in found | set(looked_up) and not any(p.fullmatch(name) for p in patterns)] == []


@pytest.mark.parametrize("name", names())
def test_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")", text)
    assert not re.search(r"""(src|href)=["'](https?:)?//(?!\{)""", text)


def test_mails_are_plain_text() -> None:
    mails = [name for name in names() if "/email/" in name]
    assert mails
    assert [name for name in mails if not name.endswith(".txt")] == []
