"""Lets staff in: an operator makes an account and a one-time link, the person sets up how to sign in. The only writer of EnrolmentLink."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import AccountEventKind, Language
from accounts.events import record_event
from accounts.models import EnrolmentLink, User
from accounts.second_factor import remove_second_factors
from accounts.services import confirm_address, grant_role

LINK_LIFE = timedelta(hours=72)


class EnrolmentLinkNotUsable(Exception):
    """The link is unknown, was used, is past its moment, or its person may not sign in."""


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def ensure_staff(*, email: str, role: str, country: str | None = None, language: str = "") -> User:
    """Return the person with this address, made when missing, who holds `role` (granted by the command line, once)."""
    user: User = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, language=language or Language.FR)
    held = user.grants.current().filter(role=role, country_id=country, language=language)
    if not held.exists():
        grant_role(user=user, role=role, actor=None, reason="create_staff", country=country, language=language)
    return user


@transaction.atomic
def issue_enrolment_link(*, user: User, detail: str = "") -> str:
    """Return the address of a new one-time link; links that this person had before work no longer."""
    EnrolmentLink.objects.filter(user=user, used_at__isnull=True).update(used_at=timezone.now())
    secret = secrets.token_urlsafe(32)
    EnrolmentLink.objects.create(user=user, digest=_digest(secret), expires_at=timezone.now() + LINK_LIFE)
    record_event(AccountEventKind.ENROLMENT_ISSUED, user=user, actor=None, detail=detail)
    with translation.override(user.language):
        return settings.BASE_URL + reverse("account_enrol", args=[secret])


@transaction.atomic
def reset_second_factor(*, user: User) -> None:
    """Take second factors and password away and end every session: whoever found the lost telephone gets nowhere."""
    remove_second_factors(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record_event(AccountEventKind.SECOND_FACTOR_RESET, user=user, actor=None)


def user_of_link(secret: str) -> User:
    """Return whom a link is for, without using it (mail scanners open links). Raises EnrolmentLinkNotUsable."""
    link = EnrolmentLink.objects.usable().select_related("user").filter(digest=_digest(secret)).first()
    if link is None:
        raise EnrolmentLinkNotUsable
    user: User = link.user
    return user


@transaction.atomic
def use_enrolment_link(*, secret: str, password: str = "") -> User:
    """Use a link up and return its person, address confirmed and password set. Raises EnrolmentLinkNotUsable, also for whoever comes second."""
    user = user_of_link(secret)
    if not EnrolmentLink.objects.usable().filter(digest=_digest(secret)).update(used_at=timezone.now()):
        raise EnrolmentLinkNotUsable
    confirm_address(user)
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    record_event(AccountEventKind.ENROLMENT_USED, user=user, actor=user)
    return user
