"""Seals decisions into one chain per realm, and verifies it. Only ids below every open transaction are sealed, so nothing slips in between."""

import hashlib
import json

from django.db import connection, transaction

from accounts.enums import Realm
from moderation.models import Decision, DecisionSeal
from moderation.services.records import text_digest

GENESIS = "0" * 64
FIELDS = (
    "id", "public_id", "realm", "item_id", "action", "from_status", "to_status", "from_state", "ground", "actor_ref", "automated",
    "language", "item_revision", "version_number", "text_digest", "parent_id", "reverts_id",
)  # fmt: skip


def decision_hash(previous: str, decision: Decision) -> str:
    """Return the SHA-256 of the previous hash and the codes of a decision."""
    row = {field: getattr(decision, field) for field in FIELDS}
    row["decided_at"] = decision.decided_at.isoformat()
    return hashlib.sha256((previous + json.dumps(row, sort_keys=True)).encode()).hexdigest()


def settled_up_to() -> int:
    """Return the highest decision id below which no open transaction can still write.

    SQLite has one writer, so every visible id is settled. On PostgreSQL the ids handed out now are settled once every transaction
    that is open now has ended; the next run of the job looks again, nobody waits.
    """
    last = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if connection.vendor != "postgresql":
        return last
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        oldest_open = int(cursor.fetchone()[0])
        # xmin of a row is 32 bits, the snapshot's 64: compare within the present epoch.
        cursor.execute(
            "SELECT min(id) FROM moderation_decision WHERE id > coalesce((SELECT max(decision_id) FROM moderation_decisionseal), 0)"
            " AND xmin::text::bigint >= %s %% 4294967296",
            [oldest_open],
        )
        unsettled = cursor.fetchone()[0]
        if unsettled is not None:
            return int(unsettled) - 1
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        return last if cursor.fetchone()[0] == 0 else 0


@transaction.atomic
def seal_chain(*, realm: str = Realm.LIVE, limit: int = 1000) -> int:
    """Seal up to `limit` decisions of a realm in id order; returns how many. Run by one job at a time (the position is unique)."""
    last = DecisionSeal.objects.select_for_update().filter(realm=realm).order_by("-position").first()
    previous, position = (last.hash, last.position) if last else (GENESIS, 0)
    waiting = Decision.objects.filter(realm=realm, pk__lte=settled_up_to(), pk__gt=last.pk if last else 0).order_by("pk")[:limit]
    seals = []
    for decision in waiting:
        position += 1
        own = decision_hash(previous, decision)
        seals.append(DecisionSeal(decision=decision, realm=realm, position=position, previous_hash=previous, hash=own))
        previous = own
    DecisionSeal.objects.bulk_create(seals)
    return len(seals)


def verify_chain(*, realm: str) -> tuple[int, list[str]]:
    """Return (seals read, faults found) of a realm; an erased text is no fault, a changed one is."""
    previous, count, faults = GENESIS, 0, []
    seals = DecisionSeal.objects.filter(realm=realm).select_related("decision__text").order_by("position")
    for count, seal in enumerate(seals.iterator(chunk_size=1000), 1):
        decision = seal.decision
        if seal.position != count or seal.previous_hash != previous or seal.hash != decision_hash(previous, decision):
            faults.append(f"{realm} {seal.position}: chain broken at decision {decision.public_id}")
        text = decision.text
        if not text.erased_at and decision.text_digest != text_digest(text.salt, text.payload()):
            faults.append(f"{realm} {seal.position}: text of decision {decision.public_id} differs from its digest")
        previous = seal.hash
    return count, faults
