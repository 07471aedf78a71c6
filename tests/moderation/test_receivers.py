"""What moderation hears and does in the transaction of whoever spoke: items, withdrawals, erasure; a failure takes everything back."""

import pytest
from django.db import transaction

from accounts.services import submit_profile, withdraw_profile
from accounts.signals import profile_submitted, profile_withdrawn, user_erased
from forum.models import Post
from forum.services import create_topic, edit_post, withdraw_post
from forum.signals import content_submitted, content_withdrawn
from moderation.models import Decision, DecisionText, ReviewItem
from moderation.services import decide
from moderation.signals import decision_made
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("signal", "uid"),
    [
        (content_submitted, "moderation.open_item"),
        (content_withdrawn, "moderation.close_withdrawn"),
        (profile_submitted, "moderation.open_profile_item"),
        (profile_withdrawn, "moderation.withdraw_profile_item"),
        (user_erased, "moderation.erase_texts"),
    ],
)
def test_each_receiver_is_connected_once(signal, uid):
    keys = [key[0] for key, *_rest in signal.receivers]
    assert keys.count(uid) == 1


def test_text_and_item_are_stored_together_or_not_at_all(monkeypatch):
    def explode(*_args, **_fields):
        raise RuntimeError("no item")

    person = UserFactory()
    monkeypatch.setattr("moderation.receivers.open_item", explode)
    with pytest.raises(RuntimeError), transaction.atomic():
        create_topic(actor=person, text=text())
    assert (Post.objects.count(), ReviewItem.objects.count()) == (0, 0)


def test_withdrawal_and_its_decision_are_stored_together_or_not_at_all(monkeypatch, waiting):
    def explode(*_args, **_fields):
        raise RuntimeError("no decision")

    item = waiting()
    monkeypatch.setattr("moderation.services.items.write_decision", explode)
    with pytest.raises(RuntimeError), transaction.atomic():
        withdraw_post(actor=item.author, post=item.post)
    assert (item_of(item.post).post.status, item_of(item.post).state, Decision.objects.count()) == ("pending", "open", 0)


def test_decision_and_its_outcome_are_stored_together_or_not_at_all(monkeypatch, waiting, staff):
    def explode(**_fields):
        raise RuntimeError("forum is broken")

    item = waiting()
    monkeypatch.setattr("moderation.subjects.apply_status", explode)
    with pytest.raises(RuntimeError):
        decide(item.pk, "approve", actor=staff("moderator"), revision=1)
    fresh = item_of(item.post)
    assert (fresh.post.status, fresh.state, fresh.revision, Decision.objects.count(), DecisionText.objects.count()) == ("pending", "open", 1, 0, 0)


def test_listener_that_fails_takes_the_decision_back(monkeypatch, waiting, staff):
    def explode(**_fields):
        raise RuntimeError("mail queue is broken")

    item = waiting()
    monkeypatch.setattr("moderation.services.deciding.decision_made.send", explode)
    with pytest.raises(RuntimeError):
        decide(item.pk, "approve", actor=staff("moderator"), revision=1)
    assert (item_of(item.post).post.status, Decision.objects.count()) == ("pending", 0)


def test_decision_made_says_what_listeners_need(waiting, staff):
    heard = []

    def listen(sender, decision, item, statement, **_):
        heard.append((sender, decision.action, item.pk, item.state, statement))

    decision_made.connect(listen)
    item, actor = waiting(), staff("moderator")
    decide(item.pk, "note", actor=actor, revision=1, internal_note="x")
    decide(item.pk, "reject", actor=actor, revision=2, ground="danger", facts="x")
    decide(item.pk, "undo", actor=actor, revision=3)
    decision_made.disconnect(listen)
    assert heard == [
        (Decision, "note", item.pk, "open", False),
        (Decision, "reject", item.pk, "decided", True),
        (Decision, "undo", item.pk, "open", False),
    ]


def test_erased_person_leaves_no_words_beside_the_log(waiting, staff):
    item, other = waiting(title="Mijn verhaal"), waiting(title="Ander verhaal")
    for one in (item, other):
        decide(one.pk, "reject", actor=staff("moderator"), revision=1, ground="danger", facts="Omdat.")
    user_erased.send(sender=type(item.author), user=item.author)
    texts = {text_.decision.item_id: text_ for text_ in DecisionText.objects.select_related("decision")}
    assert (texts[item.pk].facts, texts[item.pk].snapshot, texts[item.pk].erased_at is not None) == ("", {}, True)
    assert (texts[other.pk].facts, texts[other.pk].snapshot["title"], texts[other.pk].erased_at) == ("Omdat.", "Ander verhaal", None)
    assert Decision.objects.count() == 2


def test_every_submission_of_a_text_reaches_the_queue(waiting):
    item = waiting()
    for number in (1, 2):
        edit_post(actor=item.author, post=item.post, text=text(title=f"Nieuw {number}"), version_number=number)
    assert (item_of(item.post).version.number, ReviewItem.objects.filter(post=item.post).count()) == (3, 1)


def test_draft_and_its_edits_reach_nobody():
    post = make_post(status="draft")
    edit_post(actor=post.author, post=post, text=text(title="Nog steeds ontwerp"), version_number=1)
    assert not ReviewItem.objects.exists()


def test_profile_is_heard_when_proposed_and_when_taken_back():
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Lieve")
    assert ReviewItem.objects.undecided().filter(author=person).count() == 1
    withdraw_profile(actor=person)
    assert ReviewItem.objects.undecided().filter(author=person).count() == 0
    withdraw_profile(actor=person)
    assert Decision.objects.filter(item__author=person).count() == 1
