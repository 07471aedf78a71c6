"""What allauth asks of the house: whose address a request comes from, how a mail leaves, what counts as signed in just now."""

import io
from typing import Any

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from accounts import cipher, mailing
from accounts.client_address import client_address
from accounts.models import WaitingMail
from accounts.permissions import is_staff_member
from accounts.second_factor import signed_in_within
from accounts.tasks import send_waiting_mail

UNKNOWN_ACCOUNT = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that rate limits count by."""
        return client_address(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: forms answer with pages, programs get problem details (pages.middleware.problems). allauth would write forms out as JSON."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail in the language of its recipient.

        To an address without account nothing is sent, but the work is the same, so that the time of the answer tells nothing either.
        """
        person = mailing.recipient_of(email)
        language = person.language if person else translation.get_language() or "fr"
        with translation.override(language):
            message = self.render_mail(template_prefix, email, {"site_url": settings.BASE_URL, "email": email, **context})
        silent = template_prefix == UNKNOWN_ACCOUNT
        if not mailing.is_confirmed(email) and not silent:
            silent = not mailing.take_unconfirmed_quota(email)
        with transaction.atomic():
            mail = WaitingMail.objects.create(to="" if silent else email, subject=message.subject, body=message.body, language=language)
            send_waiting_mail.enqueue(mail.pk)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse the reserved account and unclaimed authors of archives: nobody is behind them."""
        if user.is_system or user.archive_source:
            return self.respond_user_inactive(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A person who signed in minutes ago is not asked again."""
        request = allauth_context.request
        if request is not None and signed_in_within(request, app_settings.REAUTHENTICATION_TIMEOUT):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class MfaAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Staff keep their authenticator app. Is your telephone lost? An administrator resets it."),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return cipher.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret."""
        return cipher.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Return the square code as SVG on a white ground: a camera reads it in dark mode too."""
        drawing = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawing)
        return drawing.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep their second factor; a lost one is reset by an operator (`create_staff --reset-second-factor`)."""
        return not is_staff_member(authenticator.user)
