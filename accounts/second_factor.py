"""Second factors of staff: who has one, and whether it was shown in this session."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User

# allauth keeps beside the records whose they are (allauth.account.internal.flows.login).
OWNER_SESSION_KEY = "account_authentication_methods_user"


def has_second_factor(user: User) -> bool:
    """Say whether an authenticator app is set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def shown_in_session(request: HttpRequest) -> bool:
    """Say whether whoever is signed in has shown a second factor in this session."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record.get("method") == "mfa" for record in records)


def signed_in_within(request: HttpRequest, seconds: float) -> bool:
    """Say whether whoever is signed in gave a password, a code or a second factor in the last `seconds`."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(time.time() - record.get("at", 0) < seconds for record in records)


def mark_shown(session: SessionBase, user: User) -> None:
    """Note in `session` that `user` signed in with a second factor (a session made by an operator or a test; the set-up of an app)."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, []) if session.get(OWNER_SESSION_KEY) == str(user.pk) else []
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records, {"method": "mfa", "at": time.time(), "type": "totp"}]
    session[OWNER_SESSION_KEY] = str(user.pk)


def set_up_authenticator(user: User, secret: str = "") -> str:
    """Give `user` an authenticator app with `secret` (a new one by default) and return the secret; one that was there is replaced."""
    secret = secret or generate_totp_secret()
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    return secret


def remove_second_factors(user: User) -> int:
    """Take all second factors of `user` away; returns how many there were."""
    removed, _details = Authenticator.objects.filter(user=user).delete()
    return removed
