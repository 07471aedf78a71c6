"""Crises and official notices: rights, two people, two languages, conflicts, and what the public generation does."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crisis.banner import open_crises, touching
from crisis.enums import NoticeStatus, Scope, VisibilityRegime
from crisis.models import OfficialNotice
from crisis.publication import current_generation
from crisis.services import (
    approve_notice,
    open_crisis,
    save_notice,
    submit_notice,
    withdraw_notice,
)

pytestmark = pytest.mark.django_db

TEXTS = {"fr": {"title": "Routes coupées", "summary": "Restez sur place."}, "nl": {"title": "Wegen versperd", "summary": "Blijf ter plaatse."}}
NOTICE = {
    "fr": {"title": "Restez où vous êtes", "known": "L’aéroport est fermé.", "unknown": "", "doing": ""},
    "nl": {"title": "Blijf waar u bent", "known": "De luchthaven is dicht.", "unknown": "", "doing": ""},
}


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


def test_notice_is_published_by_a_second_person(staff, heard):
    notice = published_notice(staff)
    assert notice.status == NoticeStatus.PUBLISHED
    assert notice.approved_by != notice.written_by
    assert list(OfficialNotice.objects.published().for_country("PE")) == [notice]
    assert heard == ["published"]


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


def test_withdrawn_notice_is_on_no_page(staff):
    notice = published_notice(staff)
    withdraw_notice(actor=staff("duty_officer"), notice=notice)
    assert not OfficialNotice.objects.published().exists()


def test_visibility_regime_reaches_topics_about_the_country(staff):
    crisis = opened(staff, visibility_regime=VisibilityRegime.STAFF)
    assert [c.visibility_regime for c in open_crises("fr")] == [crisis.visibility_regime]
