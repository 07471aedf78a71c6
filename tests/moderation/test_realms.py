"""Removing a realm: everything of it goes, nothing of another; `live` is refused; the guards stand again."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from crisis.enums import Scope
from crisis.models import Crisis, OfficialNotice
from crisis.publication import current_generation
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from forum.models import Confirmation, ForumListing, Post, PostVersion, Topic
from forum.services import apply_status, confirm_post, create_reply, create_topic, edit_post
from moderation.guards import missing_guards
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem
from moderation.services import decide, realms, seal_chain, verify_chain
from moderation.services.realms import RealmProtected, remove_realm
from tests.factories import UserFactory, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

TABLES = [Topic, Post, PostVersion, ForumListing, Confirmation, ReviewItem, Decision, DecisionText, DecisionSeal, Crisis, OfficialNotice]
NOTICE = {"fr": {"title": "Restez", "known": "Fermé."}, "nl": {"title": "Blijf", "known": "Dicht."}}
TEXTS = {"fr": {"title": "Routes coupées"}, "nl": {"title": "Wegen versperd"}}


@pytest.fixture
def fill(staff):
    """Return a maker of a realm with one of everything."""
    moderator, officer, editor = staff("moderator"), staff("duty_officer"), staff("crisis_editor")

    def make(realm):
        author = UserFactory()
        post = create_topic(actor=author, text=text(), realm=realm)
        decide(item_of(post).pk, "approve", actor=moderator, revision=1)
        post = item_of(post).post
        edit_post(actor=author, post=post, text=text(title="Nieuw"), version_number=1)
        answer = create_reply(actor=UserFactory(), topic=post.topic, text=text(title="", kind="", countries=[], needs=[], place=""))
        decide(item_of(answer).pk, "approve", actor=moderator, revision=1)
        confirm_post(post=post, kind="worked", happened_date=post.published_at.date(), actor=None)
        Topic.objects.filter(pk=post.topic_id).update(answer=answer)
        wrong = create_topic(actor=author, text=text(title="Dubbel"), realm=realm)
        decide(item_of(wrong).pk, "merge", actor=moderator, revision=1, merged_into=post.topic, ground="duplicate", facts="Zie daar.")
        undone = create_topic(actor=author, text=text(title="Terug"), realm=realm)
        decide(item_of(undone).pk, "reject", actor=moderator, revision=1, ground="danger", facts="x")
        decide(item_of(undone).pk, "undo", actor=moderator, revision=2)
        create_topic(actor=author, text=text(title="Ontwerp"), realm=realm, submit=False)
        crisis = open_crisis(actor=officer, scope=Scope.COUNTRIES, countries=["PE"], texts=TEXTS, realm=realm)
        notice = save_notice(actor=editor, texts=NOTICE, signed_as="Centre de crise", country="PE", crisis=crisis, realm=realm)
        notice = submit_notice(actor=editor, notice=notice)
        approve_notice(actor=officer, notice=notice, revision=notice.revision)
        seal_chain(realm=realm)

    return make


def counts():
    return {table.__name__: table.objects.count() for table in TABLES}


@pytest.mark.parametrize("realm", ["demo", "practice"])
def test_everything_of_a_realm_goes_and_nothing_of_the_others(realm, fill):
    fill("live")
    before = counts()
    fill(realm)
    removed = remove_realm(realm=realm)
    assert counts() == before
    assert (removed["Topic"], removed["Decision"], removed["OfficialNotice"]) == (4, 5, 1)
    assert verify_chain(realm="live")[1] == []
    assert verify_chain(realm=realm) == (0, [])


def test_guards_stand_again_and_bite(fill):
    fill("live")
    remove_realm(realm="demo")
    assert missing_guards(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(ground="spam")


@pytest.mark.parametrize("realm", ["live", "", "LIVE", "all", "%"])
def test_live_and_unknown_realms_are_refused_and_keep_every_row(realm, fill):
    fill("live")
    before = counts()
    with pytest.raises(RealmProtected):
        remove_realm(realm=realm)
    assert counts() == before
    assert missing_guards(connection) == []


def test_second_removal_finds_nothing(fill):
    fill("demo")
    remove_realm(realm="demo")
    assert set(remove_realm(realm="demo").values()) == {0}


def test_half_done_removal_is_not_done_at_all(fill, monkeypatch):
    fill("demo")
    before = counts()

    def explode(*_args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(realms, "_remove_crises", explode)
    with pytest.raises(RuntimeError):
        remove_realm(realm="demo")
    assert counts() == before
    assert missing_guards(connection) == []


def test_those_who_hold_copies_hear_of_what_was_readable(fill, heard):
    fill("demo")
    post = Post.objects.get(live_version__title="Met de dagbus van Cusco naar Lima")
    apply_status(post=post, status="archived")
    heard.clear()
    remove_realm(realm="demo")
    # The topic (archived) and its published reply.
    assert heard == ["content_hidden", "content_hidden"]


def test_caches_forget(fill):
    fill("demo")
    before = current_generation()
    remove_realm(realm="demo")
    assert current_generation() > before


def test_people_stay(fill):
    fill("demo")
    author = Topic.objects.filter(realm="demo")[0].author
    remove_realm(realm="demo")
    author.refresh_from_db()
    assert author.is_active


def test_command_prints_figures(fill):
    fill("demo")
    out = io.StringIO()
    call_command("remove_realm", "demo", stdout=out)
    assert "Decision=5" in out.getvalue()
    assert not Topic.objects.filter(realm="demo").exists()


def test_command_refuses_live(fill):
    fill("live")
    before = counts()
    with pytest.raises(CommandError, match="never removed"):
        call_command("remove_realm", "live")
    with pytest.raises(CommandError):
        call_command("remove_realm", "everything")
    assert counts() == before
