"""Who is told what, once: intents live and fall with the decision, mails leave after the undo window, in the author's language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from forum.models import Post
from moderation.enums import Action
from moderation.models import Decision, ReviewItem
from moderation.services import DecisionNotAllowed, decide
from notifications.models import Intent
from notifications.services.delivering import IntentBusy, deliver_intent
from notifications.services.intents import cancel_waiting, intend
from notifications.tasks import deliver, deliver_left_behind
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db

LANGUAGES = ["fr", "nl", "de", "en"]


@pytest.fixture
def moderator(staff: Callable[..., User]) -> User:
    return staff("moderator")


def decided(moderator: User, action: str = Action.REJECT, language: str = "nl", **fields: Any) -> tuple[Post, Decision]:
    post = make_post(author=UserFactory(language=language), **fields)
    item = ReviewItem.objects.get(post=post)
    words = {} if action == Action.APPROVE else {"ground": "danger", "facts": "Die weg ligt vol mijnen."}
    return post, decide(item.pk, Action(action), actor=moderator, revision=item.revision, **words)


def after_the_window() -> Any:
    return timezone.now() + timedelta(minutes=5)


def test_decision_writes_one_intent_and_one_job(moderator: User) -> None:
    post, decision = decided(moderator)
    intent = Intent.objects.get()
    assert (intent.user, intent.decision_ref, intent.language, intent.state) == (post.author, decision.public_id, "nl", "waiting")
    assert intent.not_before == decision.effective_at
    job = DBTaskResult.objects.get(task_path=deliver.module_path)
    assert (job.args_kwargs["args"], job.run_after) == ([intent.pk], decision.effective_at)
    assert mail.outbox == []


def test_refused_decision_leaves_nothing(moderator: User, staff: Callable[..., User]) -> None:
    post = make_post(author=UserFactory())
    item = ReviewItem.objects.get(post=post)
    with pytest.raises(DecisionNotAllowed):
        decide(item.pk, Action.APPROVE, actor=staff("analyst"), revision=item.revision)
    assert not Intent.objects.exists()
    assert not DBTaskResult.objects.filter(task_path=deliver.module_path).exists()


def test_intent_falls_with_its_transaction(moderator: User) -> None:
    def decide_and_fail() -> None:
        with transaction.atomic():
            decided(moderator)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decide_and_fail()
    assert not Intent.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_note_between_colleagues_tells_nobody(moderator: User) -> None:
    item = ReviewItem.objects.get(post=make_post(author=UserFactory()))
    decide(item.pk, Action.NOTE, actor=moderator, revision=item.revision, internal_note="Ask the embassy.")
    assert not Intent.objects.exists()


def test_undo_takes_the_word_back_before_it_was_said(moderator: User) -> None:
    _post, decision = decided(moderator)
    item = decision.item
    item.refresh_from_db()
    decide(item.pk, Action.UNDO, actor=moderator, revision=item.revision)
    intent = Intent.objects.get()
    assert (intent.state, intent.sent_at) == ("cancelled", None)
    assert intent.cancelled_at is not None
    assert deliver_intent(intent.pk, after_the_window()) == "cancelled"
    assert mail.outbox == []


def test_nothing_leaves_inside_the_undo_window(moderator: User) -> None:
    _post, decision = decided(moderator)
    intent = Intent.objects.get()
    assert deliver_intent(intent.pk, decision.effective_at - timedelta(seconds=1)) == "waiting"
    assert mail.outbox == []
    intent.refresh_from_db()
    assert (intent.state, intent.attempts) == ("waiting", 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_tells_the_author_why_in_their_language(moderator: User, language: str, settings: Any) -> None:
    post, decision = decided(moderator, language=language)
    intent = Intent.objects.get()
    assert deliver_intent(intent.pk, after_the_window()) == "sent"
    (sent,) = mail.outbox
    assert sent.to == [post.author.email]
    assert decision.public_id in sent.subject
    assert "\n" not in sent.subject
    assert "Die weg ligt vol mijnen." in sent.body
    assert f"{settings.BASE_URL}/{language}/" in sent.body
    assert "&" not in sent.body.replace("&c", "")
    message = sent.message()
    assert message["Message-ID"] == f"<intent.{intent.public_id}@localhost>"
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"
    intent.refresh_from_db()
    assert (intent.state, intent.attempts) == ("sent", 1)


def test_approval_is_told_too(moderator: User) -> None:
    decided(moderator, action=Action.APPROVE)
    assert deliver_intent(Intent.objects.get().pk, after_the_window()) == "sent"
    assert len(mail.outbox) == 1


def test_job_that_runs_twice_sends_once(moderator: User) -> None:
    decided(moderator)
    intent = Intent.objects.get()
    moments = [after_the_window(), after_the_window()]
    assert [deliver_intent(intent.pk, moment) for moment in moments] == ["sent", "sent"]
    assert len(mail.outbox) == 1


def test_second_worker_leaves_a_mail_that_is_being_sent(moderator: User) -> None:
    decided(moderator)
    now = after_the_window()
    Intent.objects.update(state="sending", claimed_at=now)
    with pytest.raises(IntentBusy):
        deliver_intent(Intent.objects.get().pk, now + timedelta(seconds=5))
    assert mail.outbox == []


def test_mail_whose_sender_died_is_sent_again_with_its_old_message_id(moderator: User) -> None:
    decided(moderator)
    now = after_the_window()
    Intent.objects.update(state="sending", claimed_at=now - timedelta(hours=1), attempts=1)
    intent = Intent.objects.get()
    assert deliver_intent(intent.pk, now) == "sent"
    assert mail.outbox[0].message()["Message-ID"] == f"<intent.{intent.public_id}@localhost>"
    intent.refresh_from_db()
    assert intent.attempts == 2


def broken_server(monkeypatch: Any) -> None:
    def refuse(self: Any, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError("mail server is away")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def test_mail_server_that_is_away_is_asked_again_later(moderator: User, monkeypatch: Any) -> None:
    decided(moderator)
    intent, now = Intent.objects.get(), after_the_window()
    with monkeypatch.context() as patch:
        broken_server(patch)
        with pytest.raises(ConnectionRefusedError):
            deliver_intent(intent.pk, now)
    intent.refresh_from_db()
    assert (intent.state, intent.attempts, intent.not_before) == ("waiting", 1, now + timedelta(seconds=10))
    assert deliver_intent(intent.pk, now + timedelta(seconds=9)) == "waiting"
    assert deliver_intent(intent.pk, now + timedelta(seconds=10)) == "sent"
    assert len(mail.outbox) == 1


def test_mail_that_never_leaves_is_written_down_as_failed(moderator: User, monkeypatch: Any, settings: Any) -> None:
    settings.TASK_MAX_ATTEMPTS = 2
    decided(moderator)
    intent, now = Intent.objects.get(), after_the_window()
    broken_server(monkeypatch)
    for moment in (now, now + timedelta(hours=1)):
        with pytest.raises(ConnectionRefusedError):
            deliver_intent(intent.pk, moment)
    intent.refresh_from_db()
    assert (intent.state, intent.attempts, intent.sent_at) == ("failed", 2, None)
    assert deliver_intent(intent.pk, now + timedelta(days=1)) == "failed"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"erased_at": timezone.now()}, {"archive_source": "old-forum"}])
def test_nobody_writes_to_somebody_who_left(moderator: User, fields: dict[str, Any]) -> None:
    post, _decision = decided(moderator)
    User.objects.filter(pk=post.author_id).update(**fields)
    assert deliver_intent(Intent.objects.get().pk, after_the_window()) == "cancelled"
    assert mail.outbox == []


def test_intent_that_is_gone_is_no_error() -> None:
    assert deliver_intent(12_345, timezone.now()) == "cancelled"


def test_same_intent_twice_is_one_row(moderator: User) -> None:
    fields = {"user": moderator, "kind": "decision", "decision_ref": "0123456789", "language": "fr"}
    first = intend(**fields, not_before=timezone.now())
    assert intend(**fields, not_before=timezone.now()) == first
    assert Intent.objects.count() == 1


def test_cancelling_leaves_what_was_sent(moderator: User) -> None:
    _post, decision = decided(moderator)
    deliver_intent(Intent.objects.get().pk, after_the_window())
    assert cancel_waiting(decision_refs=[decision.public_id]) == 0
    assert Intent.objects.get().state == "sent"


def test_intent_whose_job_was_lost_is_found(moderator: User) -> None:
    decided(moderator)
    DBTaskResult.objects.all().delete()
    assert deliver_left_behind() == 0
    Intent.objects.update(not_before=timezone.now() - timedelta(hours=3))
    assert deliver_left_behind() == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [Intent.objects.get().pk]
    # It has its job now: the next sweep leaves it alone.
    assert deliver_left_behind() == 0
    assert DBTaskResult.objects.count() == 1


def test_approval_mail_holds_no_word_that_was_not_read(moderator: User) -> None:
    """The author wrote a newer text after the decision: the mail tells of the one that was decided on."""
    _post, _decision = decided(moderator, action=Action.APPROVE, title="Bus van Cusco", body="Vertrek om zes uur aan de terminal.")
    deliver_intent(Intent.objects.get().pk, after_the_window())
    assert "Bus van Cusco" in mail.outbox[0].body
    assert "Vertrek om zes uur" not in mail.outbox[0].body
