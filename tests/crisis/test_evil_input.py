"""What an attacker, or a broken keyboard, sends to the crisis desk: refused at its field, given back readable, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crisis.models import Crisis, OfficialNotice, OfficialNoticeText
from tests.crisis.test_desk import CRISIS, NOTICE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OPEN, NEW = "/admin/crises/open/", "/admin/notices/new/"
RLO, HUGE = "\u202e", "9" * 40

EVIL_CRISES: list[tuple[str, Any]] = [
    ("title_fr", f"Routes{RLO} coupées"), ("title_nl", "a\x00b"), ("title_de", "a\ufffdb"), ("title_fr", "\u200b\u200b"), ("title_fr", "x" * 121),
    ("title_fr", "x" * 900_000), ("summary_fr", "x" * 241), ("summary_en", f"{RLO}x"), ("scope", "galaxy"), ("scope", "\x00"), ("scope", ""),
    ("countries", ["ZZ"]), ("countries", ["PE\x00"]), ("countries", []), ("countries", ["pe"]), ("severity", HUGE), ("review_regime", "none"),
    ("visibility_regime", "everybody"), ("title_nl", ""), ("scope_name", f"Ship{RLO}"), ("scope_name", "x" * 81),
]  # fmt: skip
EVIL_NOTICES: list[tuple[str, Any]] = [
    ("title_fr", f"Restez{RLO}"), ("title_nl", "\u3164"), ("known_fr", "a\x00b"), ("known_nl", "\u2067x"), ("known_fr", "x" * 4_001),
    ("known_fr", "x" * 900_000), ("unknown_de", "\ufffd"), ("doing_en", f"{RLO}"), ("signed_as_fr", f"Mini{RLO}stre"), ("signed_as_nl", ""),
    ("signed_as_nl", "\u200b"), ("country", "ZZ"), ("country", "PE\x00"), ("crisis", "ZZZZZZZZZZ"), ("crisis", "\x00"), ("crisis", HUGE),
    ("revision", "-1"), ("revision", "NaN"), ("revision", "²"), ("title_de", "Nur ein Titel"),
]  # fmt: skip


@pytest.fixture
def officer(staff: Callable[..., Any], signed_in: Callable[..., Client]) -> Client:
    return signed_in(staff("duty_officer"))


@pytest.fixture
def speaker(staff: Callable[..., Any], signed_in: Callable[..., Client]) -> Client:
    return signed_in(staff("spokesperson"))


@pytest.mark.parametrize(("field", "value"), EVIL_CRISES, ids=[f"{n}-{field}" for n, (field, _) in enumerate(EVIL_CRISES)])
def test_no_crisis_opens(officer: Client, field: str, value: Any) -> None:
    answer = officer.post(OPEN, CRISIS | {field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert RLO not in answer.content.decode()
    assert not Crisis.objects.exists()


@pytest.mark.parametrize(("field", "value"), EVIL_NOTICES, ids=[f"{n}-{field}" for n, (field, _) in enumerate(EVIL_NOTICES)])
def test_no_notice_is_stored(speaker: Client, field: str, value: Any) -> None:
    answer = speaker.post(NEW, NOTICE | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert RLO not in page
    assert field == "title_fr" or "Restez" in page, "what was typed comes back"
    assert not OfficialNotice.objects.exists()
    assert not OfficialNoticeText.objects.exists()


@pytest.mark.parametrize("field", ["status", "published_at", "written_by", "approved_by", "realm", "public_id", "id"])
def test_forged_fields_of_a_notice_are_not_read(speaker: Client, field: str) -> None:
    assert speaker.post(NEW, NOTICE | {field: "published"}).status_code == 302
    notice = OfficialNotice.objects.get()
    assert notice.status == "draft"
    assert notice.approved_by is None
    assert notice.written_by is not None


@pytest.mark.parametrize("revision", ["", "x", "-1", "0", HUGE, "9" * 5_000, "1.0", "²"])
@pytest.mark.parametrize("step", ["submit", "approve"])
def test_a_step_without_the_revision_that_was_read_changes_nothing(officer: Client, speaker: Client, step: str, revision: str) -> None:
    speaker.post(NEW, NOTICE)
    notice = OfficialNotice.objects.get()
    if step == "approve":
        speaker.post(f"/admin/notices/{notice.public_id}/submit/", {"revision": notice.revision})
        notice.refresh_from_db()
    before = (notice.status, notice.revision)
    answer = (speaker if step == "submit" else officer).post(f"/admin/notices/{notice.public_id}/{step}/", {"revision": revision})
    notice.refresh_from_db()
    assert answer.status_code in {302, 409}
    assert (notice.status, notice.revision) == before


@pytest.mark.parametrize("address", [OPEN, NEW, "/admin/notices/AAAAAAAAAA/approve/", "/admin/crises/AAAAAAAAAA/close/"])
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_who_is_not_of_the_desk_writes_nothing(who: str, address: str, signed_in: Callable[..., Client]) -> None:
    client = Client() if who == "visitor" else signed_in(UserFactory())
    answer = client.post(address, CRISIS | NOTICE)
    assert answer.status_code == (302 if who == "visitor" else 403)
    assert not Crisis.objects.exists()
    assert not OfficialNotice.objects.exists()
