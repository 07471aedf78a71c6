"""The official word step by step: every step from every status by every role; two people, two languages, one revision."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.enums import Realm, Role
from crisis.enums import EDITABLE_STATUSES, NoticeStatus
from crisis.models import OfficialNotice, OfficialNoticeText
from crisis.permissions import SECOND_READER_ROLES, WRITER_ROLES, can_approve_notice, can_write_notice
from crisis.publication import current_generation
from crisis.services import (
    CrisisNotAllowed,
    NoticeConflict,
    NoticeIncomplete,
    approve_notice,
    return_notice,
    save_notice,
    submit_notice,
    withdraw_notice,
)
from tests.crisis.conftest import WORDS

pytestmark = pytest.mark.django_db

GRANTED = sorted(set(Role) - {Role.ANONYMOUS, Role.MEMBER, Role.TRUSTED})
NEW_WORDS = {code: text | {"title": f"{text['title']} !"} for code, text in WORDS.items()}

STEPS: dict[str, Callable[[Any, OfficialNotice], OfficialNotice]] = {
    "save": lambda actor, notice: save_notice(actor=actor, notice=notice, texts=NEW_WORDS, country="PE"),
    "submit": lambda actor, notice: submit_notice(actor=actor, notice=notice),
    "return": lambda actor, notice: return_notice(actor=actor, notice=notice),
    "approve": lambda actor, notice: approve_notice(actor=actor, notice=notice, revision=notice.revision),
    "withdraw": lambda actor, notice: withdraw_notice(actor=actor, notice=notice),
}
# Step → from which status to which. What is missing is refused, or (same status) changes nothing.
LEADS = {
    ("save", "draft"): "draft",
    ("save", "submitted"): "draft",
    ("submit", "draft"): "submitted",
    ("submit", "submitted"): "submitted",
    ("return", "submitted"): "draft",
    ("approve", "submitted"): "published",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "submitted"): "withdrawn",
    ("withdraw", "published"): "withdrawn",
    ("withdraw", "withdrawn"): "withdrawn",
}
# Who takes a step, with a grant for every country.
TAKERS = {
    "save": set(WRITER_ROLES),
    "submit": set(WRITER_ROLES),
    "return": set(WRITER_ROLES) | set(SECOND_READER_ROLES),
    "approve": set(SECOND_READER_ROLES),
    "withdraw": set(WRITER_ROLES),
}


def state_of(notice: OfficialNotice) -> tuple[Any, ...]:
    row = OfficialNotice.objects.get(pk=notice.pk)
    texts = sorted(row.texts.values_list("language", "title", "known", "signed_as"))
    return row.status, row.revision, row.written_by_id, row.approved_by_id, row.published_at, row.withdrawn_at, texts


@pytest.mark.parametrize("status", NoticeStatus.values)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", GRANTED)
def test_every_step_from_every_status_by_every_role(staff: Any, notice: Any, heard: list[str], step: str, status: str, role: str) -> None:
    made, somebody = notice(status), staff(role)
    before, told, generation = state_of(made), list(heard), current_generation()
    target = LEADS.get((step, status))
    if role not in TAKERS[step]:
        with pytest.raises(CrisisNotAllowed):
            STEPS[step](somebody, made)
    elif target is None:
        with pytest.raises(NoticeConflict):
            STEPS[step](somebody, made)
    else:
        assert STEPS[step](somebody, made).status == target
        news = {"approve": ["published"], "withdraw": ["withdrawn"] if status == "published" else []}.get(step, [])
        assert heard == told + news
        assert (current_generation() > generation) is bool(news)
        assert (state_of(made)[1] == before[1]) is (status == target and step != "save")
        return
    assert state_of(made) == before
    assert heard == told
    assert current_generation() == generation


def test_embassy_scope(staff: Any) -> None:
    there, everywhere = staff("embassy", country="PE"), staff("embassy")
    table = {("PE", True): there, ("BO", False): there, (None, False): there}
    assert {key: bool(can_write_notice(user, key[0])) for key, user in table.items()} == {key: key[1] for key in table}
    assert can_write_notice(everywhere, "BO")
    assert not can_write_notice(everywhere, None)


def test_embassy_staff_do_not_take_over_the_notice_of_another_country(staff: Any, notice: Any) -> None:
    made, there = notice(country="BO"), staff("embassy", country="PE")
    before = state_of(made)
    with pytest.raises(CrisisNotAllowed):
        save_notice(actor=there, notice=made, texts=NEW_WORDS, country="PE")
    with pytest.raises(CrisisNotAllowed):
        save_notice(actor=there, notice=notice(country="PE"), texts=NEW_WORDS, country="BO")
    assert state_of(made) == before
    assert OfficialNotice.objects.get(pk=made.pk).country_id == "BO"


@pytest.mark.parametrize("role", SECOND_READER_ROLES)
def test_nobody_reads_their_own_text_as_the_second_person(staff: Any, notice: Any, role: str) -> None:
    writer = staff("crisis_editor")
    writer.grants.create(role=role, reason="test")
    made = notice(NoticeStatus.SUBMITTED, writer=writer)
    assert not can_approve_notice(writer, made)
    with pytest.raises(CrisisNotAllowed):
        approve_notice(actor=writer, notice=made, revision=made.revision)
    assert not OfficialNotice.objects.published().exists()


def test_a_second_reader_who_changes_the_text_needs_another_one(staff: Any, notice: Any) -> None:
    made, second = notice(NoticeStatus.SUBMITTED), staff("spokesperson")
    made = save_notice(actor=second, notice=made, texts=NEW_WORDS, country="PE")
    assert made.written_by == second
    made = submit_notice(actor=second, notice=made)
    with pytest.raises(CrisisNotAllowed):
        approve_notice(actor=second, notice=made, revision=made.revision)
    assert not OfficialNotice.objects.published().exists()


def test_a_language_that_was_emptied_is_gone(notice: Any) -> None:
    german = {"title": "Bleiben Sie", "known": "Gesperrt.", "signed_as": "Krisenzentrum"}
    made = notice(texts=WORDS | {"de": german})
    assert sorted(made.texts.values_list("language", flat=True)) == ["de", "fr", "nl"]
    save_notice(actor=made.written_by, notice=made, texts=WORDS, country="PE")
    assert sorted(made.texts.values_list("language", flat=True)) == ["fr", "nl"]


@pytest.mark.parametrize("gone", ["fr", "nl"])
def test_a_draft_may_lose_a_required_language_and_then_goes_no_further(notice: Any, gone: str) -> None:
    made = notice()
    rest = {code: text for code, text in WORDS.items() if code != gone}
    made = save_notice(actor=made.written_by, notice=made, texts=rest, country="PE")
    assert (made.text_fr is None, made.text_nl is None) == (gone == "fr", gone == "nl")
    with pytest.raises(NoticeIncomplete) as caught:
        submit_notice(actor=made.written_by, notice=made)
    assert caught.value.languages == [gone]
    assert OfficialNotice.objects.get().status == NoticeStatus.DRAFT


@pytest.mark.parametrize("field", ["title", "known", "signed_as"])
def test_a_text_without_its_parts_is_no_text(notice: Any, field: str) -> None:
    made = notice(texts=WORDS | {"nl": WORDS["nl"] | {field: ""}})
    assert list(made.texts.values_list("language", flat=True)) == ["fr"]


@pytest.mark.parametrize("read", [-1, 0, 1, 3, 2**40])
def test_only_the_revision_that_was_read_moves(staff: Any, notice: Any, read: int) -> None:
    made = notice(NoticeStatus.SUBMITTED)
    assert made.revision == 2
    with pytest.raises(NoticeConflict):
        approve_notice(actor=staff("spokesperson"), notice=made, revision=read)
    draft = notice()
    with pytest.raises(NoticeConflict):
        submit_notice(actor=draft.written_by, notice=draft, revision=read if read != 1 else 2)
    with pytest.raises(NoticeConflict):
        save_notice(actor=draft.written_by, notice=draft, texts=NEW_WORDS, country="PE", revision=read if read != 1 else 2)
    assert sorted(OfficialNotice.objects.values_list("status", flat=True)) == ["draft", "submitted"]


def test_the_second_reader_who_gives_back_leaves_the_writer_free_to_go_on(staff: Any, notice: Any) -> None:
    made = notice(NoticeStatus.SUBMITTED)
    made = return_notice(actor=staff("supervisor"), notice=made)
    assert (made.status, made.approved_by) == (NoticeStatus.DRAFT, None)
    made = submit_notice(actor=made.written_by, notice=made)
    assert approve_notice(actor=staff("supervisor"), notice=made, revision=made.revision).status == NoticeStatus.PUBLISHED


@pytest.mark.parametrize("realm", Realm.values)
def test_a_notice_lives_where_its_crisis_does(crisis: Any, notice: Any, realm: str) -> None:
    made = notice(NoticeStatus.PUBLISHED, crisis=crisis(realm=realm), country=None)
    assert made.realm == realm
    assert OfficialNotice.objects.published().exists() is (realm != Realm.PRACTICE)
    assert OfficialNotice.objects.published().for_country("PE").exists() is (realm != Realm.PRACTICE)


def test_the_desk_lists_by_what_is_to_be_done(notice: Any) -> None:
    made = {status: [notice(status), notice(status)] for status in NoticeStatus.values}
    order = ["submitted", "draft", "published", "withdrawn"]
    assert list(OfficialNotice.objects.desk_order()) == [row for status in order for row in reversed(made[status])]


def test_the_newest_publication_stands_first(staff: Any, notice: Any) -> None:
    made = [notice(NoticeStatus.SUBMITTED) for _ in range(3)]
    now = timezone.now()
    for hours, row in zip((2, 1, 3), made, strict=True):
        approve_notice(actor=staff("spokesperson"), notice=row, revision=row.revision, published_at=now - timedelta(hours=hours))
    assert list(OfficialNotice.objects.published().newest()) == [made[1], made[0], made[2]]


@pytest.mark.parametrize("status", sorted(set(NoticeStatus.values) - {str(s) for s in EDITABLE_STATUSES}))
def test_what_was_public_stays_word_for_word(notice: Any, status: str) -> None:
    made = notice(status)
    before = list(OfficialNoticeText.objects.order_by("pk").values())
    with pytest.raises(NoticeConflict):
        save_notice(actor=made.written_by, notice=made, texts=NEW_WORDS, country="PE", revision=made.revision)
    assert list(OfficialNoticeText.objects.order_by("pk").values()) == before
