"""`decide`: conflicts, reasons, marks, the author in between, the second moderator, merge targets, what the decision row holds."""

import pytest

from forum.enums import PostStatus
from forum.models import ForumListing
from forum.services import edit_post, withdraw_post
from moderation.enums import Action, ItemState
from moderation.models import Decision, ReviewItem
from moderation.permissions import can_decide
from moderation.services import DecisionNotAllowed, MarksUnanswered, ReasonMissing, ReviewConflict, available_actions, decide, open_marks
from moderation.services import deciding as deciding_module
from moderation.services.records import text_digest
from tests.factories import make_post, make_reply, text
from tests.moderation.conftest import item_of, row_counts, state_of

pytestmark = pytest.mark.django_db

GROUND = {"ground": "danger", "facts": "De brug is weg."}
MARKS = [
    {"code": code, "severity": 2, "field": "body", "start": 0, "end": 2, "detail": ""}
    for code in ("personal_data", "threat_to_life", "personal_data")
]


def refused(error, item, action, match=None, **fields):
    """Assert that a decision is refused and that nothing at all was written."""
    before, counts = state_of(item), row_counts()
    with pytest.raises(error, match=match) as caught:
        decide(item.pk, action, **fields)
    assert (state_of(item), row_counts()) == (before, counts)
    return caught.value


# -- the row ---------------------------------------------------------------------------------------------------------


def test_decision_holds_codes_and_its_text_stands_beside_it(staff, waiting):
    item, actor = waiting(title="Puno"), staff("moderator")
    decision = decide(
        item.pk, Action.REJECT, actor=actor, revision=1, ground="danger", facts="De brug is weg.", note="Dank u.", internal_note="Zie Lima."
    )
    decision.refresh_from_db()
    assert (decision.realm, decision.language, decision.version_number, decision.ground) == ("live", item.author.language, 1, "danger")
    assert (decision.effective_at - decision.decided_at).total_seconds() == 30
    words = decision.text
    assert (words.facts, words.note, words.internal_note) == ("De brug is weg.", "Dank u.", "Zie Lima.")
    assert (words.snapshot["title"], words.snapshot["content_hash"], words.snapshot["live_number"]) == ("Puno", item.version.content_hash, None)
    assert decision.text_digest == text_digest(words.salt, words.payload())
    columns = {str(getattr(decision, f.attname)) for f in Decision._meta.concrete_fields}
    assert not any(words in value for value in columns for words in ("brug", "Dank", "Lima", item.author.email, actor.email))


def test_undo_window_follows_the_setting(staff, waiting, settings):
    settings.UNDO_SECONDS = 600
    decision = decide(waiting().pk, Action.APPROVE, actor=staff("moderator"), revision=1)
    assert (decision.effective_at - decision.decided_at).total_seconds() == 600


def test_approval_publishes_the_version_under_review(staff, waiting, heard):
    item = waiting()
    heard.clear()
    decide(item.pk, Action.APPROVE, actor=staff("moderator"), revision=1)
    item = item_of(item.post)
    assert (item.post.status, item.post.live_version_id, item.state) == ("published", item.version_id, "decided")
    assert item.post.topic.title == item.version.title
    assert ForumListing.objects.filter(topic=item.post.topic).count() == 4
    assert heard == ["content_published", "decision_made"]


def test_approved_reply_is_counted_on_its_topic(staff, published):
    topic = published().post.topic
    item = item_of(make_reply(topic=topic))
    decide(item.pk, Action.APPROVE, actor=staff("moderator"), revision=1)
    topic.refresh_from_db()
    assert (topic.reply_count, item_of(item.post).post.status) == (1, "published")


# -- conflict --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", [0, 2, 999])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT, Action.NOTE])
def test_other_revision_is_a_conflict(action, revision, staff, waiting):
    item = waiting()
    error = refused(ReviewConflict, item, action, actor=staff("moderator"), revision=revision, **GROUND)
    assert (error.item.pk, error.item.revision) == (item.pk, 1)


def test_second_moderator_after_the_first_gets_a_conflict_not_an_error_of_rights(staff, waiting):
    item, first, second = waiting(), staff("moderator"), staff("moderator")
    decide(item.pk, Action.APPROVE, actor=first, revision=item.revision)
    error = refused(ReviewConflict, item, Action.REJECT, actor=second, revision=item.revision, **GROUND)
    assert error.item.decisions.get().actor_ref == first.audit_ref
    assert item_of(item.post).post.status == "published"


def test_author_edits_while_a_moderator_reads(staff, waiting):
    item, moderator = waiting(), staff("moderator")
    edit_post(actor=item.author, post=item.post, text=text(body="Neem toch de nachtbus, die van zes uur rijdt niet meer."), version_number=1)
    error = refused(ReviewConflict, item, Action.APPROVE, actor=moderator, revision=item.revision)
    assert (error.item.version.number, error.item.revision) == (2, 2)
    decide(item.pk, Action.APPROVE, actor=moderator, revision=2)
    assert item_of(item.post).post.live_version.number == 2


def test_colleagues_note_is_read_before_the_decision(staff, waiting):
    item = waiting()
    decide(item.pk, Action.NOTE, actor=staff("moderator"), revision=1, internal_note="Gebeld met de ambassade.")
    refused(ReviewConflict, item, Action.APPROVE, actor=staff("moderator"), revision=1)


def between(monkeypatch, act):
    """Run `act` after `decide` was called and before it has locked anything: what another request may do in that moment.

    Returns `decide` without its own transaction: a rollback would take `act` back, too, which in life belongs to somebody else.
    """
    original, done = deciding_module.load_locked, []

    def load(item_id):
        if not done:
            done.append(True)
            act()
        return original(item_id)

    monkeypatch.setattr(deciding_module, "load_locked", load)
    return decide.__wrapped__


def test_race_author_withdraws_in_between(staff, waiting, monkeypatch):
    item = waiting()
    decide_now = between(monkeypatch, lambda: withdraw_post(actor=item.author, post=item.post))
    with pytest.raises(ReviewConflict):
        decide_now(item.pk, Action.APPROVE, actor=staff("moderator"), revision=item.revision)
    fresh = item_of(item.post)
    assert (fresh.post.status, fresh.state, fresh.post.live_version) == ("withdrawn", "decided", None)
    assert [d.action for d in fresh.decisions.all()] == ["withdraw"]


def test_race_author_edits_in_between(staff, waiting, monkeypatch):
    item = waiting()
    decide_now = between(
        monkeypatch, lambda: edit_post(actor=item.author, post=item.post, text=text(body="Iets helemaal anders dan daarnet."), version_number=1)
    )
    with pytest.raises(ReviewConflict):
        decide_now(item.pk, Action.APPROVE, actor=staff("moderator"), revision=item.revision)
    assert (item_of(item.post).post.status, Decision.objects.count()) == ("pending", 0)


def test_race_second_moderator_decides_in_between(staff, waiting, monkeypatch):
    item, other = waiting(), staff("moderator")
    decide_now = between(monkeypatch, lambda: decide(item.pk, Action.REJECT, actor=other, revision=item.revision, **GROUND))
    with pytest.raises(ReviewConflict):
        decide_now(item.pk, Action.APPROVE, actor=staff("moderator"), revision=item.revision)
    assert (item_of(item.post).post.status, Decision.objects.get().action) == ("rejected", "reject")


def test_race_grant_ends_in_between(staff, waiting, monkeypatch):
    item, actor = waiting(), staff("moderator")
    decide_now = between(monkeypatch, lambda: actor.grants.all().delete())
    before, counts = state_of(item), row_counts()
    with pytest.raises(DecisionNotAllowed):
        decide_now(item.pk, Action.APPROVE, actor=actor, revision=item.revision)
    assert (state_of(item), row_counts()) == (before, counts)


# -- reasons and marks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [{}, {"ground": "danger"}, {"facts": "De brug."}, {"ground": "danger", "facts": "  \n "}, {"note": "Neen."}])
@pytest.mark.parametrize("action", [Action.REQUEST_CHANGES, Action.REJECT, Action.SPAM])
def test_decision_against_the_author_needs_ground_and_facts(action, words, staff, waiting):
    refused(ReasonMissing, waiting(), action, actor=staff("moderator"), revision=1, **words)


@pytest.mark.parametrize("action", [Action.HIDE, Action.MARK_DANGEROUS])
def test_restricting_a_public_text_needs_ground_and_facts(action, staff, published):
    item = published()
    refused(ReasonMissing, item, action, actor=staff("moderator"), revision=item.revision)


@pytest.mark.parametrize(
    ("answered", "missing"),
    [([], ["personal_data", "threat_to_life"]), (["personal_data"], ["threat_to_life"]), (["links", "threat_to_life"], ["personal_data"])],
)
def test_blocking_marks_are_answered_one_by_one_before_an_approval(answered, missing, staff, waiting):
    item = waiting(findings=MARKS)
    assert open_marks(item) == ["personal_data", "threat_to_life"]
    error = refused(MarksUnanswered, item, Action.APPROVE, actor=staff("moderator"), revision=1, answered_marks=answered)
    assert error.codes == missing


def test_answered_marks_let_the_approval_through(staff, waiting):
    item = waiting(findings=MARKS)
    decide(item.pk, Action.APPROVE, actor=staff("moderator"), revision=1, answered_marks=["threat_to_life", "personal_data"])
    assert item_of(item.post).post.status == "published"


def test_marks_do_not_stand_in_the_way_of_a_refusal(staff, waiting):
    item = waiting(findings=MARKS)
    decide(item.pk, Action.REJECT, actor=staff("moderator"), revision=1, **GROUND)
    assert item_of(item.post).post.status == "rejected"


# -- merge -----------------------------------------------------------------------------------------------------------


def test_merge_leads_to_the_other_topic(staff, waiting):
    item, target = waiting(), make_post(status="published").topic
    decide(item.pk, Action.MERGE, actor=staff("moderator"), revision=1, merged_into=target, ground="duplicate", facts="Zie daar.")
    fresh = item_of(item.post)
    assert (fresh.post.status, fresh.post.merged_into_id, fresh.state) == ("merged", target.pk, "decided")


@pytest.mark.parametrize("kind", ["none", "itself", "pending", "hidden", "gone", "other_realm"])
def test_merge_needs_a_readable_other_topic_of_the_same_realm(kind, staff, waiting):
    item = waiting()
    target = (
        None
        if kind == "none"
        else item.post.topic
        if kind == "itself"
        else make_post(status=kind if kind in {"pending", "hidden"} else "published").topic
    )
    if kind == "gone":
        target.gone_at = target.published_at
    if kind == "other_realm":
        target.realm = "demo"
    refused(DecisionNotAllowed, item, Action.MERGE, "Say into which", actor=staff("moderator"), revision=1, merged_into=target, **GROUND)


def test_target_of_a_merge_is_refused_by_other_actions(staff, waiting):
    target = make_post(status="published").topic
    refused(DecisionNotAllowed, waiting(), Action.APPROVE, "Say into which", actor=staff("moderator"), revision=1, merged_into=target)


# -- several items of one thing --------------------------------------------------------------------------------------


def edited(item):
    """Return the newer item after the author changed a published text."""
    number = item.post.versions.count()
    edit_post(actor=item.author, post=item.post, text=text(body=f"De bus kost nu {140 + number} sol, vertrek om zeven uur."), version_number=number)
    return item_of(item.post)


def test_edit_of_a_published_text_opens_a_new_item_and_the_approved_text_stays(staff, published):
    first = published()
    second = edited(first)
    assert (second.pk != first.pk, second.is_edit, second.state, second.version.number) == (True, True, "open", 2)
    assert second.post.live_version.number == 1
    decide(second.pk, Action.APPROVE_EDIT, actor=staff("moderator"), revision=second.revision)
    assert item_of(first.post).post.live_version.number == 2


def test_refused_edit_leaves_the_approved_text(staff, published):
    second = edited(published())
    decide(second.pk, Action.REJECT_EDIT, actor=staff("moderator"), revision=second.revision, **GROUND)
    fresh = item_of(second.post)
    assert (fresh.post.status, fresh.post.live_version.number, fresh.state) == ("published", 1, "decided")


def test_returned_edit_comes_back_as_the_same_item(staff, published):
    second = edited(published())
    decide(second.pk, Action.RETURN_EDIT, actor=staff("moderator"), revision=second.revision, **GROUND)
    assert item_of(second.post).state == "with_author"
    third = edited(second)
    assert (third.pk, third.state, third.version.number, third.post.live_version.number) == (second.pk, "open", 3, 1)


def test_requested_changes_come_back_as_the_same_item(staff, waiting):
    item = waiting()
    decide(item.pk, Action.REQUEST_CHANGES, actor=staff("moderator"), revision=1, **GROUND)
    assert (item_of(item.post).state, item_of(item.post).post.status) == ("with_author", "changes_requested")
    again = edited(item)
    assert (again.pk, again.state, again.revision, again.version.number, again.post.status) == (item.pk, "open", 3, 2, "pending")


@pytest.mark.parametrize("action", [Action.HIDE, Action.MARK_DANGEROUS, Action.ARCHIVE])
def test_only_the_newest_item_of_a_post_decides(action, staff, published):
    first = published()
    edited(first)
    old = ReviewItem.objects.get(pk=first.pk)
    refused(DecisionNotAllowed, old, action, "newer text", actor=staff("supervisor"), revision=old.revision, **GROUND)
    decide(old.pk, Action.NOTE, actor=staff("moderator"), revision=old.revision, internal_note="Oud.")


def test_hidden_post_keeps_its_waiting_edit_and_restore_brings_it_back_into_the_queue(staff, published):
    second = edited(published())
    decide(second.pk, Action.HIDE, actor=staff("moderator"), revision=second.revision, **GROUND)
    hidden = item_of(second.post)
    assert (hidden.post.status, hidden.state) == ("hidden", "decided")
    decide(hidden.pk, Action.RESTORE, actor=staff("supervisor"), revision=hidden.revision)
    back = item_of(second.post)
    assert (back.post.status, back.state, back.is_edit, back.post.live_version.number) == ("published", "open", True, 1)
    assert "approve_edit" in available_actions(staff("moderator"), back)


def test_who_hid_a_post_does_not_restore_it_even_after_somebody_elses_note(staff, published):
    item, supervisor = published(), staff("supervisor")
    decide(item.pk, Action.HIDE, actor=supervisor, revision=item.revision, **GROUND)
    item = item_of(item.post)
    decide(item.pk, Action.NOTE, actor=staff("moderator"), revision=item.revision, internal_note="?")
    item = item_of(item.post)
    refused(DecisionNotAllowed, item, Action.RESTORE, "Somebody else", actor=supervisor, revision=item.revision)
    decide(item.pk, Action.RESTORE, actor=staff("duty_officer"), revision=item.revision)
    assert item_of(item.post).post.status == "published"


def test_unhidden_post_can_be_hidden_again(staff, published):
    item = published()
    for _round in range(2):
        decide(item.pk, Action.HIDE, actor=staff("moderator"), revision=item.revision, **GROUND)
        item = item_of(item.post)
        decide(item.pk, Action.RESTORE, actor=staff("supervisor"), revision=item.revision)
        item = item_of(item.post)
    assert (item.post.status, item.decisions.count()) == ("published", 5)


def test_author_withdraws_while_with_author(staff, waiting):
    item = waiting()
    decide(item.pk, Action.REQUEST_CHANGES, actor=staff("moderator"), revision=1, **GROUND)
    withdraw_post(actor=item.author, post=item.post)
    fresh = item_of(item.post)
    last = fresh.decisions.order_by("-pk")[0]
    assert (fresh.state, last.action, last.from_status, last.to_status) == ("decided", "withdraw", "changes_requested", "withdrawn")
    assert last.actor_ref == item.author.audit_ref


def test_author_withdraws_a_public_post_with_a_waiting_edit(published):
    second = edited(published())
    withdraw_post(actor=second.author, post=second.post)
    last = item_of(second.post).decisions.get()
    assert (last.from_status, last.to_status, item_of(second.post).state) == ("published", "withdrawn", "decided")


def test_nothing_can_be_decided_about_a_withdrawn_text(staff, waiting):
    item = waiting()
    withdraw_post(actor=item.author, post=item.post)
    assert available_actions(staff("supervisor"), item_of(item.post)) == [Action.NOTE]


# -- one undecided item per thing --------------------------------------------------------------------------------------


def test_one_undecided_item_per_post_whatever_the_author_does(waiting, staff):
    item = waiting()
    for number in range(1, 4):
        edit_post(actor=item.author, post=item.post, text=text(body=f"Versie {number} van de tekst over de bus."), version_number=number)
    assert ReviewItem.objects.undecided().filter(post=item.post).count() == ReviewItem.objects.filter(post=item.post).count() == 1
    assert (item_of(item.post).revision, item_of(item.post).version.number) == (4, 4)


def test_can_decide_asks_no_database(staff, waiting, django_assert_num_queries):
    item, actor = waiting(), staff("moderator")
    standing = deciding_module.standing_of(item)
    available_actions(actor, item, standing)
    with django_assert_num_queries(0):
        assert can_decide(actor, item, Action.APPROVE, standing)
        assert not can_decide(actor, item, Action.RESTORE, standing)


def test_state_names_are_those_of_the_model():
    assert list(ItemState.values) == ["open", "with_author", "decided"]
    assert PostStatus.PENDING == "pending"
