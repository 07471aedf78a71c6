"""Retention of accounts: a sign-up that nobody confirmed leaves nothing behind, and nothing else goes with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts import retention
from accounts.models import ProfileVersion, User
from accounts.retention import UNCONFIRMED_LIFE, forget_unconfirmed_sign_ups
from notifications.periodic import PERIODIC
from tests.accounts.test_sign_up import confirm, sign_up
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LATE = UNCONFIRMED_LIFE + timedelta(minutes=1)


def test_unconfirmed_sign_up_is_gone_after_seven_days_with_its_name(client: Client) -> None:
    sign_up(client)
    assert forget_unconfirmed_sign_ups(timezone.now() + UNCONFIRMED_LIFE - timedelta(minutes=1)) == 0
    assert ProfileVersion.objects.count() == 1
    assert forget_unconfirmed_sign_ups(timezone.now() + LATE) == 1
    assert not User.objects.filter(email="lieve@example.org").exists()
    assert not ProfileVersion.objects.exists()
    assert not EmailAddress.objects.exists()
    assert forget_unconfirmed_sign_ups(timezone.now() + LATE) == 0


def test_the_address_can_sign_up_again(client: Client, mailed_code: Callable[[], str]) -> None:
    sign_up(client)
    forget_unconfirmed_sign_ups(timezone.now() + LATE)
    other = Client()
    sign_up(other)
    assert confirm(other, mailed_code()).status_code == 302
    assert EmailAddress.objects.get(email="lieve@example.org").verified


def test_confirmed_account_stays(client: Client, mailed_code: Callable[[], str]) -> None:
    sign_up(client)
    confirm(client, mailed_code())
    assert forget_unconfirmed_sign_ups(timezone.now() + LATE) == 0
    assert User.objects.filter(email="lieve@example.org").exists()


@pytest.mark.parametrize("fields", [{"archive_source": "group"}, {"is_system": True}, {"is_superuser": True}, {"last_login": timezone.now()}])
def test_other_accounts_without_a_confirmed_address_stay(fields: dict[str, Any]) -> None:
    person = UserFactory(date_joined=timezone.now() - LATE, **fields)
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=False)
    assert forget_unconfirmed_sign_ups() == 0
    assert User.objects.filter(pk=person.pk).exists()


def test_staff_who_did_not_enrol_yet_stay(staff: Callable[..., User]) -> None:
    person = staff("moderator")
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - LATE, last_login=None)
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": False})
    assert forget_unconfirmed_sign_ups() == 0
    assert person.grants.count() == 1


def test_address_that_is_confirmed_between_reading_and_deleting_stays(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(client)
    listed = retention.unconfirmed_sign_ups

    def list_then_confirm(now: Any = None) -> list[int]:
        keys = listed(now)
        EmailAddress.objects.update(verified=True)
        return keys

    monkeypatch.setattr(retention, "unconfirmed_sign_ups", list_then_confirm)
    assert forget_unconfirmed_sign_ups(timezone.now() + LATE) == 0
    assert User.objects.filter(email="lieve@example.org").exists()
    assert ProfileVersion.objects.count() == 1


def test_the_worker_does_it_every_night() -> None:
    assert [sweep.run for sweep in PERIODIC if sweep.name == "forget_unconfirmed"] == [forget_unconfirmed_sign_ups]
