"""The two reviewed things behind one face: what is kept of them with a decision, what an outcome writes, how it is taken back."""

import pytest

from accounts.services import submit_profile
from forum.services import edit_post
from moderation.enums import Action
from moderation.models import ReviewItem
from moderation.services.deciding import load_locked
from moderation.subjects import PostSubject, ProfileSubject, author_language, subject_of
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db


def locked(post):
    return load_locked(item_of(post).pk)


def test_face_follows_the_kind_of_item(waiting):
    assert isinstance(subject_of(waiting()), PostSubject)
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Lieve")
    assert isinstance(subject_of(ReviewItem.objects.get(author=person)), ProfileSubject)


def test_snapshot_of_a_post_is_what_was_read_and_what_was_live(published):
    item = published(title="Oud")
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw", body="De nieuwe tekst over de bus."), version_number=1)
    snapshot = PostSubject(item_of(item.post)).snapshot()
    assert snapshot == {
        "title": "Nieuw",
        "body": "De nieuwe tekst over de bus.",
        "language": "nl",
        "content_hash": item_of(item.post).version.content_hash,
        "live_number": 1,
        "gone_reason": "",
    }


def test_snapshot_of_a_first_text_has_nothing_live(waiting):
    assert PostSubject(waiting()).snapshot()["live_number"] is None


def test_snapshot_of_a_profile_keeps_the_name_of_before():
    person = UserFactory(named=True)
    before = person.pseudonym
    submit_profile(actor=person, pseudonym="Nieuwe naam", about="Nieuw.")
    snapshot = ProfileSubject(ReviewItem.objects.get(author=person)).snapshot()
    assert snapshot == {"pseudonym": "Nieuwe naam", "about": "Nieuw.", "live_pseudonym": before, "live_about": ""}


@pytest.mark.parametrize("action", [Action.NOTE, Action.ESCALATE, Action.RETURN_EDIT, Action.REJECT_EDIT])
def test_acts_that_change_no_status_write_nothing(action, published, heard):
    item = locked(published().post)
    revision = item.post.topic.revision
    heard.clear()
    PostSubject(item).apply(item.post.status, action=action)
    fresh = item_of(item.post)
    assert (fresh.post.topic.revision, heard) == (revision, [])


def test_approval_publishes_the_version_of_the_item_not_the_latest(waiting):
    item = waiting()
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    held = locked(item.post)
    held.version = item.version
    PostSubject(held).apply("published", action=Action.APPROVE)
    assert item_of(item.post).post.live_version.number == 1


def test_restore_brings_the_live_version_back_not_the_one_under_review(published):
    item = published()
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    PostSubject(locked(item.post)).apply("hidden", action=Action.HIDE)
    PostSubject(locked(item.post)).apply("published", action=Action.RESTORE)
    assert (item_of(item.post).post.status, item_of(item.post).post.live_version.number) == ("published", 1)


def test_danger_mark_of_a_topic_keeps_its_reason_and_of_a_reply_its_time(published):
    item = published()
    PostSubject(locked(item.post)).apply("published", action=Action.MARK_DANGEROUS, note="  De brug is weg.  ")
    assert item_of(item.post).post.topic.gone_reason == "De brug is weg."
    topic = published().post.topic
    reply = make_reply(topic=topic, status="published")
    PostSubject(locked(reply)).apply("published", action=Action.MARK_DANGEROUS, note="Onzin.")
    fresh = item_of(reply)
    assert (fresh.post.gone_at is not None, fresh.post.topic.gone_at, fresh.post.topic.gone_reason) == (True, None, "")


def test_undoing_a_lifted_mark_of_a_reply_marks_it_again(published):
    reply = make_reply(topic=published().post.topic, status="published")
    PostSubject(locked(reply)).apply("published", action=Action.MARK_DANGEROUS, note="Onzin.")
    snapshot = PostSubject(locked(reply)).snapshot()
    PostSubject(locked(reply)).apply("published", action=Action.LIFT_DANGER)
    assert item_of(reply).post.gone_at is None
    PostSubject(locked(reply)).revert("published", action=Action.LIFT_DANGER, snapshot=snapshot)
    assert item_of(reply).post.gone_at is not None


def test_is_gone(published):
    item = published()
    assert not PostSubject(item).is_gone()
    PostSubject(locked(item.post)).apply("published", action=Action.MARK_DANGEROUS, note="x")
    assert PostSubject(item_of(item.post)).is_gone()
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Lieve")
    assert not ProfileSubject(ReviewItem.objects.get(author=person)).is_gone()


def test_profile_outcome_is_written_once_and_only_when_it_changes():
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Lieve")
    item = ReviewItem.objects.get(author=person)
    ProfileSubject(item).apply("pending", action=Action.NOTE)
    person.refresh_from_db()
    assert person.pseudonym is None
    ProfileSubject(item).apply("published", action=Action.APPROVE)
    person.refresh_from_db()
    assert person.pseudonym == "Lieve"


@pytest.mark.parametrize(("language", "expected"), [("fr", "fr"), ("nl", "nl"), ("de", "de"), ("en", "en"), ("es", "fr"), ("", "fr")])
def test_author_is_written_to_in_one_of_the_four_languages(language, expected):
    assert author_language(UserFactory.build(language=language)) == expected


def test_lock_loads_what_decisions_read(waiting, django_assert_num_queries):
    item = waiting()
    with django_assert_num_queries(2):
        held = load_locked(item.pk)
        assert held.post.topic.pk == item.post.topic_id
        assert held.version.number == 1
        assert (held.post.live_version, held.profile, held.newer, held.author.pk) == (None, None, False, item.author_id)


def test_lock_of_a_profile_item_locks_its_person():
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Lieve")
    held = load_locked(ReviewItem.objects.get(author=person).pk)
    assert (held.profile.pseudonym, held.post) == ("Lieve", None)


def test_lock_of_what_does_not_exist():
    with pytest.raises(ReviewItem.DoesNotExist):
        load_locked(10**9)


def test_topic_of_a_locked_reply_is_the_locked_one(published):
    reply = make_reply(topic=published().post.topic)
    held = locked(reply)
    assert held.post.topic.status == "published"
    assert make_post().status == "pending"
