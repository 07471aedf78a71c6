"""docs/moderation.md says what the code does: the table of transitions is the one of the workflow, names in it exist."""

import re
from pathlib import Path

import pytest

from forum.enums import PostStatus
from moderation.enums import ItemState
from moderation.screening import PHASES
from moderation.workflow import BEFORE, KEEPS_ITEM, SENIOR, TRANSITIONS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "moderation.md"


def cell(values, whole):
    found = sorted(str(value) for value in values)
    return "any" if set(found) == set(whole) else ", ".join(found)


def row(action):
    """Return the line of the document for an action, as the workflow has it."""
    t = TRANSITIONS[action]
    becomes = "as it is" if action in KEEPS_ITEM else "as before" if t.target == BEFORE else str(t.item_target)
    cells = [
        f"`{action}`",
        cell(t.sources, PostStatus.values),
        {"SAME": "same", "BEFORE": "as before"}.get(t.target, t.target),
        cell(t.item_states, ItemState.values),
        becomes,
        "senior" if t.roles == SENIOR else "reviewers",
        "yes" if t.needs_reason else "",
        "yes" if t.needs_second_person else "",
        ", ".join(sorted(t.subjects)),
        t.key,
    ]
    return "| " + " | ".join(cells) + " |"


def table():
    return DOCUMENT.read_text().split("<!-- transitions -->", 1)[1].split("<!-- /transitions -->", 1)[0].strip().splitlines()


@pytest.mark.parametrize("action", list(TRANSITIONS))
def test_line_of_the_document_is_that_of_the_workflow(action):
    assert row(action) in table()


def test_document_has_no_line_too_many():
    assert len(table()) == len(TRANSITIONS) + 2


def test_document_names_every_phase_and_every_key():
    words = DOCUMENT.read_text()
    for phase in PHASES:
        module = phase.__module__.rsplit(".", 1)[1]
        name = "new_author" if module == "author" else module
        assert f"`{name}`" in words
    keys = words.split("Every key presses", 1)[1]
    for key in {t.key for t in TRANSITIONS.values() if t.key}:
        assert f"`{key}`" in keys


@pytest.mark.parametrize("path", ["moderation/workflow.py", "moderation/permissions.py", "tests/moderation/test_workflow_table.py"])
def test_files_that_the_document_names_exist(path):
    assert path in DOCUMENT.read_text()
    assert (DOCUMENT.parents[1] / path).exists()


def test_keys_of_the_script_are_those_of_the_workflow():
    script = (DOCUMENT.parents[1] / "static" / "js" / "queue.js").read_text()
    declared = set(re.findall(r"^  (\w): ", script.split("const KEYS = {", 1)[1].split("};", 1)[0], re.MULTILINE))
    assert {t.key for t in TRANSITIONS.values() if t.key} <= declared
    assert declared == set("acrsgmnujko")
