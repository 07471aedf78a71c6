"""The only writers of crises and official notices."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Realm
from accounts.models import User
from crisis.enums import NoticeStatus, ReviewRegime, Scope, Severity, VisibilityRegime
from crisis.models import Crisis, CrisisCountry, CrisisRegion, CrisisText, OfficialNotice, OfficialNoticeText
from crisis.permissions import can_approve_notice, can_open_crisis, can_write_notice
from crisis.publication import raise_generation
from crisis.signals import crisis_closed, crisis_opened, notice_published, notice_withdrawn

TEXT_FIELDS = ("title", "known", "unknown", "doing", "signed_as")


class CrisisNotAllowed(Exception):
    """The actor may not do this; `args[0]` is the reason to show."""


class NoticeIncomplete(Exception):
    """French or Dutch is missing; `languages` holds the codes (coordinated laws of 1966, art. 40)."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = languages


class NoticeConflict(Exception):
    """The notice changed since it was read."""


def _demand(verdict: Any) -> None:
    if not verdict:
        raise CrisisNotAllowed(verdict.reason)


@transaction.atomic
def open_crisis(
    *,
    actor: User,
    scope: str,
    texts: Mapping[str, Mapping[str, str]],
    countries: Iterable[str] = (),
    regions: Iterable[str] = (),
    scope_name: str = "",
    severity: str = Severity.SEVERE,
    review_regime: str = ReviewRegime.PRE,
    visibility_regime: str = VisibilityRegime.PUBLIC,
    realm: str = Realm.LIVE,
    opened_at: Any = None,
) -> Crisis:
    """Declare a crisis. `texts` maps language to {"title", "summary"} and needs French and Dutch (else NoticeIncomplete)."""
    _demand(can_open_crisis(actor))
    missing = [code for code in ("fr", "nl") if not texts.get(code, {}).get("title")]
    if missing:
        raise NoticeIncomplete(missing)
    crisis = Crisis.objects.create(
        scope=scope,
        scope_name=scope_name,
        severity=severity,
        review_regime=review_regime,
        visibility_regime=visibility_regime,
        realm=realm,
        opened_by=actor,
        opened_at=opened_at or timezone.now(),
    )
    CrisisText.objects.bulk_create(CrisisText(crisis=crisis, language=code, **text) for code, text in texts.items() if text.get("title"))
    if scope == Scope.COUNTRIES:
        CrisisCountry.objects.bulk_create(CrisisCountry(crisis=crisis, country_id=code) for code in sorted(set(countries)))
    if scope == Scope.REGIONS:
        CrisisRegion.objects.bulk_create(CrisisRegion(crisis=crisis, region=region) for region in sorted(set(regions)))
    raise_generation()
    crisis_opened.send(sender=Crisis, crisis=crisis)
    return crisis


@transaction.atomic
def close_crisis(*, actor: User, crisis: Crisis) -> Crisis:
    """End a crisis; a second call changes nothing."""
    _demand(can_open_crisis(actor, crisis))
    locked = Crisis.objects.select_for_update().get(pk=crisis.pk)
    if locked.closed_at:
        return locked
    locked.closed_at, locked.closed_by = timezone.now(), actor
    locked.save(update_fields=["closed_at", "closed_by"])
    raise_generation()
    crisis_closed.send(sender=Crisis, crisis=locked)
    return locked


def _write_texts(notice: OfficialNotice, texts: Mapping[str, Mapping[str, str]]) -> None:
    rows = {
        code: OfficialNoticeText.objects.update_or_create(
            notice=notice, language=code, defaults={field: text.get(field, "") for field in TEXT_FIELDS}
        )[0]
        for code, text in texts.items()
        if text.get("title") and text.get("known") and text.get("signed_as")
    }
    notice.text_fr, notice.text_nl = rows.get("fr", notice.text_fr), rows.get("nl", notice.text_nl)


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
    """Write a draft, or change one that is not published. Raises NoticeConflict when `revision` is old."""
    _demand(can_write_notice(actor, country))
    if notice is None:
        notice = OfficialNotice.objects.create(country_id=country, crisis=crisis, written_by=actor, realm=realm)
    else:
        notice = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
        if notice.status == NoticeStatus.PUBLISHED or (revision is not None and notice.revision != revision):
            raise NoticeConflict(notice.public_id)
        notice.status, notice.written_by, notice.approved_by = NoticeStatus.DRAFT, actor, None
        notice.country_id, notice.crisis = country, crisis
        notice.revision += 1
    _write_texts(notice, {code: {"signed_as": signed_as} | dict(text) for code, text in texts.items()})
    notice.save()
    return notice


def _missing_languages(notice: OfficialNotice) -> list[str]:
    return [code for code, pk in (("fr", notice.text_fr_id), ("nl", notice.text_nl_id)) if pk is None]


@transaction.atomic
def submit_notice(*, actor: User, notice: OfficialNotice) -> OfficialNotice:
    """Ask for the second reader; raises NoticeIncomplete without French and Dutch."""
    _demand(can_write_notice(actor, notice.country_id))
    locked = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    if missing := _missing_languages(locked):
        raise NoticeIncomplete(missing)
    if locked.status not in {NoticeStatus.DRAFT, NoticeStatus.SUBMITTED}:
        raise NoticeConflict(locked.public_id)
    locked.status = NoticeStatus.SUBMITTED
    locked.revision += 1
    locked.save(update_fields=["status", "revision"])
    return locked


@transaction.atomic
def approve_notice(*, actor: User, notice: OfficialNotice, revision: int, published_at: Any = None) -> OfficialNotice:
    """Publish as the second reader what was read at `revision`; raises CrisisNotAllowed, NoticeConflict, NoticeIncomplete."""
    locked = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    _demand(can_approve_notice(actor, locked))
    if locked.status != NoticeStatus.SUBMITTED or locked.revision != revision:
        raise NoticeConflict(locked.public_id)
    if missing := _missing_languages(locked):
        raise NoticeIncomplete(missing)
    locked.status, locked.approved_by, locked.published_at = NoticeStatus.PUBLISHED, actor, published_at or timezone.now()
    locked.revision += 1
    locked.save(update_fields=["status", "approved_by", "published_at", "revision"])
    raise_generation()
    notice_published.send(sender=OfficialNotice, notice=locked)
    return locked


@transaction.atomic
def withdraw_notice(*, actor: User, notice: OfficialNotice) -> OfficialNotice:
    """Take a published notice off every page."""
    locked = OfficialNotice.objects.select_for_update().get(pk=notice.pk)
    _demand(can_write_notice(actor, locked.country_id))
    if locked.status == NoticeStatus.WITHDRAWN:
        return locked
    locked.status, locked.withdrawn_at = NoticeStatus.WITHDRAWN, timezone.now()
    locked.revision += 1
    locked.save(update_fields=["status", "withdrawn_at", "revision"])
    raise_generation()
    notice_withdrawn.send(sender=OfficialNotice, notice=locked)
    return locked
