"""Two officers at the same moment, with real connections on PostgreSQL: one crisis, one publication, one text that was read."""

from typing import Any

import pytest
from django.db import connection

from crisis.enums import NoticeStatus
from crisis.models import Crisis, OfficialNotice
from crisis.services import CrisisOpenAlready, NoticeConflict, approve_notice, close_crisis, open_crisis, save_notice, withdraw_notice
from tests.crisis.conftest import TITLES, WORDS
from tests.together import together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server (DATABASE_URL)"),
]

ROUNDS = 6
OTHER = {code: text | {"known": "Autre."} for code, text in WORDS.items()}


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_two_officers_open_one_crisis(staff: Any) -> None:
    officers = [staff("duty_officer"), staff("crisis_editor")]
    for number in range(ROUNDS):
        texts = TITLES | {"fr": {"title": f"Crise {number}"}}
        results = together(*[lambda who=who, texts=texts: open_crisis(actor=who, scope="world", texts=texts) for who in officers])
        assert kinds(results) == ["Crisis", CrisisOpenAlready.__name__]
    assert Crisis.objects.count() == ROUNDS


def test_two_officers_close_it_once(staff: Any, crisis: Any, heard: list[str]) -> None:
    officers = [staff("duty_officer"), staff("crisis_editor")]
    made = crisis()
    first, second = together(*[lambda who=who: close_crisis(actor=who, crisis=made) for who in officers])
    assert (first.closed_at, first.closed_by) == (second.closed_at, second.closed_by)
    assert heard == ["opened", "closed"]


def test_what_is_published_is_what_was_read(staff: Any, notice: Any) -> None:
    second = staff("spokesperson")
    for _ in range(ROUNDS):
        made = notice(NoticeStatus.SUBMITTED)
        writer, read = made.written_by, made.revision
        results = together(
            lambda made=made, read=read: approve_notice(actor=second, notice=made, revision=read),
            lambda made=made, writer=writer: save_notice(actor=writer, notice=made, texts=OTHER, country="PE"),
        )
        assert kinds(results) == [NoticeConflict.__name__, "OfficialNotice"]
        now = OfficialNotice.objects.get(pk=made.pk)
        published = now.status == NoticeStatus.PUBLISHED
        assert now.texts.get(language="fr").known == (WORDS["fr"]["known"] if published else "Autre.")


def test_two_second_readers_publish_once(staff: Any, notice: Any, heard: list[str]) -> None:
    readers = [staff("spokesperson"), staff("supervisor")]
    made = notice(NoticeStatus.SUBMITTED)
    results = together(*[lambda who=who: approve_notice(actor=who, notice=made, revision=made.revision) for who in readers])
    assert kinds(results) == [NoticeConflict.__name__, "OfficialNotice"]
    assert heard == ["published"]


def test_a_notice_that_is_withdrawn_meanwhile_is_not_published(staff: Any, notice: Any) -> None:
    second = staff("spokesperson")
    for _ in range(ROUNDS):
        made = notice(NoticeStatus.SUBMITTED)
        together(
            lambda made=made: approve_notice(actor=second, notice=made, revision=made.revision),
            lambda made=made: withdraw_notice(actor=made.written_by, notice=made),
        )
        assert OfficialNotice.objects.get(pk=made.pk).status == NoticeStatus.WITHDRAWN
