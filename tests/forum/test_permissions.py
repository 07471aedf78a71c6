"""Each rule twice, as a check and as its queryset twin: they agree for every status and every kind of reader."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from crisis.services import open_crisis
from forum.models import Post, Topic
from forum.permissions import (
    can_answer_officially,
    can_confirm,
    can_edit,
    can_read,
    can_reply,
    can_withdraw,
    confirmable,
    editable_by,
    readable_by,
    replyable_by,
    withdrawable_by,
)
from forum.services import accept_answer, apply_status, mark_dangerous, withdraw_post
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db
TEXTS = {"fr": {"title": "Crise", "summary": ""}, "nl": {"title": "Crisis", "summary": ""}}
OTHER_TEXTS = {code: {**words, "title": f"{words['title']} 2"} for code, words in TEXTS.items()}


@pytest.fixture
def world(staff: Any) -> dict[str, Any]:
    """Posts of two authors in every status, tombstones, restricted topics, replies, an answered question."""
    author, other, officer = UserFactory(), UserFactory(), staff("duty_officer")
    for person in (author, other):
        for status in ("draft", "pending", "changes_requested", "published", "hidden", "archived", "rejected", "spam"):
            for country in ("PE", "BO", "TH"):
                make_post(author=person, status=status, countries=[country])
        withdraw_post(actor=person, post=make_post(author=person, status="published"))
        mark_dangerous(post=make_post(author=person, status="published", countries=["TH"]), reason="Danger")
        question = make_post(author=person, status="published", kind="question", countries=["TH"])
        make_post(author=person, status="published", kind="question", countries=["TH"])
        reply = make_reply(topic=question.topic, author=person, status="published")
        accept_answer(actor=person, answer=reply)
        apply_status(post=make_post(author=person), status="merged", merged_into=question.topic)
    open_crisis(actor=officer, scope="countries", countries=["PE"], texts=TEXTS, visibility_regime="members")
    open_crisis(actor=officer, scope="countries", countries=["BO"], texts=OTHER_TEXTS, visibility_regime="staff")
    inactive = UserFactory(is_active=False)
    return {"visitor": AnonymousUser(), "author": author, "other": other, "officer": officer, "inactive": inactive}


def test_topic_rules_agree(world: dict[str, Any]) -> None:
    for user in world.values():
        for check, twin in ((can_reply, replyable_by),):
            assert {t.pk for t in Topic.objects.all() if check(user, t)} == set(twin(user).values_list("pk", flat=True)), check.__name__
        # An archived topic's stored visibility is not rewritten: the check is the stricter one there.
        published = Topic.objects.published()
        allowed = {t.pk for t in published if can_read(user, t)}
        assert allowed == set(readable_by(user).published().values_list("pk", flat=True))
        assert {t.pk for t in Topic.objects.all() if can_read(user, t)} <= set(readable_by(user).values_list("pk", flat=True))
    assert {t.pk for t in Topic.objects.all() if can_confirm(t)} == set(confirmable().values_list("pk", flat=True))


def test_post_rules_agree(world: dict[str, Any]) -> None:
    for user in world.values():
        for check, twin in ((can_edit, editable_by), (can_withdraw, withdrawable_by)):
            assert {p.pk for p in Post.objects.all() if check(user, p)} == set(twin(user).values_list("pk", flat=True)), check.__name__


def test_standing(world: dict[str, Any]) -> None:
    counts = {name: readable_by(user).published().count() for name, user in world.items()}
    assert counts["visitor"] < counts["author"] < counts["officer"]
    assert counts["inactive"] == counts["visitor"]
    assert counts["author"] == counts["other"]
    assert not editable_by(world["visitor"]).exists()
    assert not withdrawable_by(world["inactive"]).exists()


def test_denials_say_why(world: dict[str, Any]) -> None:
    post = Post.objects.by(world["author"]).filter(status="rejected").first()
    for verdict in (can_edit(world["author"], post), can_withdraw(world["author"], post), can_edit(world["other"], post)):
        assert not verdict
        assert str(verdict.reason)


@pytest.mark.parametrize(("role", "country", "allowed"), [
    ("embassy", "PE", True), ("embassy", "TH", False), ("embassy", None, True), ("duty_officer", None, True), ("crisis_editor", None, True),
    ("spokesperson", None, True), ("moderator", None, False), ("supervisor", None, False), ("administrator", None, False),
    ("analyst", None, False), ("resident", "PE", False),
])  # fmt: skip
def test_who_answers_officially(staff: Any, role: str, country: str | None, allowed: bool) -> None:
    topic = make_post(status="published", countries=["PE"]).topic
    topic.refresh_from_db()
    assert bool(can_answer_officially(staff(role, country=country), topic)) is allowed
