"""Makers of crises and official notices, and an ear for what the services tell."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from crisis.enums import NoticeStatus, Scope
from crisis.models import Crisis, OfficialNotice
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice, withdraw_notice
from crisis.signals import crisis_closed, crisis_opened, notice_published, notice_withdrawn

SIGNALS = {"opened": crisis_opened, "closed": crisis_closed, "published": notice_published, "withdrawn": notice_withdrawn}
TITLES = {"fr": {"title": "Routes coupées", "summary": "Restez sur place."}, "nl": {"title": "Wegen versperd", "summary": "Blijf ter plaatse."}}
WORDS = {
    "fr": {"title": "Restez où vous êtes", "known": "L’aéroport est fermé.", "signed_as": "Centre de crise"},
    "nl": {"title": "Blijf waar u bent", "known": "De luchthaven is dicht.", "signed_as": "Crisiscentrum"},
}


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Collect the names of the domain signals that were sent."""
    names: list[str] = []
    ears = {name: lambda *_args, name=name, **_fields: names.append(name) for name in SIGNALS}
    for name, signal in SIGNALS.items():
        signal.connect(ears[name], weak=False)
    yield names
    for name, signal in SIGNALS.items():
        signal.disconnect(ears[name])


@pytest.fixture
def crisis(staff: Any) -> Callable[..., Crisis]:
    """Return a maker of open crises; about Peru, unless something else is said."""

    def make(**fields: Any) -> Crisis:
        scope = fields.pop("scope", Scope.COUNTRIES)
        if scope == Scope.COUNTRIES:
            fields.setdefault("countries", ["PE"])
        return open_crisis(**({"actor": fields.pop("actor", None) or staff("duty_officer"), "scope": scope, "texts": TITLES} | fields))

    return make


@pytest.fixture
def notice(staff: Any) -> Callable[..., OfficialNotice]:
    """Return a maker of notices brought to a status by a crisis editor and, where it takes two, a spokesperson."""

    def make(status: str = NoticeStatus.DRAFT, *, writer: Any = None, **fields: Any) -> OfficialNotice:
        writer = writer or staff("crisis_editor")
        made = save_notice(actor=writer, **({"texts": WORDS, "country": "PE"} | fields))
        if status in {NoticeStatus.SUBMITTED, NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN}:
            made = submit_notice(actor=writer, notice=made)
        if status in {NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN}:
            made = approve_notice(actor=staff("spokesperson"), notice=made, revision=made.revision)
        return withdraw_notice(actor=writer, notice=made) if status == NoticeStatus.WITHDRAWN else made

    return make


@pytest.fixture
def desk(staff: Any, signed_in: Any) -> Callable[..., Client]:
    """Return a maker of clients for staff of a role; `client.person` is who it is."""

    def make(role: str, **scope: Any) -> Client:
        user = staff(role, **scope)
        client: Client = signed_in(user)
        client.person = user  # type: ignore[attr-defined]
        return client

    return make
