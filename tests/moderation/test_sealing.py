"""The chain: sealed in id order, per realm, only what is settled; verified; tampering is found; erasure is no tampering."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from moderation.guards import lifted_guards
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem
from moderation.services import decide, erase_texts, seal_chain, sealing, verify_chain
from moderation.services.sealing import GENESIS, decision_hash, settled_up_to
from moderation.tasks import seal_chains
from tests.factories import make_post
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(staff, waiting):
    """Return a maker of decisions: `decided(3)`, `decided(2, realm="demo")`."""
    actor = staff("moderator")

    def make(number, realm="live"):
        made = []
        for _ in range(number):
            item = waiting()
            ReviewItem.objects.filter(pk=item.pk).update(realm=realm)
            made.append(decide(item.pk, "reject", actor=actor, revision=1, ground="danger", facts="De brug is weg."))
        return made

    return make


def tamper(sql, *params):
    with lifted_guards(connection), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_decisions_are_sealed_in_id_order_each_once(decided):
    made = decided(3)
    assert seal_chain() == 3
    seals = list(DecisionSeal.objects.order_by("position"))
    assert [seal.decision_id for seal in seals] == sorted(d.pk for d in made)
    assert [seal.position for seal in seals] == [1, 2, 3]
    assert [seal.previous_hash for seal in seals] == [GENESIS, seals[0].hash, seals[1].hash]
    assert seal_chain() == 0
    assert verify_chain(realm="live") == (3, [])


def test_chain_goes_on_where_it_stopped(decided):
    decided(2)
    seal_chain(limit=1)
    assert DecisionSeal.objects.count() == 1
    seal_chain(limit=1)
    decided(1)
    seal_chain()
    assert verify_chain(realm="live") == (3, [])


def test_every_realm_has_its_own_chain(decided):
    decided(2)
    decided(1, realm="demo")
    decided(1)
    assert seal_chains.call() == 4
    assert [verify_chain(realm=realm) for realm in ("live", "demo", "practice")] == [(3, []), (1, []), (0, [])]
    assert DecisionSeal.objects.get(realm="demo").previous_hash == GENESIS


def test_job_runs_twice_without_harm(decided):
    decided(2)
    assert [seal_chains.call(), seal_chains.call()] == [2, 0]


def test_seals_are_copied_to_the_log_without_words_or_people(decided, caplog, capsys):
    caplog.set_level("INFO")
    (decision,) = decided(1)
    seal_chain()
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "moderation.reject" in line] or [
        record.msg for record in caplog.records if "moderation.reject" in str(record.msg)
    ]
    assert len(logged) == 1
    assert (logged[0]["decision"], logged[0]["position"], logged[0]["hash"]) == (decision.public_id, 1, DecisionSeal.objects.get().hash)
    assert "brug" not in str(logged)


CODES = ["action", "from_status", "to_status", "from_state", "ground", "actor_ref", "language", "text_digest", "public_id", "realm"]


@pytest.mark.parametrize("column", CODES)
def test_any_changed_code_breaks_the_chain(column, decided):
    made = decided(3)
    seal_chain()
    new = {"action": "hide", "ground": "spam", "from_state": "decided", "language": "de", "realm": "demo", "public_id": "0123456789"}.get(column, "x")
    tamper(f"UPDATE moderation_decision SET {column} = %s WHERE id = %s", new, made[1].pk)
    count, faults = verify_chain(realm="live")
    assert count == 3
    assert "chain broken at decision" in faults[0]


@pytest.mark.parametrize("column", ["item_revision", "version_number", "item_id"])
def test_any_changed_number_breaks_the_chain(column, decided):
    made = decided(2)
    seal_chain()
    tamper(f"UPDATE moderation_decision SET {column} = %s WHERE id = %s", made[1].item_id if column == "item_id" else 99, made[0].pk)
    assert "chain broken" in verify_chain(realm="live")[1][0]


@pytest.mark.parametrize("column", ["decided_at", "effective_at"])
def test_any_changed_time_breaks_the_chain(column, decided):
    (decision,) = decided(1)
    seal_chain()
    tamper(f"UPDATE moderation_decision SET {column} = '2020-01-01 00:00:00+00:00' WHERE id = %s", decision.pk)
    assert "chain broken" in verify_chain(realm="live")[1][0]


def test_automation_cannot_be_denied_afterwards(decided):
    (decision,) = decided(1)
    seal_chain()
    tamper("UPDATE moderation_decision SET automated = %s WHERE id = %s", True, decision.pk)
    assert "chain broken" in verify_chain(realm="live")[1][0]


def test_changed_hash_of_a_seal_breaks_it_and_its_successor(decided):
    decided(3)
    seal_chain()
    tamper("UPDATE moderation_decisionseal SET hash = 'x' WHERE position = 2")
    assert len(verify_chain(realm="live")[1]) == 2


def test_removed_seal_is_found(decided):
    decided(3)
    seal_chain()
    tamper("DELETE FROM moderation_decisionseal WHERE position = 2")
    _count, faults = verify_chain(realm="live")
    assert any("chain broken" in fault for fault in faults)
    assert any("without one" in fault for fault in faults)


def test_decision_that_slipped_in_before_the_last_seal_is_found(decided):
    made = decided(3)
    seal_chain()
    tamper("DELETE FROM moderation_decisionseal WHERE position = 1")
    faults = verify_chain(realm="live")[1]
    assert f"live: decision {made[0].public_id} stands before the last seal without one" in faults


@pytest.mark.parametrize("column", ["facts", "note", "internal_note"])
def test_changed_words_differ_from_their_digest(column, decided):
    (decision,) = decided(1)
    seal_chain()
    DecisionText.objects.filter(decision=decision).update(**{column: "Iets anders."})
    assert verify_chain(realm="live")[1] == [f"live 1: text of decision {decision.public_id} differs from its digest"]


def test_changed_snapshot_differs_from_its_digest(decided):
    (decision,) = decided(1)
    seal_chain()
    DecisionText.objects.filter(decision=decision).update(snapshot={"title": "Iets anders"})
    assert "differs from its digest" in verify_chain(realm="live")[1][0]


def test_missing_words_are_found(decided):
    (decision,) = decided(1)
    seal_chain()
    DecisionText.objects.filter(decision=decision).delete()
    assert verify_chain(realm="live")[1] == [f"live 1: text of decision {decision.public_id} is missing"]


def test_erased_words_are_no_fault_and_leave_nothing_to_guess_from(decided):
    (decision,) = decided(1)
    seal_chain()
    assert erase_texts(user=decision.item.author) == 1
    assert verify_chain(realm="live") == (1, [])
    words = DecisionText.objects.get(decision=decision)
    assert (words.salt, words.facts, words.note, words.internal_note, words.snapshot) == ("", "", "", "", {})
    assert words.erased_at is not None


def test_erasure_can_run_twice_and_touches_nobody_else(decided):
    first, second = decided(2)
    assert erase_texts(user=first.item.author) == 1
    assert erase_texts(user=first.item.author) == 0
    assert DecisionText.objects.get(decision=second).facts == "De brug is weg."


def test_erasure_forgets_the_marks_of_the_texts(waiting):
    item = waiting(body="Bel 0475 12 34 56 voor de bus.")
    erase_texts(user=item.author)
    assert item_of(item.post).findings == []


def test_words_that_are_only_said_to_be_erased_are_found(decided):
    (decision,) = decided(1)
    seal_chain()
    DecisionText.objects.filter(decision=decision).update(erased_at=decision.decided_at)
    assert "is marked as erased and still there" in verify_chain(realm="live")[1][0]


def test_hash_covers_every_column_of_a_decision(decided):
    covered = {*sealing.FIELDS, *sealing.MOMENTS}
    assert covered == {field.attname for field in Decision._meta.concrete_fields}
    (decision,) = decided(1)
    assert decision_hash("a", decision) != decision_hash("b", decision)


def test_position_is_unique_so_two_jobs_cannot_both_seal(decided):
    made = decided(2)
    seal_chain(limit=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionSeal.objects.create(decision=made[1], realm="live", position=1, previous_hash=GENESIS, hash="x")


def test_job_with_nothing_to_do_asks_twice_and_waits_for_nobody(decided, monkeypatch, django_assert_num_queries):
    decided(1)
    seal_chain()

    def explode():
        raise AssertionError("waited")

    monkeypatch.setattr(sealing, "settled_up_to", explode)
    with django_assert_num_queries(2):
        assert seal_chain() == 0
    with django_assert_num_queries(2):
        assert seal_chain(realm="demo") == 0


def test_unsettled_ids_wait(decided, monkeypatch):
    made = decided(3)
    monkeypatch.setattr(sealing, "settled_up_to", lambda: made[1].pk)
    assert seal_chain() == 2
    monkeypatch.setattr(sealing, "settled_up_to", lambda: 0)
    assert seal_chain() == 0
    monkeypatch.undo()
    assert seal_chain() == 1
    assert verify_chain(realm="live") == (3, [])


def test_settled_without_decisions_is_zero():
    assert settled_up_to() == 0


def test_everything_is_settled_when_nobody_else_writes(decided):
    made = decided(2)
    assert settled_up_to(patience=0) == made[-1].pk


# -- check_audit ------------------------------------------------------------------------------------------------------------


def audit():
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_audit", stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue().splitlines(), err.getvalue().splitlines()
    return 0, out.getvalue().splitlines(), err.getvalue().splitlines()


def test_check_audit_of_a_sound_chain(decided):
    decided(2)
    decided(1, realm="demo")
    seal_chain()
    code, out, err = audit()
    assert (code, err) == (0, [])
    assert out[-1] == "live_sealed=2 live_unsealed=0 demo_sealed=0 demo_unsealed=1 practice_sealed=0 practice_unsealed=0 faults=0"


def test_check_audit_of_an_empty_site():
    assert audit()[0] == 0


def test_check_audit_finds_drift_and_exits_with_1(decided):
    (decision,) = decided(1)
    seal_chain()
    DecisionText.objects.filter(decision=decision).update(facts="Iets anders.")
    code, out, err = audit()
    assert code == 1
    assert err == [f"live 1: text of decision {decision.public_id} differs from its digest"]
    assert out[-1].endswith("faults=1")


def test_check_audit_finds_missing_guards(decided):
    on = " ON moderation_decision" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER moderation_decision_no_update{on}")
    code, _out, err = audit()
    assert (code, "guard moderation_decision_no_update is missing" in err[0]) == (1, True)


def test_texts_of_a_decision_are_of_the_version_decided_on(decided):
    (decision,) = decided(1)
    assert decision.text.snapshot["content_hash"] == decision.item.version.content_hash
    assert make_post().latest_version.content_hash
