"""A crisis may restrict who reads: the regime follows opening and closing, and only where the crisis is."""

from typing import Any

import pytest

from accounts.models import User
from crisis.enums import Scope
from crisis.services import close_crisis, open_crisis
from forum.models import ForumListing, Topic
from forum.services import refresh_visibility
from forum.visibility import known_restrictions, restrictions, strictest
from tests.factories import make_post

pytestmark = pytest.mark.django_db
TEXTS = {"fr": {"title": "Crise", "summary": ""}, "nl": {"title": "Crisis", "summary": ""}}


@pytest.fixture
def officer(staff: Any) -> User:
    person: User = staff("duty_officer")
    return person


def crisis(officer: User, regime: str, scope: str = Scope.COUNTRIES, **fields: Any) -> Any:
    if scope == Scope.COUNTRIES:
        fields.setdefault("countries", ["PE"])
    texts = {code: {**words, "title": f"{words['title']} {regime}"} for code, words in TEXTS.items()}
    return open_crisis(actor=officer, scope=scope, texts=texts, visibility_regime=regime, **fields)


def test_opening_and_closing_move_published_topics(officer: User, heard: list[Any]) -> None:
    post, elsewhere = make_post(status="published"), make_post(status="published", countries=["TH"])
    revision = Topic.objects.get(pk=post.topic_id).revision
    heard.clear()
    opened = crisis(officer, "members")
    topic = Topic.objects.get(pk=post.topic_id)
    assert (topic.visibility, topic.revision) == ("members", revision + 1)
    assert set(ForumListing.objects.filter(topic=topic).values_list("visibility", flat=True)) == {"members"}
    assert Topic.objects.get(pk=elsewhere.topic_id).visibility == "public"
    assert heard == [("content_edited", post.pk)]
    close_crisis(actor=officer, crisis=opened)
    assert Topic.objects.get(pk=post.topic_id).visibility == "public"


def test_a_public_crisis_changes_nothing(officer: User, heard: list[Any]) -> None:
    make_post(status="published")
    heard.clear()
    crisis(officer, "public")
    assert refresh_visibility() == 0
    assert heard == []


def test_what_is_published_during_the_crisis_is_restricted_at_once(officer: User) -> None:
    crisis(officer, "staff")
    assert make_post(status="published").topic.visibility == "staff"


def test_the_strictest_of_several_crises_counts(officer: User) -> None:
    crisis(officer, "members")
    crisis(officer, "staff", countries=["BO"])
    for asked in (restrictions(), known_restrictions()):
        assert [strictest(asked, codes) for codes in (["PE"], ["PE", "BO"], ["FR"], [])] == ["members", "staff", "public", "public"]


@pytest.mark.parametrize(("scope", "fields", "restricted"), [
    (Scope.REGIONS, {"regions": ["005"]}, {"PE"}),
    (Scope.REGIONS, {"regions": ["019"]}, {"PE"}),
    (Scope.WORLD, {}, {"PE", "TH", "BE"}),
    (Scope.BELGIUM, {}, {"BE"}),
    (Scope.SHIP, {"scope_name": "MS Test"}, set()),
])  # fmt: skip
def test_scopes(officer: User, scope: str, fields: dict[str, Any], restricted: set[str]) -> None:
    for code in ("PE", "TH", "BE"):
        make_post(status="published", countries=[code])
    crisis(officer, "members", scope, **fields)
    assert {t.country_codes[0] for t in Topic.objects.filter(visibility="members")} == restricted


def test_a_ship_restricts_what_is_tied_to_it(officer: User) -> None:
    ship = crisis(officer, "members", Scope.SHIP, scope_name="MS Test")
    assert make_post(status="published", crisis_id=ship.pk).topic.visibility == "members"
    assert make_post(status="published").topic.visibility == "public"


def test_many_topics_are_walked_in_chunks(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.services.visibility.CHUNK", 2)
    for _ in range(5):
        make_post(status="published")
    crisis(officer, "members")
    assert Topic.objects.filter(visibility="members").count() == 5
