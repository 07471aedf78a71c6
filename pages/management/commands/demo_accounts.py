"""`manage.py demo_accounts`: the sign-ins of the demonstration with the code that an authenticator app would show now."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.demo.signins import read_sign_ins

STEP_SECONDS = 30


def present_code(secret: str, *, at: float | None = None) -> str:
    """Return the six digits of RFC 6238 for this moment."""
    return format_hotp_value(hotp_value(secret, int((time.time() if at is None else at) // STEP_SECONDS)))


class Command(BaseCommand):
    help = "List the demonstration's sign-ins: role, address, password, secret and present code of the second factor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line each."""
        if not settings.DEMO:
            raise CommandError("There are demonstration accounts with DEMO=1 only.")
        for row in read_sign_ins().values():
            code = f"{row.totp_secret}  {present_code(row.totp_secret)}" if row.totp_secret else ""
            self.stdout.write(f"{row.role:<14} {row.email:<32} {row.password:<28} {code}".rstrip())
