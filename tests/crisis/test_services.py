"""Crises and official notices: rights, two people, two languages, conflicts, and what the public generation does."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crisis.banner import open_crises, touching
from crisis.enums import NoticeStatus, Scope, VisibilityRegime
from crisis.models import Crisis, OfficialNotice
from crisis.permissions import can_approve_notice
from crisis.publication import current_generation
from crisis.services import (
    CrisisNotAllowed,
    NoticeConflict,
    NoticeIncomplete,
    approve_notice,
    close_crisis,
    open_crisis,
    save_notice,
    submit_notice,
    withdraw_notice,
)
from crisis.signals import crisis_closed, crisis_opened, notice_published

pytestmark = pytest.mark.django_db

TEXTS = {"fr": {"title": "Routes coupées", "summary": "Restez sur place."}, "nl": {"title": "Wegen versperd", "summary": "Blijf ter plaatse."}}
NOTICE = {
    "fr": {"title": "Restez où vous êtes", "known": "L’aéroport est fermé.", "unknown": "", "doing": ""},
    "nl": {"title": "Blijf waar u bent", "known": "De luchthaven is dicht.", "unknown": "", "doing": ""},
}


@pytest.fixture
def heard():
    """Collect the domain signals that were sent."""
    names = []
    pairs = [(s, lambda *a, n=n, **k: names.append(n)) for n, s in
             {"opened": crisis_opened, "closed": crisis_closed, "notice": notice_published}.items()]  # fmt: skip
    for signal, receiver in pairs:
        signal.connect(receiver, weak=False)
    yield names
    for signal, receiver in pairs:
        signal.disconnect(receiver)


def opened(staff, **fields):
    return open_crisis(actor=staff("duty_officer"), scope=Scope.COUNTRIES, countries=["PE"], texts=TEXTS, **fields)


def published_notice(staff, **fields):
    notice = save_notice(actor=staff("crisis_editor"), texts=NOTICE, signed_as="Centre de crise", country="PE", **fields)
    notice = submit_notice(actor=notice.written_by, notice=notice)
    return approve_notice(actor=staff("spokesperson"), notice=notice, revision=notice.revision)


def test_open_crisis_is_in_the_banner_of_its_country_alone(staff, heard):
    before = current_generation()
    opened(staff)
    banner = open_crises("nl")
    assert [c.title for c in touching(banner, ["PE"])] == ["Wegen versperd"]
    assert touching(banner, ["FR"]) == []
    assert current_generation() > before
    assert heard == ["opened"]


def test_a_language_without_text_falls_back_to_french(staff):
    opened(staff)
    (crisis,) = open_crises("de")
    assert (crisis.title, crisis.language) == ("Routes coupées", "fr")


@pytest.mark.parametrize("role", ["moderator", "embassy", "analyst", "administrator", "supervisor", "spokesperson", "resident"])
def test_other_roles_cannot_open_a_crisis(staff, heard, role):
    with pytest.raises(CrisisNotAllowed):
        open_crisis(actor=staff(role), scope=Scope.WORLD, texts=TEXTS)
    assert not Crisis.objects.exists()
    assert heard == []


def test_a_crisis_needs_french_and_dutch(staff):
    with pytest.raises(NoticeIncomplete) as caught:
        open_crisis(actor=staff("duty_officer"), scope=Scope.WORLD, texts={"fr": TEXTS["fr"]})
    assert caught.value.languages == ["nl"]
    assert not Crisis.objects.exists()


def test_close_crisis_twice_changes_once(staff, heard):
    crisis = opened(staff)
    officer = crisis.opened_by
    first = close_crisis(actor=officer, crisis=crisis)
    second = close_crisis(actor=officer, crisis=crisis)
    assert first.closed_at == second.closed_at
    assert open_crises("fr") == []
    assert heard == ["opened", "closed"]


def test_a_named_scope_without_a_name_is_refused_by_the_database(staff):
    with pytest.raises(IntegrityError, match="crisis_named_scope_has_name"), transaction.atomic():
        Crisis.objects.create(scope=Scope.SHIP, opened_by=staff("duty_officer"), opened_at=timezone.now())


def test_notice_is_published_by_a_second_person(staff, heard):
    notice = published_notice(staff)
    assert notice.status == NoticeStatus.PUBLISHED
    assert notice.approved_by != notice.written_by
    assert list(OfficialNotice.objects.published().for_country("PE")) == [notice]
    assert heard == ["notice"]


def test_the_writer_cannot_approve_even_with_the_role(staff, heard):
    notice = save_notice(actor=staff("crisis_editor"), texts=NOTICE, signed_as="x")
    submit_notice(actor=notice.written_by, notice=notice)
    notice.refresh_from_db()
    assert not can_approve_notice(notice.written_by, notice)
    with pytest.raises(CrisisNotAllowed):
        approve_notice(actor=notice.written_by, notice=notice, revision=notice.revision)
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.SUBMITTED
    assert heard == []


def test_a_notice_without_dutch_cannot_be_submitted(staff):
    notice = save_notice(actor=staff("crisis_editor"), texts={"fr": NOTICE["fr"]}, signed_as="x")
    with pytest.raises(NoticeIncomplete) as caught:
        submit_notice(actor=notice.written_by, notice=notice)
    assert caught.value.languages == ["nl"]
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.DRAFT


def test_the_database_forbids_publication_without_dutch(staff):
    notice = save_notice(actor=staff("crisis_editor"), texts={"fr": NOTICE["fr"]}, signed_as="x")
    changes = {"status": "published", "approved_by": staff("spokesperson"), "published_at": timezone.now()}
    with pytest.raises(IntegrityError, match="crisis_notice_fr_and_nl"), transaction.atomic():
        OfficialNotice.objects.filter(pk=notice.pk).update(**changes)


def test_the_database_forbids_one_pair_of_eyes(staff):
    notice = save_notice(actor=staff("crisis_editor"), texts=NOTICE, signed_as="x")
    with pytest.raises(IntegrityError, match="crisis_notice_four_eyes"), transaction.atomic():
        OfficialNotice.objects.filter(pk=notice.pk).update(status="published")
    with pytest.raises(IntegrityError, match="crisis_notice_other_eyes"), transaction.atomic():
        OfficialNotice.objects.filter(pk=notice.pk).update(approved_by=notice.written_by)


def test_approving_a_text_that_changed_since_it_was_read_is_a_conflict(staff):
    notice = save_notice(actor=staff("crisis_editor"), texts=NOTICE, signed_as="x")
    notice = submit_notice(actor=notice.written_by, notice=notice)
    read_at = notice.revision
    save_notice(actor=notice.written_by, texts=NOTICE, signed_as="y", notice=notice)
    with pytest.raises(NoticeConflict):
        approve_notice(actor=staff("spokesperson"), notice=notice, revision=read_at)
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.DRAFT


@pytest.mark.parametrize(("country", "allowed"), [("PE", True), ("BO", False), (None, False)])
def test_embassy_staff_write_about_their_own_countries_alone(staff, country, allowed):
    actor = staff("embassy", country="PE")
    if allowed:
        assert save_notice(actor=actor, texts=NOTICE, signed_as="Ambassade", country=country).country_id == country
        return
    with pytest.raises(CrisisNotAllowed):
        save_notice(actor=actor, texts=NOTICE, signed_as="Ambassade", country=country)
    assert not OfficialNotice.objects.exists()


def test_withdrawn_notice_is_on_no_page(staff):
    notice = published_notice(staff)
    withdraw_notice(actor=staff("duty_officer"), notice=notice)
    assert not OfficialNotice.objects.published().exists()


def test_visibility_regime_reaches_topics_about_the_country(staff):
    crisis = opened(staff, visibility_regime=VisibilityRegime.STAFF)
    assert [c.visibility_regime for c in open_crises("fr")] == [crisis.visibility_regime]
