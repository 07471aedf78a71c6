"""allauth's forms where ours differ: one sign-in form for code and password, a sign-up that survives a double click, one name for each field."""

from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_public_id
from accounts.models import User
from accounts.services import SIGNED_UP_SESSION_KEY

PASSWORD_HINT = _("Optional: without one we mail you a code each time. 12 characters at least, 15 or more are better. No common password.")

NEW_PASSWORD_HINT = _("12 characters at least, 15 or more are better. No common password.")


class LoginForm(AllauthLoginForm):
    """E-mail address, and a password for those who have one; without password a code is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].required = False
        self.fields["password"].label = _("Password (optional)")
        self.fields["password"].help_text = _("Leave it empty and we mail you a code.")


class SignupForm(AllauthSignupForm):
    """The whole sign-up: e-mail address and optional password of allauth, the rest of `accounts.forms.SignupForm`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Others never see it.")
        self.fields["password1"].label = _("Password (optional)")
        self.fields["password1"].help_text = PASSWORD_HINT

    def save(self, request: HttpRequest) -> User:
        """Write account, profile and address together or not at all."""
        with transaction.atomic():
            user: User = super().save(request)
        return user

    def _work_as_for_a_new_person(self, request: HttpRequest) -> None:
        """Write a whole sign-up and take it back: hashing a password costs a quarter of a second, which would tell who has an account."""
        email, before = self.cleaned_data["email"], request.session.get(SIGNED_UP_SESSION_KEY)
        self.cleaned_data["email"] = f"{new_public_id(16).lower()}@nobody.invalid"
        self.account_already_exists = False
        try:
            with transaction.atomic():
                super().save(request)
                transaction.set_rollback(True)
        finally:
            self.account_already_exists, self.cleaned_data["email"] = True, email
            request.session[SIGNED_UP_SESSION_KEY] = before

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Return the new person, or the same page as for a new one when the address has an account (a second click included)."""
        try:
            if self.account_already_exists:
                self._work_as_for_a_new_person(request)
            result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            result = super().try_save(request)
        return result


class HouseWords:
    """The same words for a field on every page, where allauth has others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        if "email" in fields:
            fields["email"].label = _("E-mail address")
        if "code" in fields:
            fields["code"].label = _("Code")
        if "password1" in fields:
            fields["password1"].help_text = NEW_PASSWORD_HINT


class AddEmailForm(HouseWords, AllauthAddEmailForm):
    """Another address."""


class RequestLoginCodeForm(HouseWords, AllauthRequestLoginCodeForm):
    """Where to mail a code."""


class ResetPasswordForm(HouseWords, AllauthResetPasswordForm):
    """Where to mail a code for a new password."""


class ResetPasswordKeyForm(HouseWords, AllauthResetPasswordKeyForm):
    """The new password after the code."""


class ChangePasswordForm(HouseWords, AllauthChangePasswordForm):
    """Another password."""


class SetPasswordForm(HouseWords, AllauthSetPasswordForm):
    """A first password."""


class ActivateTOTPForm(HouseWords, AllauthActivateTOTPForm):
    """The first code of an authenticator app; allauth's own word for it is missing in Dutch."""
