"""Queries of the writing services (SELECT, INSERT, UPDATE, DELETE; PERFORMANCE.md): exact, listed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.models import ForumTag
from forum.services import apply_status, create_reply, create_topic
from tests.factories import UserFactory, make_post, text
from tests.forum.pages import url

pytestmark = pytest.mark.django_db


def counted(captured: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in captured.captured_queries if q["sql"].lstrip("(").startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]


@pytest.fixture
def alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The forum without its listeners, in the steady state of a process that read the generation a moment ago."""
    settings.GENERATION_SECONDS = 3600
    for name in ("content_submitted", "content_published", "content_edited", "content_hidden"):
        monkeypatch.setattr(f"forum.signals.{name}.receivers", [])
        monkeypatch.setattr(f"forum.signals.{name}.send", lambda **_: None)


@pytest.mark.usefixtures("alone")
def test_apply_status_of_a_first_publication() -> None:
    post = make_post()
    apply_status(post=make_post(), status="published")
    with CaptureQueriesContext(connection) as captured:
        apply_status(post=post, status="published", version=post.latest_version)
    # Lock topic, lock post, countries with needs and tags, post, crises, topic, list rows, generation.
    assert len(counted(captured)) == 8, "\n".join(counted(captured))


def test_a_reply_with_every_listener() -> None:
    topic, author = make_post(status="published").topic, UserFactory()
    with CaptureQueriesContext(connection) as captured:
        create_reply(actor=author, topic=topic, text=text(title="", countries=[], needs=[]), submission_key="k")
    assert len(counted(captured)) <= 12, "\n".join(counted(captured))


def test_a_topic_with_every_listener() -> None:
    tags = [ForumTag.objects.create(slug=f"t{n}", name=f"t{n}").slug for n in range(3)]
    author = UserFactory()
    with CaptureQueriesContext(connection) as captured:
        create_topic(actor=author, text=text(countries=["PE", "BO"], needs=["borders"], tags=tags), submission_key="k")
    assert len(counted(captured)) <= 22, "\n".join(counted(captured))


def test_a_reply_from_form_to_queue(signed_in: Any, settings: Any) -> None:
    settings.GENERATION_SECONDS = 3600
    topic = make_post(status="published").topic
    client, place = signed_in(UserFactory()), url("topic_reply", public_id=topic.public_id)
    client.get(place)
    data = {"body": "Gisteren ook gedaan, vertrek om zes uur.", "step": "send", "key": "f" * 32}
    with CaptureQueriesContext(connection) as captured:
        assert client.post(place, data).status_code == 302
    # Topic with first post; session, user, grants; texts of the hour; key, lock topic; post, version, pointer; facts about the author, review item.
    assert len(counted(captured)) == 12, "\n".join(counted(captured))
