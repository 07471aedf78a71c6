"""Writes the append-only record of accounts, and says the same in the log: pseudonymous ids and codes, no name and no address."""

import structlog

from accounts.enums import AccountEventKind
from accounts.models import AccountEvent, User

COMMAND_LINE = "command"

log = structlog.get_logger("accounts")


def record_event(kind: AccountEventKind, *, user: User, actor: User | None, detail: str = "") -> AccountEvent:
    """Add one row about `user`; `actor` None means the command line. `detail` holds codes only ("moderator PE")."""
    actor_ref = actor.audit_ref if actor else COMMAND_LINE
    event = AccountEvent.objects.create(kind=kind, user=user, actor_ref=actor_ref, detail=detail[:40])
    log.info(f"accounts.{kind.value}", user=user.audit_ref, actor=actor_ref, detail=detail)
    return event
