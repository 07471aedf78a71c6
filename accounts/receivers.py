"""What follows when allauth says that something happened (its own signals, not the ORM's)."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.enums import AccountEventKind
from accounts.events import record_event
from accounts.models import User
from accounts.services import SIGNED_UP_SESSION_KEY, confirm_sign_up


@receiver(email_confirmed, dispatch_uid="accounts.confirm_sign_up")
def on_email_confirmed(sender: type, *, request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """The first confirmation of an address ends the sign-up; a later one (another address) changes nothing here."""
    user: User = email_address.user
    if user.last_login is not None or request.user.is_authenticated:
        return
    same_browser = request.session.pop(SIGNED_UP_SESSION_KEY, None) == user.pk
    gave_password = any(record.get("method") == "password" for record in get_authentication_records(request, user))
    wished = user.profile_versions.exists()
    if not confirm_sign_up(user=user, same_person=same_browser or gave_password) and wished:
        messages.warning(request, gettext("Your name could not be kept. Please choose one in your profile."))


@receiver(authenticator_added, dispatch_uid="accounts.second_factor_added")
def on_authenticator_added(sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Somebody set an app up."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_event(AccountEventKind.SECOND_FACTOR_ADDED, user=user, actor=user)


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor_removed")
def on_authenticator_removed(sender: type, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A member took the second factor away."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_event(AccountEventKind.SECOND_FACTOR_REMOVED, user=user, actor=user)
