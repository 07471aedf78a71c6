"""Index or delete: what each status and each event leaves in both engines, whatever the order of the jobs."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from crisis.enums import Scope, VisibilityRegime
from crisis.services import approve_notice, close_crisis, open_crisis, save_notice, submit_notice, withdraw_notice
from forum.enums import ConfirmationKind, PostStatus
from forum.models import Topic
from forum.services import apply_status, confirm_post, edit_post, mark_dangerous, withdraw_post
from search import services, tasks
from search.documents import SearchQuery
from search.engines import registry
from search.engines.base import EngineUnavailable
from search.extensions import UnknownSource
from search.sources import notice_documents, topic_documents
from tests.factories import UserFactory, make_post, make_reply, text

pytestmark = pytest.mark.django_db


def key(post):
    return f"topic-{post.topic_id}"


def revision(post):
    return Topic.objects.values_list("revision", flat=True).get(pk=post.topic_id)


def found(words, **options):
    return [result.document.public_id for result in services.find(SearchQuery(words, "nl", **options)).results]


@pytest.mark.parametrize("status", PostStatus.values)
def test_only_a_published_topic_is_in_the_index(status, indexed, run_queue):
    if status in {"draft", "pending", "published", "hidden", "archived", "rejected", "spam", "changes_requested"}:
        post = make_post(status=status)
    elif status == "withdrawn":
        post = make_post(status="published")
        withdraw_post(actor=post.author, post=post)
    elif status == "merged":
        post = apply_status(post=make_post(), status="merged", merged_into=make_post().topic)
    else:
        post = make_post(status="draft")
        Topic.objects.filter(pk=post.topic_id).update(status=status)
    run_queue()
    tasks.sync_topic.call(post.topic_id, revision(post))
    assert indexed() == ({key(post): revision(post)} if status == "published" else {})
    assert found("dagbus") == ([post.topic.public_id] if status == "published" else [])


@pytest.mark.parametrize("status", ["hidden", "archived", "rejected", "withdrawn", "spam"])
def test_a_topic_that_leaves_the_public_pages_leaves_the_index(status, indexed, run_queue):
    post = make_post(status="published")
    run_queue()
    assert key(post) in indexed()
    if status == "withdrawn":
        withdraw_post(actor=post.author, post=post)
    else:
        apply_status(post=post, status=status)
    assert run_queue() == 1
    assert indexed() == {}
    assert found("dagbus") == []


def test_a_restored_topic_comes_back(indexed, run_queue):
    post = make_post(status="hidden")
    run_queue()
    assert indexed() == {}
    apply_status(post=post, status="published")
    run_queue()
    assert indexed() == {key(post): revision(post)}


def test_every_event_queues_a_job_inside_its_transaction():
    post = make_post()
    assert DBTaskResult.objects.count() == 0
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        apply_status(post=post, status="published", version=post.latest_version)
        assert DBTaskResult.objects.filter(task_path="search.tasks.sync_topic").count() == 1
        raise RuntimeError
    assert DBTaskResult.objects.count() == 0
    apply_status(post=post, status="published", version=post.latest_version)
    job = DBTaskResult.objects.get(task_path="search.tasks.sync_topic")
    assert job.args_kwargs["args"] == [post.topic_id, revision(post)]


def test_hidden_between_queueing_and_running_is_deleted_not_indexed(indexed):
    post = make_post(status="published")
    old = revision(post)
    apply_status(post=post, status="hidden")
    tasks.sync_topic.call(post.topic_id, old)
    assert indexed() == {}


def test_an_older_job_that_runs_last_changes_nothing(indexed, run_queue):
    post = make_post(status="published")
    documents = topic_documents([post.topic_id])
    apply_status(post=post, status="hidden")
    run_queue()
    # A slow worker read the row before it was hidden and writes only now.
    for engine in registry.all_engines():
        assert engine.index(documents) == 0
    assert indexed() == {}


def test_an_older_deletion_that_runs_last_removes_nothing(indexed, run_queue):
    post = make_post(status="hidden")
    old = revision(post)
    apply_status(post=post, status="published")
    run_queue()
    for engine in registry.all_engines():
        engine.delete([(key(post), old)])
    assert indexed() == {key(post): revision(post)}


def test_a_job_may_run_twice(indexed):
    post = make_post(status="published")
    for _ in range(2):
        assert tasks.sync_topic.call(post.topic_id, revision(post)) is True
    assert indexed() == {key(post): revision(post)}


def test_an_edit_under_review_is_not_indexed_until_it_is_approved(run_queue, fresh_engines):
    post = make_post(status="published")
    run_queue()
    version = edit_post(actor=post.author, post=post, text=text(title="De nachttrein", body="Een kwakzalver zegt iets."), version_number=1)
    tasks.sync_topic.call(post.topic_id, revision(post))
    assert found("kwakzalver") == []
    assert found("dagbus") == [post.topic.public_id]
    apply_status(post=post, status="published", version=version)
    run_queue()
    assert found("kwakzalver") == [post.topic.public_id]
    assert found("dagbus") == []


def test_replies_are_found_through_their_topic_while_they_are_public(run_queue, fresh_engines):
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, body="De geldautomaat werkte.", status="published")
    make_reply(topic=post.topic, body="Een papegaai antwoordt.")
    run_queue()
    assert found("geldautomaat") == [post.topic.public_id]
    assert found("papegaai") == []
    apply_status(post=reply, status="hidden")
    run_queue()
    assert found("geldautomaat") == []
    assert found("dagbus") == [post.topic.public_id]


def test_a_dangerous_reply_loses_its_words(run_queue, fresh_engines):
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, body="Neem de sluipweg.", status="published")
    mark_dangerous(post=reply, reason="mijnen")
    run_queue()
    assert found("sluipweg") == []


def test_a_dangerous_topic_is_found_by_its_title_only(run_queue, fresh_engines):
    post = make_post(status="published")
    mark_dangerous(post=post, reason="De weg is vermijnd.")
    run_queue()
    assert found("terminal") == []
    answer = services.find(SearchQuery("dagbus", "nl"))
    [result] = answer.results
    assert result.document.body == ""
    assert result.fragment == ()
    assert result.row.gone_reason == "De weg is vermijnd."


def test_a_confirmation_reaches_the_index(run_queue, fresh_engines):
    post = make_post(status="published")
    confirm_post(post=post, kind=ConfirmationKind.WORKED, happened_date=timezone.localdate(), actor=UserFactory())
    run_queue()
    [result] = services.find(SearchQuery("dagbus", "nl")).results
    assert result.document.confirmed_count == 1
    assert result.document.revision == revision(post)


def test_a_crisis_for_members_takes_its_topics_from_visitors(run_queue, staff, fresh_engines):
    post = make_post(status="published")
    run_queue()
    officer = staff("duty_officer")
    texts = {"fr": {"title": "Crise"}, "nl": {"title": "Crisis"}}
    crisis = open_crisis(actor=officer, scope=Scope.COUNTRIES, countries=["PE"], texts=texts, visibility_regime=VisibilityRegime.MEMBERS)
    # The index still says "public": what is shown is asked of the database.
    assert found("dagbus") == []
    assert run_queue() == 1
    assert found("dagbus") == []
    members = services.find(SearchQuery("dagbus", "nl", filters=services.finding.Filters(visibilities=("public", "members"))))
    assert [result.document.public_id for result in members.results] == [post.topic.public_id]
    close_crisis(actor=officer, crisis=crisis)
    run_queue()
    assert found("dagbus") == [post.topic.public_id]


@pytest.fixture
def notice(staff):
    writer, reader = staff("crisis_editor"), staff("duty_officer")
    texts = {
        "fr": {"title": "Aéroport de Lima fermé", "known": "Aucun vol avant jeudi."},
        "nl": {"title": "Luchthaven van Lima gesloten", "known": "Geen vlucht voor donderdag.", "doing": "Wij zoeken bussen."},
    }
    draft = save_notice(actor=writer, texts=texts, signed_as="Ambassade de Belgique à Lima", country="PE")
    draft = submit_notice(actor=writer, notice=draft)
    return draft, reader


def test_a_notice_is_searchable_while_it_is_published(notice, run_queue, indexed):
    draft, reader = notice
    assert run_queue() == 0
    assert notice_documents([draft.pk]) == []
    published = approve_notice(actor=reader, notice=draft, revision=draft.revision)
    assert run_queue() == 1
    assert indexed() == {f"notice-{draft.pk}": published.revision}
    assert found("luchthaven") == found("aéroport") == found("bussen") == [draft.public_id]
    withdraw_notice(actor=draft.written_by, notice=published)
    assert found("luchthaven") == []
    assert run_queue() == 1
    assert indexed() == {}


def test_a_notice_of_a_crisis_is_about_its_countries(staff):
    officer, reader = staff("duty_officer"), staff("duty_officer")
    crisis = open_crisis(actor=officer, scope=Scope.COUNTRIES, countries=["PE", "BO"], texts={"fr": {"title": "Crise"}, "nl": {"title": "Crisis"}})
    texts = {"fr": {"title": "Routes", "known": "Fermées."}, "nl": {"title": "Wegen", "known": "Dicht."}}
    draft = submit_notice(actor=officer, notice=save_notice(actor=officer, texts=texts, signed_as="SPF", crisis=crisis))
    approve_notice(actor=reader, notice=draft, revision=draft.revision)
    [document] = notice_documents([draft.pk])
    assert document.countries == ("BO", "PE")
    assert document.translations == (("nl", "Wegen", "Dicht."),)


def test_a_failing_engine_fails_the_job_and_the_simple_engine_has_the_change(fresh_engines, monkeypatch):
    post = make_post(status="published")

    def refuse(documents):
        raise EngineUnavailable("down")

    monkeypatch.setattr(fresh_engines, "index", refuse)
    with pytest.raises(EngineUnavailable):
        tasks.sync_topic.call(post.topic_id, revision(post))
    assert dict(registry.simple_engine().ids_with_revisions()) == {key(post): revision(post)}
    assert dict(fresh_engines.ids_with_revisions()) == {}


def test_an_unknown_source_is_refused():
    with pytest.raises(UnknownSource):
        tasks.sync_document.call("nobody", 1, 1)
