"""`remove_realm demo`: take the demonstration (or practice) content out, decisions included. Refuses `live`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Realm
from moderation.services.realms import RealmProtected, remove_realm


class Command(BaseCommand):
    """See the module."""

    help = "Remove every row of a realm that is not live; the one command that lifts the guards of the decision chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """One realm."""
        parser.add_argument("realm", choices=Realm.values)

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and print one line of figures."""
        try:
            removed = remove_realm(realm=options["realm"])
        except RealmProtected as error:
            raise CommandError("The live realm is never removed: erasure and retention are the ways to forget people.") from error
        self.stdout.write(" ".join(f"{name}={count}" for name, count in sorted(removed.items())))
