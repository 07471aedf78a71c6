"""Mails of accounts: in the recipient's language, without a word of the sender, equally much work for a stranger."""

from typing import Any

import pytest
from allauth.core.context import request_context
from django.test import Client, RequestFactory
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from accounts.adapter import AccountAdapter
from accounts.mailing import UNCONFIRMED_MAILS_A_DAY, take_unconfirmed_quota
from accounts.services import confirm_address
from accounts.tasks import send_account_mail
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


def test_stranger_costs_as_much_as_a_member(settings: Any, django_assert_num_queries: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    member = UserFactory(email="member@example.org")
    confirm_address(member)
    queued = []
    for address in ("member@example.org", "nobody@example.org"):
        before = DBTaskResult.objects.count()
        assert Client().post("/en/account/login/", {"login": address, "password": ""}).status_code == 302
        queued.append(DBTaskResult.objects.count() - before)
    assert queued == [1, 1]


def test_mail_to_nobody_is_not_sent(mailoutbox: list[Any]) -> None:
    send_account_mail.call("", "Subject", "Body", "fr")
    assert mailoutbox == []


def test_quota_is_one_for_all_spellings_of_a_mailbox() -> None:
    spellings = ["lieve@example.org", "LIEVE@Example.org ", "lieve+a@example.org", "lieve+b@example.org"]
    assert [take_unconfirmed_quota(spelling) for spelling in spellings] == [True] * UNCONFIRMED_MAILS_A_DAY + [False]
    assert take_unconfirmed_quota("jan@example.org")
