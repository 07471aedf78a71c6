"""Loads crises and official notices: opened by a crisis editor, each notice written by one person and approved by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.enums import Realm
from accounts.models import User
from crisis.models import Crisis, OfficialNotice
from crisis.services import approve_notice, close_crisis, open_crisis, save_notice, submit_notice
from pages.demo.clock import age, happening
from pages.demo.content import Content

CRISIS_EDITOR = "crisis_editor"


def load_crises(content: Content, staff: Mapping[str, User], *, now: datetime) -> dict[str, Crisis]:
    """Open the crises of the file; return them by their key. Those that ended are closed by `close_ended`, after their topics."""
    crises = {}
    for row in content.crises:
        texts = {code: {"title": title, "summary": row["summary"].get(code, "")} for code, title in row["title"].items()}
        with happening(now - age(row["age"])):
            crises[row["slug"]] = open_crisis(
                actor=staff[CRISIS_EDITOR],
                scope=row["scope"],
                countries=row["countries"],
                severity=row["severity"],
                texts=texts,
                realm=Realm.DEMO,
            )
    return crises


def close_ended(content: Content, crises: Mapping[str, Crisis], staff: Mapping[str, User], *, now: datetime) -> None:
    """Close what is over."""
    for row in content.crises:
        if row["closed_age"]:
            with happening(now - age(row["closed_age"])):
                close_crisis(actor=staff[CRISIS_EDITOR], crisis=crises[row["slug"]])


def load_notices(content: Content, crises: Mapping[str, Crisis], staff: Mapping[str, User], *, now: datetime) -> int:
    """Write the notices and bring each to the state that the file gives; return how many."""
    for row in content.notices:
        notice = _write(row, crises, staff, now=now)
        if row["status"] != "draft":
            with happening(now - age(row["age"])):
                notice = submit_notice(actor=staff[row["author"]], notice=notice)
        if row["status"] == "published":
            with happening(now - age(row["approved_age"])):
                approve_notice(actor=staff[row["second_reader"]], notice=notice, revision=notice.revision)
    return len(content.notices)


def _write(row: dict[str, Any], crises: Mapping[str, Crisis], staff: Mapping[str, User], *, now: datetime) -> OfficialNotice:
    with happening(now - age(row["age"])):
        return save_notice(
            actor=staff[row["author"]],
            texts={code: {**text, "signed_as": row["author_function"][code]} for code, text in row["texts"].items()},
            country=row["country"],
            crisis=crises.get(row["crisis"] or ""),
            realm=Realm.DEMO,
        )
