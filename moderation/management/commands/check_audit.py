"""`check_audit`: verify the decision chain of every realm and the guards; exit 1 on a fault; one line of figures last."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from accounts.enums import Realm
from moderation.guards import missing_guards
from moderation.models import Decision
from moderation.services.sealing import verify_chain


class Command(BaseCommand):
    """See the module."""

    help = "Verify the chain of decisions of every realm, and that the database still refuses to change them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print faults on stderr, figures on stdout; exit with 1 when there is a fault."""
        faults = [f"guard {name} is missing: run `migrate`, or create it again" for name in missing_guards(connection)]
        figures = []
        for realm in Realm.values:
            sealed, found = verify_chain(realm=realm)
            faults += found
            waiting = Decision.objects.filter(realm=realm, seal__isnull=True).count()
            figures.append(f"{realm}_sealed={sealed} {realm}_unsealed={waiting}")
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(f"{' '.join(figures)} faults={len(faults)}")
        if faults:
            raise SystemExit(1)
