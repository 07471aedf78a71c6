"""Constraints of decisions and items bite in the database; ids are public, random and unique; nothing cascades into the log."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.identifiers import ALPHABET
from moderation.enums import BLOCKING_FINDINGS, Action, FindingCode, Ground, ItemState, Priority, SubjectKind
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem
from moderation.services import decide, seal_chain
from tests.factories import UserFactory
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(staff, waiting):
    return decide(waiting().pk, "reject", actor=staff("moderator"), revision=1, ground="danger", facts="De brug is weg.")


def copy_of(decision, **fields):
    """Store a second row like `decision`, with other values."""
    values = {field.attname: getattr(decision, field.attname) for field in Decision._meta.concrete_fields if field.name not in {"id", "public_id"}}
    with transaction.atomic():
        return Decision.objects.create(**(values | fields))


def test_copy_of_a_sound_decision_is_sound(decision):
    assert copy_of(decision).pk != decision.pk


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "explode"},
        {"action": ""},
        {"ground": "because"},
        {"action": "undo"},
        {"text_digest": None},
        {"actor_ref": None},
        {"item_id": None},
        {"decided_at": None},
        {"effective_at": None},
        {"item_revision": None},
    ],
)
def test_impossible_decisions_are_refused_by_the_database(fields, decision):
    with pytest.raises(IntegrityError):
        copy_of(decision, **fields)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("action", [action for action in Action if action != "undo"])
def test_every_action_of_the_enum_can_be_stored(action, decision):
    assert copy_of(decision, action=action).action == action


@pytest.mark.parametrize("ground", ["", *Ground.values])
def test_every_ground_can_be_stored(ground, decision):
    assert copy_of(decision, ground=ground).ground == ground


def test_a_decision_is_reverted_once(decision):
    copy_of(decision, action="undo", reverts_id=decision.pk)
    with pytest.raises(IntegrityError):
        copy_of(decision, action="undo", reverts_id=decision.pk)


def test_public_ids_are_unique_and_readable(decision, waiting):
    ids = [decision.public_id, decision.item.public_id, waiting().public_id, waiting().public_id]
    assert len(set(ids)) == len(ids)
    assert all(len(public_id) == 10 and set(public_id) <= set(ALPHABET) for public_id in ids)
    with pytest.raises(IntegrityError):
        copy_of(decision, public_id=decision.public_id)


def test_a_decision_has_one_text_and_one_seal(decision):
    seal_chain()
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionText.objects.create(decision=decision, salt="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionSeal.objects.create(decision=decision, realm="live", position=2, previous_hash="x", hash="y")


@pytest.mark.parametrize("thing", ["item", "post", "version", "author"])
def test_nothing_that_was_decided_on_can_be_deleted_from_under_the_log(thing, decision):
    item = decision.item
    row = {"item": item, "post": item.post, "version": item.version, "author": item.author}[thing]
    with pytest.raises((ProtectedError, IntegrityError, models.RestrictedError)), transaction.atomic():
        row.delete()
    assert Decision.objects.count() == 1


def test_no_foreign_key_of_the_log_cascades():
    for model in (ReviewItem, Decision, DecisionText, DecisionSeal):
        for field in model._meta.concrete_fields:
            if field.is_relation:
                assert field.remote_field.on_delete is models.PROTECT, f"{model.__name__}.{field.name}"


def test_log_row_holds_no_foreign_key_to_a_person():
    relations = {field.name for field in Decision._meta.concrete_fields if field.is_relation}
    assert relations == {"item", "parent", "reverts"}


def test_only_texts_hold_free_words():
    free = {field.name for field in Decision._meta.concrete_fields if isinstance(field, models.TextField | models.JSONField)}
    assert free == set()
    assert all(field.max_length <= 64 for field in Decision._meta.concrete_fields if isinstance(field, models.CharField))
    words = {field.name for field in DecisionText._meta.concrete_fields if isinstance(field, models.TextField | models.JSONField)}
    assert words == {"facts", "note", "internal_note", "snapshot"}
    assert set(DecisionText().payload()) == words


def test_names_of_rows(decision):
    seal_chain()
    assert str(decision) == f"reject {decision.public_id}"
    assert str(decision.item) == f"post {decision.item.public_id}"
    assert str(decision.text) == str(decision.pk)
    assert str(DecisionSeal.objects.get()) == DecisionSeal.objects.get().hash


def test_words_of_the_enums():
    assert list(ItemState.values) == ["open", "with_author", "decided"]
    assert list(SubjectKind.values) == ["post", "profile"]
    assert sorted(Priority.values) == list(Priority.values) == ["1", "2", "3"]
    assert {"personal_data", "threat_to_life"} == {str(code) for code in BLOCKING_FINDINGS}
    assert set(FindingCode) >= BLOCKING_FINDINGS
    assert len(Ground) == 12


@pytest.mark.parametrize("enum", [ItemState, SubjectKind, Priority, FindingCode, Ground, Action])
def test_labels_are_all_different_and_none_is_empty(enum):
    labels = [str(label) for label in enum.labels]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("enum", "column", "model"),
    [(Action, "action", Decision), (Ground, "ground", Decision), (ItemState, "state", ReviewItem), (SubjectKind, "subject", ReviewItem)],
)
def test_codes_fit_their_columns(enum, column, model):
    assert max(len(value) for value in enum.values) <= model._meta.get_field(column).max_length


def test_undecided_and_waiting_are_different_reads(waiting, staff):
    first, second, third = waiting(), waiting(), waiting()
    decide(first.pk, "request_changes", actor=staff("moderator"), revision=1, ground="danger", facts="x")
    decide(second.pk, "approve", actor=staff("moderator"), revision=1)
    assert set(ReviewItem.objects.waiting()) == {third}
    assert set(ReviewItem.objects.undecided()) == {first, third}


def test_newer_is_said_of_posts_and_of_people(waiting):
    item = waiting()
    assert not item.newer
    now = timezone.now()
    ReviewItem.objects.filter(pk=item.pk).update(state="decided", decided_at=now)
    later = ReviewItem.objects.create(
        subject="post", post=item.post, version=item.version, author=item.author, opened_at=now, target_at=now + timedelta(hours=2)
    )
    rows = {row.pk: row.newer for row in ReviewItem.objects.with_newer()}
    assert rows == {item.pk: True, later.pk: False}


def test_newer_profile_of_the_same_person_counts_and_other_people_do_not():
    person, other = UserFactory(), UserFactory()
    now = timezone.now()
    made = []
    for number, owner in enumerate((person, other, person), 1):
        version = owner.profile_versions.create(number=number, pseudonym=f"n{number}", pseudonym_key=f"n{number}", language="fr", status="rejected")
        made.append(
            ReviewItem.objects.create(subject="profile", profile=version, author=owner, opened_at=now, target_at=now, state="decided", decided_at=now)
        )
    newer = {row.pk: row.newer for row in ReviewItem.objects.with_newer()}
    assert [newer[item.pk] for item in made] == [True, False, False]


def test_weighty_leaves_remarks_out(waiting, staff):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, "note", actor=actor, revision=1, internal_note="x")
    decide(item.pk, "approve", actor=actor, revision=2)
    decide(item.pk, "note", actor=actor, revision=3, internal_note="y")
    assert [d.action for d in Decision.objects.of_item(item)] == ["note", "approve", "note"]
    assert [d.action for d in Decision.objects.of_item(item).weighty()] == ["approve"]
    assert item_of(item.post).revision == 4
