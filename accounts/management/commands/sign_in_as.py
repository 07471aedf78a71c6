"""`manage.py sign_in_as EMAIL`: the cookie of a fully signed-in session, for support and tests. Never in production."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import AccountEventKind
from accounts.events import record_event
from accounts.models import User
from accounts.sessions import new_session


class Command(BaseCommand):
    help = "Print name=value of the session cookie of a fully signed-in session (second factor included). Needs DEMO=1 or DEBUG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read EMAIL."""
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Print the cookie."""
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("sign_in_as works only with DEMO=1 or DEBUG.")
        user: User | None = User.objects.filter(email__iexact=email.strip(), is_active=True, is_system=False).first()
        if user is None:
            raise CommandError("Nobody who may sign in has this e-mail address.")
        session = new_session(user)
        record_event(AccountEventKind.SIGNED_IN_AS, user=user, actor=None)
        self.stdout.write(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
