"""Mails of accounts: in the recipient's language, without a word of the sender, equally much work for a stranger."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.core.context import request_context
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accounts.adapter import AccountAdapter
from accounts.mailing import UNCONFIRMED_MAILS_A_DAY, take_unconfirmed_quota
from accounts.models import WaitingMail
from accounts.services import confirm_address
from accounts.tasks import send_waiting_mail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PREFIXES = [
    "account/email/account_already_exists",
    "account/email/email_changed",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_reset_code",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_mail_is_whole(prefix: str, language: str, mailoutbox: list[Any]) -> None:
    person = UserFactory(language=language, pseudonym="Lieve <b>&</b>", pseudonym_key="lieveb")
    confirm_address(person)
    request = RequestFactory().get("/")
    context = {"user": person, "code": "1234-5678", "from_email": "typed@evil.example", "to_email": "typed@evil.example", "ip": "198.51.100.7"}
    with translation.override("en"), request_context(request):
        AccountAdapter(request).send_mail(prefix, person.email, context)
    mail = mailoutbox[0]
    assert mail.to == [person.email]
    assert mail.extra_headers["Content-Language"] == language
    assert "\n" not in mail.subject
    assert len(mail.subject) > 5
    assert "http://localhost:8000" in mail.body
    for word in ("{{", "{%", "Lieve", "evil.example", "198.51.100.7", "&amp;", "&#x27;"):
        assert word not in mail.subject + mail.body
    assert ("1234-5678" in mail.body) == (("code" in prefix and "codes" not in prefix) or "confirmation" in prefix)


def test_stranger_costs_as_much_as_a_member(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    member = UserFactory(email="member@example.org")
    confirm_address(member)
    queued = []
    for address in ("member@example.org", "nobody@example.org"):
        before = DBTaskResult.objects.count()
        assert Client().post("/en/account/login/", {"login": address, "password": ""}).status_code == 302
        queued.append(DBTaskResult.objects.count() - before)
    assert queued == [1, 1]
    assert sorted(WaitingMail.objects.values_list("to", flat=True)) == ["", "member@example.org"]
    assert not any("1234" in str(row.args_kwargs) or "@" in str(row.args_kwargs) for row in DBTaskResult.objects.all())


def waiting(**fields: Any) -> WaitingMail:
    return WaitingMail.objects.create(**({"to": "a@example.org", "subject": "Subject", "body": "1234-5678", "language": "fr"} | fields))


def test_mail_is_forgotten_once_it_has_left(mailoutbox: list[Any]) -> None:
    mail = waiting()
    send_waiting_mail.call(mail.pk)
    send_waiting_mail.call(mail.pk)
    assert [sent.to for sent in mailoutbox] == [["a@example.org"]]
    assert not WaitingMail.objects.exists()


def test_mail_to_nobody_is_not_sent(mailoutbox: list[Any]) -> None:
    send_waiting_mail.call(waiting(to="").pk)
    assert mailoutbox == []
    assert not WaitingMail.objects.exists()


def test_mail_that_waited_too_long_is_not_sent(mailoutbox: list[Any]) -> None:
    old, fresh = waiting(), waiting()
    WaitingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=2))
    send_waiting_mail.call(old.pk)
    assert mailoutbox == []
    assert list(WaitingMail.objects.all()) == [fresh]


def test_mail_stays_while_the_server_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = waiting()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError("down")))
    with pytest.raises(OSError, match="down"):
        send_waiting_mail.call(mail.pk)
    assert WaitingMail.objects.filter(pk=mail.pk).exists()


def test_quota_is_one_for_all_spellings_of_a_mailbox() -> None:
    spellings = ["lieve@example.org", "LIEVE@Example.org ", "lieve+a@example.org", "lieve+b@example.org"]
    assert [take_unconfirmed_quota(spelling) for spelling in spellings] == [True] * UNCONFIRMED_MAILS_A_DAY + [False]
    assert take_unconfirmed_quota("jan@example.org")


def test_quota_holds_for_forms_that_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that read the same count must not both send: each mail has a place of its own."""
    taken: list[str] = []
    original = cache.add

    def add(key: str, *rest: Any) -> bool:
        taken.append(key)
        return bool(original(key, *rest))

    monkeypatch.setattr(cache, "add", add, raising=False)
    monkeypatch.setattr(cache, "get", lambda *_: 0, raising=False)
    assert [take_unconfirmed_quota("piet@example.org") for _ in range(10)].count(True) == UNCONFIRMED_MAILS_A_DAY
    assert len(set(taken)) == UNCONFIRMED_MAILS_A_DAY
