"""Decisions and seals are append-only in the database itself; the helpers lift and restore; who may lift them."""

import pytest
from django.db import IntegrityError, connection, transaction

from moderation.guards import GUARDED, create_guards, drop_guards, lifted_guards, missing_guards
from moderation.models import Decision, DecisionSeal, DecisionText
from moderation.services import decide, seal_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(staff, waiting):
    made = decide(waiting().pk, "approve", actor=staff("moderator"), revision=1)
    seal_chain()
    return made


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


STATEMENTS = [
    "UPDATE moderation_decision SET ground = 'spam'",
    "UPDATE moderation_decision SET action = action",
    "DELETE FROM moderation_decision",
    "DELETE FROM moderation_decision WHERE id > 0",
    "UPDATE moderation_decisionseal SET hash = 'x'",
    "DELETE FROM moderation_decisionseal",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_database_refuses_to_change_or_remove(statement, decision):
    with pytest.raises(IntegrityError, match="append-only"):
        execute(statement)
    assert (Decision.objects.get().action, Decision.objects.get().ground, DecisionSeal.objects.count()) == ("approve", "", 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE exists on PostgreSQL only")
@pytest.mark.parametrize("table", GUARDED)
def test_database_refuses_to_truncate(table, decision):
    # Deferred foreign keys of this very transaction stand in the way of any TRUNCATE.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"TRUNCATE {table} CASCADE")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda d: Decision.objects.filter(pk=d.pk).update(ground="spam"),
        lambda d: Decision.objects.bulk_update([d], ["ground"]),
        lambda d: d.save(),
        lambda d: DecisionSeal.objects.update(hash="x"),
        lambda d: DecisionSeal.objects.filter(decision=d).delete(),
        lambda d: Decision.objects.filter(pk=d.pk)._raw_delete(using="default"),
    ],
    ids=["update", "bulk_update", "save", "update seal", "delete seal", "raw delete"],
)
def test_models_cannot_change_or_remove_either(write, decision):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(decision)
    assert (Decision.objects.get().ground, DecisionSeal.objects.count()) == ("", 1)


def test_new_rows_are_welcome_and_texts_can_be_erased(decision, staff, waiting):
    decide(waiting().pk, "approve", actor=staff("moderator"), revision=1)
    assert DecisionText.objects.filter(decision=decision).update(facts="") == 1
    assert Decision.objects.count() == 2


def test_all_guards_stand_after_the_migrations():
    assert missing_guards(connection) == []


def test_lifted_guards_stand_again_afterwards(decision):
    with lifted_guards(connection):
        assert len(missing_guards(connection)) >= 4
        execute("UPDATE moderation_decision SET ground = 'spam'")
    assert missing_guards(connection) == []
    with pytest.raises(IntegrityError):
        execute("UPDATE moderation_decision SET ground = ''")


def test_lifted_guards_stand_again_after_a_failure(decision):
    with pytest.raises(RuntimeError), lifted_guards(connection):
        raise RuntimeError
    assert missing_guards(connection) == []


def test_creating_twice_and_dropping_twice_is_harmless():
    create_guards(connection)
    create_guards(connection)
    assert missing_guards(connection) == []
    drop_guards(connection)
    drop_guards(connection)
    assert len(missing_guards(connection)) == len(GUARDED) * (3 if connection.vendor == "postgresql" else 2)
    create_guards(connection)


@pytest.mark.parametrize("table", GUARDED)
def test_each_missing_guard_is_named(table):
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {table}_no_update{on}")
    assert missing_guards(connection) == [f"{table}_no_update"]
    create_guards(connection)
