"""`manage.py create_staff EMAIL --role ROLE [--country PE] [--language nl]`: the way in for the first administrator and for a lost second factor."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.enrolment import LINK_LIFE, ensure_staff, issue_enrolment_link, reset_second_factor
from accounts.enums import GRANTABLE_ROLES, Language
from accounts.models import User
from countries.models import Country


class Command(BaseCommand):
    help = "Make a member of staff (or give one a role) and print a one-time enrolment link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read EMAIL, the role and its scope."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", choices=sorted(role.value for role in GRANTABLE_ROLES), help="not needed with --reset-second-factor")
        parser.add_argument("--country", default="", metavar="PE", help="the role holds for this country only")
        parser.add_argument("--language", default="", choices=["", *Language.values], metavar="nl", help="the role holds for this language only")
        parser.add_argument("--reset-second-factor", action="store_true", help="take second factor and password away and end every session")

    def handle(self, *args: Any, email: str, role: str | None, country: str, language: str, reset_second_factor: bool, **options: Any) -> None:
        """Print the link on standard output, what happened on standard error."""
        user = self._reset(email) if reset_second_factor else None
        if role:
            user = ensure_staff(email=self._address(email), role=role, country=self._country(country), language=language)
        if user is None:
            raise CommandError("Say which role: --role, one of " + ", ".join(sorted(GRANTABLE_ROLES)))
        if not user.is_active:
            raise CommandError("This account is not active.")
        link = issue_enrolment_link(user=user, detail="reset" if reset_second_factor else role or "")
        hours = int(LINK_LIFE.total_seconds() // 3600)
        self.stderr.write(f"One-time enrolment link, for {hours} hours. Hand it over in person or by a channel that you trust:")
        self.stdout.write(link)

    @staticmethod
    def _address(email: str) -> str:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        return email.strip().lower()

    @staticmethod
    def _country(code: str) -> str | None:
        code = code.strip().upper()
        if code and not Country.objects.filter(pk=code).exists():
            raise CommandError(f"There is no country {code!r}. Give its two letters, as in PE.")
        return code or None

    @staticmethod
    def _reset(email: str) -> User:
        user: User | None = User.objects.filter(email__iexact=email.strip(), is_system=False).first()
        if user is None:
            raise CommandError("Nobody has this e-mail address.")
        reset_second_factor(user=user)
        return user
