"""Review afterwards: only where every crisis that covers the text says so, only for trusted adults, only what nothing marks."""

import pytest

from accounts.services import system_user
from countries import directory
from crisis.enums import ReviewRegime, Scope
from crisis.services import close_crisis, open_crisis
from forum.models import Post
from forum.services import create_reply, create_topic, edit_post
from moderation.models import Decision, ReviewItem
from moderation.services import available_actions, decide
from moderation.services.automatic import publish_if_trusted, reviewed_afterwards
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

TEXTS = {"fr": {"title": "Routes coupées", "summary": ""}, "nl": {"title": "Wegen versperd", "summary": ""}}


@pytest.fixture
def crisis(staff):
    """Return a maker of open crises about Peru, reviewed afterwards."""
    officer = staff("duty_officer")

    def make(regime=ReviewRegime.POST, scope=Scope.COUNTRIES, countries=("PE",), **fields):
        return open_crisis(actor=officer, scope=scope, countries=countries, texts=TEXTS, review_regime=regime, **fields)

    make.officer = officer
    return make


@pytest.fixture
def trusted(db):
    """Return a trusted member whose texts were published before."""
    person = UserFactory(trust="trusted")
    post = make_post(author=person, status="published", title="Eerdere tip")
    ReviewItem.objects.filter(post=post).delete()
    return person


def test_trusted_author_is_published_at_once_by_the_system(crisis, trusted, heard):
    crisis()
    heard.clear()
    post = create_topic(actor=trusted, text=text())
    decision = Decision.objects.get()
    assert (decision.action, decision.automated, decision.actor_ref) == ("approve", True, system_user().audit_ref)
    item = item_of(post)
    assert (item.state, item.post.status, item.post.live_version.number) == ("decided", "published", 1)
    assert sorted(heard) == ["content_published", "content_submitted", "decision_made"]


def test_caller_gets_the_post_as_it_is_now(crisis, trusted):
    crisis()
    post = create_topic(actor=trusted, text=text())
    assert (post.status, post.topic.status, post.topic.title) == ("published", "published", text().title)


def test_reply_and_edit_of_a_trusted_author_too(crisis, trusted):
    crisis()
    post = create_topic(actor=trusted, text=text())
    reply = create_reply(
        actor=trusted, topic=post.topic, text=text(title="", kind="", countries=[], needs=[], place="", body="Het werkte ook gisteren nog.")
    )
    assert Post.objects.get(pk=reply.pk).status == "published"
    edit_post(actor=trusted, post=post, text=text(title="Nieuwe titel"), version_number=1)
    fresh = Post.objects.get(pk=post.pk)
    assert (fresh.live_version.number, fresh.topic.title) == (2, "Nieuwe titel")
    assert list(Decision.objects.order_by("pk").values_list("action", "automated")) == [("approve", True), ("approve", True), ("approve_edit", True)]


def held(person, **fields):
    """Assert that a text of `person` waits for somebody, and that nothing was decided."""
    before = Decision.objects.count()
    post = create_topic(actor=person, text=text(**fields))
    assert (item_of(post).state, item_of(post).post.status, Decision.objects.count()) == ("open", "pending", before)


def test_nothing_is_published_at_once_without_a_crisis(trusted):
    held(trusted)


def test_crisis_with_review_beforehand_holds(crisis, trusted):
    crisis(regime=ReviewRegime.PRE)
    held(trusted)


def test_strictest_of_two_crises_holds(crisis, trusted):
    crisis()
    crisis(regime=ReviewRegime.PRE, scope=Scope.WORLD, countries=())
    held(trusted)


def test_closed_crisis_holds(crisis, trusted):
    close_crisis(actor=crisis.officer, crisis=crisis())
    held(trusted)


@pytest.mark.parametrize("countries", [["BO"], ["PE", "BO"], []])
def test_every_country_of_the_text_must_be_covered(countries, crisis, trusted):
    crisis()
    held(trusted, countries=countries)


def test_crisis_of_the_whole_world_covers_every_country(crisis, trusted):
    crisis(scope=Scope.WORLD, countries=())
    assert create_topic(actor=trusted, text=text(countries=["CL", "JP"])).status == "published"


def test_crisis_of_a_region_covers_its_countries(crisis, trusted):
    crisis(scope=Scope.REGIONS, countries=(), regions=[directory.entry("PE").region])
    assert create_topic(actor=trusted, text=text(countries=["PE"])).status == "published"
    held(trusted, countries=["BE"])


def test_crisis_of_another_realm_does_not_count(crisis, trusted):
    crisis(realm="demo")
    held(trusted)


@pytest.mark.parametrize(
    "fields", [{"trust": "new"}, {"trust": "known"}, {"trust": "trusted", "is_minor": True}, {"trust": "trusted", "archive_source": "fb"}]
)
def test_others_are_always_read_first(fields, crisis):
    crisis()
    held(UserFactory(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij."},
        {"body": "Je n’ai plus d’insuline depuis hier, que faire ?"},
        {"body": "Zie https://bit.ly/3xpuno voor de tickets naar Puno."},
    ],
)
def test_risk_holds(fields, crisis, trusted):
    crisis()
    held(trusted, **fields)


def test_remark_alone_does_not_hold(crisis, trusted):
    crisis()
    post = create_topic(actor=trusted, text=text(body="Ja, dat klopt."))
    assert [f["code"] for f in item_of(post).findings] == ["length"]
    assert post.status == "published"


def test_broken_screening_holds(crisis, trusted, monkeypatch):
    def explode(_text):
        raise RuntimeError

    crisis()
    monkeypatch.setattr("moderation.screening.running.PHASES", [explode])
    held(trusted)


@pytest.mark.parametrize("need", ["shelter", "transport", "money"])
def test_offers_of_shelter_transport_and_money_are_always_read_first(need, crisis, trusted):
    crisis()
    held(trusted, kind="offer", needs=[need])
    held(trusted, kind="offer", needs=["pets", need], title="Een ander aanbod")


@pytest.mark.parametrize(("kind", "need"), [("offer", "pets"), ("tip", "shelter"), ("question", "money")])
def test_other_offers_tips_and_questions_are_not(kind, need, crisis, trusted):
    crisis()
    assert create_topic(actor=trusted, text=text(kind=kind, needs=[need])).status == "published"


def test_imported_text_is_always_read_first(crisis, trusted):
    crisis()
    post = create_topic(actor=trusted, text=text(), source="fb", external_id="1")
    assert (item_of(post).state, post.status) == ("open", "pending")


def test_resubmitted_text_is_read_by_the_person_who_asked(crisis, trusted, staff):
    post = create_topic(actor=trusted, text=text())
    decide(item_of(post).pk, "request_changes", actor=staff("moderator"), revision=1, ground="danger", facts="De brug.")
    opened = crisis()
    edit_post(actor=trusted, post=post, text=text(body="Nu met de prijs, 140 sol per persoon."), version_number=1)
    assert (item_of(post).post.status, opened.review_regime) == ("published", "post")


def test_moderator_can_hide_what_was_published_at_once(crisis, trusted, staff):
    crisis()
    item = item_of(create_topic(actor=trusted, text=text()))
    decide(item.pk, "hide", actor=staff("moderator"), revision=item.revision, ground="danger", facts="De brug is weg.")
    assert item_of(item.post).post.status == "hidden"


def test_nobody_can_undo_the_systems_decision(crisis, trusted, staff):
    crisis()
    item = item_of(create_topic(actor=trusted, text=text()))
    assert "undo" not in available_actions(staff("supervisor"), item)


def test_text_is_published_or_stored_whole(crisis, trusted, monkeypatch):
    def explode(**_fields):
        raise RuntimeError("listing is broken")

    crisis()
    monkeypatch.setattr("moderation.services.deciding.decision_made.send", explode)
    count = Post.objects.count()
    with pytest.raises(RuntimeError):
        create_topic(actor=trusted, text=text())
    assert (Post.objects.count(), Decision.objects.count()) == (count, 0)


def test_untrusted_authors_cost_no_query_for_the_regime(crisis, django_assert_num_queries):
    crisis()
    item = item_of(make_post())
    assert item.post.author.trust == "new"
    with django_assert_num_queries(0):
        assert publish_if_trusted(item=item, post=item.post) is None


def test_reviewed_afterwards_needs_a_country(crisis):
    crisis(scope=Scope.WORLD, countries=())
    assert not reviewed_afterwards(realm="live", codes=[])
    assert reviewed_afterwards(realm="live", codes=["PE"])
    assert not reviewed_afterwards(realm="practice", codes=["PE"])


def test_text_tied_to_a_ship_follows_its_crisis(crisis, trusted):
    ship = crisis(scope=Scope.SHIP, countries=(), scope_name="Belgica")
    assert create_topic(actor=trusted, text=text(crisis_id=ship.pk)).status == "published"
    held(trusted)
