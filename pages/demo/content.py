"""Reads the demonstration's texts (pages/data/demo/), which editors write, and says what state they are in."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "demo"
FILES = ("people.json", "staff.json", "tags.json", "crises.json", "topics.jsonl")
# A domain that can never receive mail (RFC 2606): by it the demonstration knows its own people.
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Content:
    """Everything to load, as the files have it."""

    people: list[dict[str, Any]]
    staff: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    crises: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    topics: list[dict[str, Any]]


def _json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def read_content() -> Content:
    """Return the content of the files."""
    crises = _json("crises.json")
    lines = (DATA / "topics.jsonl").read_text(encoding="utf-8").splitlines()
    return Content(
        people=_json("people.json"),
        staff=_json("staff.json"),
        tags=_json("tags.json"),
        crises=crises["crises"],
        notices=crises["notices"],
        topics=[json.loads(line) for line in lines if line.strip()],
    )


def content_digest() -> str:
    """Return a digest of the files: another one means that a loaded demonstration is of an older release."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()


def person_email(key: str) -> str:
    """Return the address of a person of people.json."""
    return f"{key}@{DOMAIN}"
