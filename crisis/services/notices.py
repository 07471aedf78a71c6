"""Writes official notices and brings each from draft to publication, by two people."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Realm
from accounts.models import User
from crisis.enums import EDITABLE_STATUSES, NoticeStatus
from crisis.models import Crisis, OfficialNotice, OfficialNoticeText
from crisis.permissions import can_approve_notice, can_write_notice
from crisis.publication import raise_generation
from crisis.services.refusals import demand, demand_languages
from crisis.signals import notice_published, notice_withdrawn

TEXT_FIELDS = ("title", "known", "unknown", "doing", "signed_as")


class NoticeConflict(Exception):
    """The notice changed since it was read, or is in a state that does not allow this step."""


def _write_texts(notice: OfficialNotice, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Make the notice's texts those of `texts`: a language that is not there any more goes."""
    rows = {
        code: OfficialNoticeText.objects.update_or_create(
            notice=notice, language=code, defaults={field: text.get(field, "") for field in TEXT_FIELDS}
        )[0]
        for code, text in texts.items()
        if text.get("title") and text.get("known") and text.get("signed_as")
    }
    notice.text_fr, notice.text_nl = rows.get("fr"), rows.get("nl")
    # The pointers are stored first: the database keeps a text that one of them holds.
    notice.save()
    notice.texts.exclude(language__in=sorted(rows)).delete()


@transaction.atomic
def save_notice(
    *,
    actor: User,
    texts: Mapping[str, Mapping[str, str]],
    signed_as: str = "",
    country: str | None = None,
    crisis: Crisis | None = None,
    notice: OfficialNotice | None = None,
    revision: int | None = None,
    realm: str = Realm.LIVE,
) -> OfficialNotice:
    """Write a draft, or change one that is not published: `texts` are all its texts. A notice of a crisis is in its realm.

    Raises CrisisNotAllowed for a country that is not the actor's, the present one or the new one; NoticeConflict when `revision` is
    old, or when the notice was published: what was public stays as it was, a correction is a new notice.
    """
    demand(can_write_notice(actor, country))
    if notice is None:
        notice = OfficialNotice.objects.create(
            country_id=country, crisis=crisis, written_by=actor, realm=crisis.realm if crisis is not None else realm
        )
    else:
        notice = _locked(notice)
        demand(can_write_notice(actor, notice.country_id))
        if notice.status not in EDITABLE_STATUSES or (revision is not None and notice.revision != revision):
            raise NoticeConflict(notice.public_id)
        notice.status, notice.written_by = NoticeStatus.DRAFT, actor
        notice.country_id, notice.crisis = country, crisis
        notice.revision += 1
    _write_texts(notice, {code: {"signed_as": signed_as} | dict(text) for code, text in texts.items()})
    return notice


def _locked(notice: OfficialNotice) -> OfficialNotice:
    locked: OfficialNotice = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    return locked


def _written(notice: OfficialNotice) -> list[str]:
    """Return which of the required languages the notice has."""
    return [code for code, pk in (("fr", notice.text_fr_id), ("nl", notice.text_nl_id)) if pk is not None]


def _move(notice: OfficialNotice, status: str, **stamps: Any) -> OfficialNotice:
    """Store a locked notice's next status; its revision says that it changed."""
    notice.status = status
    for name, value in stamps.items():
        setattr(notice, name, value)
    notice.revision += 1
    notice.save(update_fields=["status", "revision", *stamps])
    return notice


@transaction.atomic
def submit_notice(*, actor: User, notice: OfficialNotice, revision: int | None = None) -> OfficialNotice:
    """Ask for the second reader; a second call changes nothing. Raises CrisisNotAllowed, NoticeConflict, NoticeIncomplete."""
    locked = _locked(notice)
    demand(can_write_notice(actor, locked.country_id))
    if locked.status == NoticeStatus.SUBMITTED:
        return locked
    if locked.status != NoticeStatus.DRAFT or (revision is not None and locked.revision != revision):
        raise NoticeConflict(locked.public_id)
    demand_languages(_written(locked))
    return _move(locked, NoticeStatus.SUBMITTED)


@transaction.atomic
def return_notice(*, actor: User, notice: OfficialNotice) -> OfficialNotice:
    """Give a notice that waits for its second reader back to whoever writes it. Raises CrisisNotAllowed, NoticeConflict."""
    locked = _locked(notice)
    if not can_approve_notice(actor, locked):
        demand(can_write_notice(actor, locked.country_id))
    if locked.status != NoticeStatus.SUBMITTED:
        raise NoticeConflict(locked.public_id)
    return _move(locked, NoticeStatus.DRAFT)


@transaction.atomic
def approve_notice(*, actor: User, notice: OfficialNotice, revision: int, published_at: Any = None) -> OfficialNotice:
    """Publish as the second reader what was read at `revision`; raises CrisisNotAllowed, NoticeConflict, NoticeIncomplete."""
    locked = _locked(notice)
    demand(can_approve_notice(actor, locked))
    if locked.status != NoticeStatus.SUBMITTED or locked.revision != revision:
        raise NoticeConflict(locked.public_id)
    demand_languages(_written(locked))
    _move(locked, NoticeStatus.PUBLISHED, approved_by=actor, published_at=published_at or timezone.now())
    raise_generation()
    notice_published.send(sender=OfficialNotice, notice=locked)
    return locked


@transaction.atomic
def withdraw_notice(*, actor: User, notice: OfficialNotice) -> OfficialNotice:
    """Take a published notice off every page, or put a draft aside; a second call changes nothing. Raises CrisisNotAllowed."""
    locked = _locked(notice)
    demand(can_write_notice(actor, locked.country_id))
    if locked.status == NoticeStatus.WITHDRAWN:
        return locked
    was_public = locked.status == NoticeStatus.PUBLISHED
    _move(locked, NoticeStatus.WITHDRAWN, withdrawn_at=timezone.now())
    if was_public:
        raise_generation()
        notice_withdrawn.send(sender=OfficialNotice, notice=locked)
    return locked
