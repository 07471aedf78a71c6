"""Seals decisions into one chain per realm, and verifies it. Only ids that no open transaction can still fill are sealed."""

import hashlib
import json
import time

import structlog
from django.db import connection, transaction
from django.db.models import Max

from accounts.enums import Realm
from moderation.models import Decision, DecisionSeal, DecisionText
from moderation.services.records import text_digest

log = structlog.get_logger(__name__)

GENESIS = "0" * 64
FIELDS = (
    "id", "public_id", "realm", "item_id", "action", "from_status", "to_status", "from_state", "ground", "actor_ref", "automated",
    "language", "item_revision", "version_number", "text_digest", "parent_id", "reverts_id",
)  # fmt: skip
MOMENTS = ("decided_at", "effective_at")
# How long one run of the job waits for transactions that were open when it looked; else the next run looks again.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.02


def decision_hash(previous: str, decision: Decision) -> str:
    """Return the SHA-256 of the previous hash and the codes of a decision."""
    row = {field: getattr(decision, field) for field in FIELDS}
    row |= {field: getattr(decision, field).isoformat() for field in MOMENTS}
    return hashlib.sha256((previous + json.dumps(row, sort_keys=True)).encode()).hexdigest()


def _open_writers() -> set[str]:
    """Return the other transactions that may have written a decision and have not ended (PostgreSQL).

    An INSERT takes the table's RowExclusiveLock before it asks the sequence for an id, and holds it until its transaction ends: so
    every id that was given out and cannot be seen yet belongs to one of these. (CREATE INDEX CONCURRENTLY waits in the same way.)
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'moderation_decision'::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()"
        )
        return {row[0] for row in cursor.fetchall()}


def settled_up_to(patience: float = PATIENCE_SECONDS) -> int:
    """Return an id up to which no decision can appear any more, 0 when writers took longer than `patience` seconds.

    SQLite has one writer, so every visible id is settled. On PostgreSQL: note the highest visible id, then wait for those
    transactions that were writing at that moment; later ones get higher ids. No writer ever waits for this.
    """
    last = Decision.objects.aggregate(last=Max("pk"))["last"] or 0
    if connection.vendor != "postgresql":
        return last
    writers, deadline = _open_writers(), time.monotonic() + patience
    while writers and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
        writers &= _open_writers()
    return 0 if writers else last


def seal_chain(*, realm: str = Realm.LIVE, limit: int = 1000) -> int:
    """Seal up to `limit` decisions of a realm in id order; returns how many. Two jobs at once: one of them fails and changes nothing."""
    chain = DecisionSeal.objects.filter(realm=realm).order_by("-position")
    sealed = chain.values_list("pk", flat=True).first() or 0
    # Nothing new: the job must not wait for writers of other realms, nor for a long import.
    if not Decision.objects.filter(realm=realm, pk__gt=sealed).exists():
        return 0
    settled = settled_up_to()
    with transaction.atomic():
        last = chain.select_for_update().first()
        previous, position = (last.hash, last.position) if last else (GENESIS, 0)
        waiting = Decision.objects.filter(realm=realm, pk__lte=settled, pk__gt=last.pk if last else 0).order_by("pk")[:limit]
        seals = []
        for decision in waiting:
            position += 1
            own = decision_hash(previous, decision)
            seals.append(DecisionSeal(decision=decision, realm=realm, position=position, previous_hash=previous, hash=own))
            previous = own
        DecisionSeal.objects.bulk_create(seals)
    for seal in seals:
        # The copy outside the database: who changes a decision and its seal would have to change this log too (TRUST.md, Security).
        log.info(f"moderation.{seal.decision.action}", decision=seal.decision.public_id, realm=realm, position=seal.position, hash=seal.hash)
    return len(seals)


def _fault_of_text(decision: Decision) -> str:
    text: DecisionText | None = getattr(decision, "text", None)
    if text is None:
        return "is missing"
    if text.erased_at:
        return "is marked as erased and still there" if any(text.payload().values()) else ""
    return "" if decision.text_digest == text_digest(text.salt, text.payload()) else "differs from its digest"


def verify_chain(*, realm: str) -> tuple[int, list[str]]:
    """Return (seals read, faults found) of a realm; an erased text is no fault, a changed or missing one is."""
    previous, count, faults, newest = GENESIS, 0, [], 0
    seals = DecisionSeal.objects.filter(realm=realm).select_related("decision__text").order_by("position")
    for count, seal in enumerate(seals.iterator(chunk_size=1000), 1):
        decision = seal.decision
        if seal.position != count or seal.previous_hash != previous or seal.hash != decision_hash(previous, decision):
            faults.append(f"{realm} {seal.position}: chain broken at decision {decision.public_id}")
        if fault := _fault_of_text(decision):
            faults.append(f"{realm} {seal.position}: text of decision {decision.public_id} {fault}")
        previous, newest = seal.hash, max(newest, decision.pk)
    slipped = Decision.objects.filter(realm=realm, pk__lt=newest, seal__isnull=True).order_by("pk").values_list("public_id", flat=True)
    faults += [f"{realm}: decision {public_id} stands before the last seal without one" for public_id in slipped[:100]]
    return count, faults
