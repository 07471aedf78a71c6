"""Two people at the same moment, with real connections on PostgreSQL: one wins, the other is told, nothing is half done, nobody deadlocks."""

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import RoleGrant
from accounts.services import submit_profile
from forum.services import EditConflict, EditNotAllowed, create_topic, edit_post, withdraw_post
from moderation.models import Decision, ReviewItem
from moderation.services import DecisionNotAllowed, ReviewConflict, decide
from tests.factories import UserFactory, text
from tests.together import together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server (DATABASE_URL)"),
]

GROUND = {"ground": "danger", "facts": "De brug is weg."}
ROUNDS = 6


@pytest.fixture
def countries(transactional_db):
    call_command("load_reference", verbosity=0)


def moderator():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role="moderator", reason="test")
    return user


def waiting_post():
    post = create_topic(actor=UserFactory(), text=text())
    return post, ReviewItem.objects.get(post=post)


def test_two_moderators_at_once_one_decides_and_one_is_told(countries):
    for _round in range(ROUNDS):
        post, item = waiting_post()
        first, second = moderator(), moderator()
        results = together(
            lambda item=item, first=first: decide(item.pk, "approve", actor=first, revision=1),
            lambda item=item, second=second: decide(item.pk, "reject", actor=second, revision=1, **GROUND),
        )
        assert sorted(type(r).__name__ for r in results) == ["Decision", "ReviewConflict"]
        winner = next(r for r in results if isinstance(r, Decision))
        post.refresh_from_db()
        assert (post.status, Decision.objects.filter(item=item).count()) == (winner.to_status, 1)


def test_author_withdraws_while_a_moderator_approves(countries):
    for _round in range(ROUNDS):
        post, item = waiting_post()
        actor = moderator()
        results = together(
            lambda item=item, actor=actor: decide(item.pk, "approve", actor=actor, revision=1),
            lambda post=post: withdraw_post(actor=post.author, post=post),
        )
        assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, ReviewConflict)]
        post.refresh_from_db()
        item.refresh_from_db()
        # Whoever came first, the author's will holds.
        assert (post.status, item.state) == ("withdrawn", "decided")


def test_author_edits_while_a_moderator_decides(countries):
    for _round in range(ROUNDS):
        post, item = waiting_post()
        actor = moderator()
        results = together(
            lambda item=item, actor=actor: decide(item.pk, "approve", actor=actor, revision=1),
            lambda post=post: edit_post(actor=post.author, post=post, text=text(title="Nieuw"), version_number=1),
        )
        assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, ReviewConflict)]
        undecided = ReviewItem.objects.undecided().get(post=post)
        post.refresh_from_db()
        assert undecided.version.number == 2
        assert (post.status, undecided.is_edit) in {("pending", False), ("published", True)}


def test_two_edits_at_once_leave_one_item(countries):
    for _round in range(ROUNDS):
        post, _item = waiting_post()
        results = together(
            lambda post=post: edit_post(actor=post.author, post=post, text=text(title="Een"), version_number=1),
            lambda post=post: edit_post(actor=post.author, post=post, text=text(title="Twee"), version_number=1),
        )
        assert len([r for r in results if isinstance(r, EditConflict)]) == 1
        assert ReviewItem.objects.undecided().get(post=post).version.number == 2


def test_the_same_undo_sent_twice_is_done_once(countries):
    for _round in range(ROUNDS):
        post, item = waiting_post()
        actor = moderator()
        decide(item.pk, "approve", actor=actor, revision=1)
        results = together(
            lambda item=item, actor=actor: decide(item.pk, "undo", actor=actor, revision=2),
            lambda item=item, actor=actor: decide(item.pk, "undo", actor=actor, revision=2),
        )
        assert sorted(type(r).__name__ for r in results) == ["Decision", "ReviewConflict"]
        post.refresh_from_db()
        assert (post.status, Decision.objects.filter(item=item, action="undo").count()) == ("pending", 1)


def test_new_name_while_the_old_proposal_is_decided(countries):
    for number in range(ROUNDS):
        person, actor = UserFactory(), moderator()
        submit_profile(actor=person, pseudonym=f"Lieve {number}")
        item = ReviewItem.objects.get(author=person)
        results = together(
            lambda item=item, actor=actor: decide(item.pk, "approve", actor=actor, revision=1),
            lambda person=person, number=number: submit_profile(actor=person, pseudonym=f"Lotte {number}"),
        )
        assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, ReviewConflict | DecisionNotAllowed)]
        assert ReviewItem.objects.undecided().filter(author=person).count() == 1


def test_ten_moderators_on_ten_items_of_one_topic_do_not_block_each_other_for_long(countries):
    actors, items = [moderator() for _ in range(8)], [waiting_post()[1] for _ in range(8)]
    results = together(*(lambda a=a, i=i: decide(i.pk, "approve", actor=a, revision=1) for a, i in zip(actors, items, strict=True)))
    assert {type(r).__name__ for r in results} == {"Decision"}
    assert Decision.objects.count() == 8


def test_withdrawn_text_cannot_be_edited_back_into_the_queue(countries):
    for _round in range(ROUNDS):
        post, item = waiting_post()
        results = together(
            lambda post=post: withdraw_post(actor=post.author, post=post),
            lambda post=post: edit_post(actor=post.author, post=post, text=text(title="Nieuw"), version_number=1),
        )
        assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, EditNotAllowed)]
        item.refresh_from_db()
        assert item.state == "decided"
