"""An undefined variable in a template of ours fails the test that rendered it: a page with a hole is a wrong page.

Templates of Django, Wagtail and allauth may look for what is not there; `{% if %}`, `{% for %}` and the arguments of `{% include %}` may too,
everywhere.
"""

import sys
from pathlib import Path
from types import FrameType

import pytest
from django.template import engines
from django.template.base import Node
from django.template.loader_tags import IncludeNode

TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")


class UndefinedVariable(Exception):
    """A template of ours asked for something that nobody gave."""


def _rendering(frame: FrameType | None) -> str:
    """Return the file of the template whose node is being rendered; empty for an include, which passes on what may be missing."""
    while frame is not None:
        node = frame.f_locals.get("self")
        origin = getattr(node, "origin", None) if isinstance(node, Node) else None
        if origin is not None:
            return "" if isinstance(node, IncludeNode) else str(origin.name)
        frame = frame.f_back
    return ""


class Undefined(str):
    """Stands for `string_if_invalid`: Django asks whether it holds "%s" and then formats it with the name of the variable."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        where = _rendering(sys._getframe().f_back)
        if where.startswith(TEMPLATES):
            raise UndefinedVariable(f"{variable} in {where.removeprefix(TEMPLATES)[1:]}")
        return ""


@pytest.fixture(autouse=True)
def undefined_variables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make them fail in every test."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined())  # type: ignore[attr-defined]
