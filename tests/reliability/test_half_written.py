"""Nothing is ever half written: each act is cut off at every one of its statements in turn, and afterwards the database is as it was before.

TRUST.md, Reliability: "one transaction writes post, review item and queued tasks". A process that is killed looks the same to the database."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.enrolment import issue_enrolment_link, use_enrolment_link
from accounts.services import submit_profile
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from forum.models import Post
from forum.services import accept_answer, confirm_post, create_reply, create_topic, edit_post, withdraw_post
from moderation.models import ReviewItem
from moderation.services import decide
from pages.importing.running import ImportingRun
from tests.factories import UserFactory, make_post, make_reply, text

pytestmark = pytest.mark.django_db

OWN_APPS = ("accounts", "crisis", "forum", "moderation", "notifications", "search", "pages", "django_tasks_db", "account", "mfa")
# A run of an import is written down whether it ends or not.
APART = {"forum.ImportRun"}


class CutOff(OperationalError):
    """The statement at which the act is cut off."""


class Scissors:
    """Counts statements, and fails at the chosen one. Savepoints are no work."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.seen += 1
            if self.seen == self.at:
                raise CutOff(sql[:60])
        return execute(sql, params, many, context)


def picture() -> str:
    """Return a digest of every row of every table of ours."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
        if model._meta.app_label in OWN_APPS and model._meta.label not in APART and model._meta.managed:
            rows = model._base_manager.order_by("pk").values_list()
            digest.update(f"{model._meta.label}{list(rows)!r}".encode())
    return digest.hexdigest()


def published_question(author: Any) -> Any:
    return make_post(author=author, kind="question", status="published").topic


def _topic() -> Callable[[], Any]:
    author = UserFactory()
    return lambda: create_topic(actor=author, text=text(tags=[]), submission_key="a" * 32)


def _reply() -> Callable[[], Any]:
    author, topic = UserFactory(), make_post(status="published").topic
    return lambda: create_reply(actor=author, topic=topic, text=text(title="", kind="", countries=[], needs=[]), submission_key="b" * 32)


def _edit() -> Callable[[], Any]:
    post = make_post(status="published")
    return lambda: edit_post(actor=post.author, post=post, text=text(body="Een nieuwe tekst over de bus."), version_number=1)


def _withdraw() -> Callable[[], Any]:
    post = make_post(status="published")
    return lambda: withdraw_post(actor=post.author, post=post)


def _confirm() -> Callable[[], Any]:
    post, member = make_post(status="published"), UserFactory()
    return lambda: confirm_post(post=post, kind="worked", happened_date=timezone.localdate() - timedelta(days=1), actor=member)


def _answer() -> Callable[[], Any]:
    asker = UserFactory()
    reply = make_reply(topic=published_question(asker), status="published")
    return lambda: accept_answer(actor=asker, answer=reply)


def _decide(action: str, **words: str) -> Callable[[Any], Callable[[], Any]]:
    def prepare(staff: Any) -> Callable[[], Any]:
        item = ReviewItem.objects.get(post=make_post())
        moderator = staff("moderator")
        return lambda: decide(item.pk, action, actor=moderator, revision=item.revision, **words)  # type: ignore[arg-type]

    return prepare


def _hide(staff: Any) -> Callable[[], Any]:
    moderator, post = staff("moderator"), make_post()
    item = ReviewItem.objects.get(post=post)
    decide(item.pk, "approve", actor=moderator, revision=item.revision)  # type: ignore[arg-type]
    item.refresh_from_db()
    return lambda: decide(item.pk, "hide", actor=moderator, revision=item.revision, ground="danger", facts="Iemand is gewond.")  # type: ignore[arg-type]


def _profile() -> Callable[[], Any]:
    member = UserFactory()
    return lambda: submit_profile(actor=member, pseudonym="Lieve uit Cusco", about="Ik woon in Cusco.")


def _crisis(staff: Any) -> Callable[[], Any]:
    make_post(status="published")
    officer = staff("duty_officer")
    titles = {code: {"title": "Routes coupées", "summary": ""} for code in ("fr", "nl")}
    return lambda: open_crisis(actor=officer, texts=titles, scope="countries", countries=["PE"], visibility_regime="members", review_regime="pre")


def _notice(staff: Any) -> Callable[[], Any]:
    writer, reader = staff("spokesperson"), staff("duty_officer")
    words = {code: {"title": "T", "known": "K", "signed_as": "S"} for code in ("fr", "nl")}
    notice = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=words, country="PE"))
    return lambda: approve_notice(actor=reader, notice=notice, revision=notice.revision)


def _enrolment() -> Callable[[], Any]:
    secret = issue_enrolment_link(user=UserFactory()).rstrip("/").rsplit("/", 1)[1]
    return lambda: use_enrolment_link(secret=secret, password="drie kano's naar Iquitos")


def _import() -> Callable[[], Any]:
    lines = [
        {
            "external_id": f"t{n}",
            "title": f"Bus {n}",
            "body": "De bus vertrekt om zes uur.",
            "countries": ["PE"],
            "needs": ["borders"],
            "status": "published",
            "replies": [{"external_id": f"r{n}", "body": "Ook voor ons.", "status": "published"}],
            "confirmations": [{"kind": "worked", "at": "2026-01-02T10:00:00Z"}],
        }
        for n in range(3)
    ]
    raw = "\n".join(json.dumps(line) for line in lines).encode()

    def run() -> None:
        counts = ImportingRun(source="archive", publish=True).run(io.BytesIO(raw))
        assert counts.created == 3

    return run


ACTS: dict[str, Callable[..., Callable[[], Any]]] = {
    "a topic is sent": lambda staff: _topic(),
    "a reply is sent": lambda staff: _reply(),
    "a text is changed": lambda staff: _edit(),
    "a text is withdrawn": lambda staff: _withdraw(),
    "a tip is confirmed": lambda staff: _confirm(),
    "an answer is chosen": lambda staff: _answer(),
    "a text is approved": _decide("approve"),
    "a text is refused": _decide("reject", ground="scam", facts="Er wordt geld gevraagd."),
    "changes are asked for": _decide("request_changes", ground="outdated", facts="De dag ontbreekt."),
    "a text is hidden": _hide,
    "a name is proposed": lambda staff: _profile(),
    "a crisis opens": _crisis,
    "a notice is published": _notice,
    "an enrolment link is used": lambda staff: _enrolment(),
    "an archive is imported": lambda staff: _import(),
}


@pytest.mark.parametrize("act", ACTS)
def test_cut_off_at_any_statement_an_act_leaves_nothing(act: str, staff: Any) -> None:
    run = ACTS[act](staff)
    before = picture()
    number, done = 0, False
    while not done:
        number += 1
        scissors = Scissors(number)
        sid = transaction.savepoint()
        try:
            with transaction.atomic(), connection.execute_wrapper(scissors):
                run()
        except CutOff:
            assert picture() == before, f"statement {number}"
        else:
            done = True
            assert scissors.seen < number, "the act went on as if nothing had happened"
            assert picture() != before, "the act itself writes something"
        transaction.savepoint_rollback(sid)
    assert number > 3


@pytest.mark.parametrize("at", [1, 3, 6, 9])
def test_after_a_cut_the_same_form_is_stored_once(at: int) -> None:
    author = UserFactory()

    def send() -> Post:
        return create_topic(actor=author, text=text(), submission_key="c" * 32)

    with pytest.raises(CutOff), transaction.atomic(), connection.execute_wrapper(Scissors(at)):
        send()
    first, second = send(), send()
    assert first.pk == second.pk
    assert Post.objects.count() == ReviewItem.objects.count() == 1
