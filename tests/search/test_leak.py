"""What is not approved is found by nobody: neither its words nor anything of them, on either engine, on the page or by the command."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from forum.enums import PostStatus
from forum.models import Topic
from forum.services import apply_status, edit_post, withdraw_post
from pages.middleware.anonymous_cache import shelf
from search import tasks
from search.engines import registry
from search.models import SearchText
from search.sources import topic_documents
from tests.factories import make_post, make_reply, text

pytestmark = pytest.mark.django_db

SECRET = "zwaluwnest"
# One secret word in each thing that a person writes.
SECRET_FIELDS = {"title": f"Bij het {SECRET}", "body": f"Ga naar het {SECRET} en wacht.", "place": SECRET.capitalize()}


def everywhere(client):
    """Everything that a search for the secret (which is of course typed back), and for words beside it, gives out."""
    shelf.clear()
    with override("nl"):
        address = reverse("search")
    given = [client.get(address, {"q": query}).content.decode() for query in ("Cusco", "Peru wacht balie")]
    for query in (SECRET, f"{SECRET} Peru"):
        given += [str(result) + url for result, url in client.get(address, {"q": query}).context["results"]]
    out = StringIO()
    for query in (SECRET, "Cusco"):
        call_command("search_query", query, "--json", stdout=out)
    return [*given, out.getvalue()]


def assert_unknown(client):
    for given in everywhere(client):
        assert SECRET not in given.casefold()
    for row in SearchText.objects.all():
        assert SECRET not in f"{row.folded} {row.folded_title} {row.marks} {row.document}".casefold()


def sync(topic):
    topic.refresh_from_db()
    tasks.sync_topic.call(topic.pk, topic.revision)


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "rejected", "spam", "hidden", "archived", "merged", "withdrawn"])
def test_a_topic_that_is_not_public_is_unknown(client, fresh_engines, status):
    if status == "merged":
        post = apply_status(post=make_post(**SECRET_FIELDS), status=status, merged_into=make_post().topic)
    elif status == "withdrawn":
        post = make_post(status="published", **SECRET_FIELDS)
        sync(post.topic)
        withdraw_post(actor=post.author, post=post)
    else:
        post = make_post(status=status, **SECRET_FIELDS)
    sync(post.topic)
    assert_unknown(client)
    call_command("rebuild_index", verbosity=0)
    assert_unknown(client)


def test_an_unconfirmed_text_is_unknown(client, fresh_engines):
    post = make_post(status="draft", **SECRET_FIELDS)
    Topic.objects.filter(pk=post.topic_id).update(status=PostStatus.UNCONFIRMED)
    sync(post.topic)
    assert_unknown(client)


@pytest.mark.parametrize("field", sorted(SECRET_FIELDS))
def test_the_new_text_of_a_published_topic_is_unknown_until_it_is_approved(client, fresh_engines, field):
    post = make_post(status="published")
    version = edit_post(actor=post.author, post=post, text=text(**{field: SECRET_FIELDS[field]}), version_number=1)
    sync(post.topic)
    call_command("rebuild_index", verbosity=0)
    assert_unknown(client)
    # The test can fail: approved, it is there.
    apply_status(post=post, status="published", version=version)
    sync(post.topic)
    assert any(SECRET in given.casefold() for given in everywhere(client))


@pytest.mark.parametrize("status", ["pending", "rejected", "hidden", "archived"])
def test_a_reply_that_is_not_public_is_unknown(client, fresh_engines, status):
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, body=f"Het {SECRET} is open.")
    if status in {"hidden", "archived"}:
        apply_status(post=reply, status="published", version=reply.latest_version)
        sync(post.topic)
    if status != "pending":
        apply_status(post=reply, status=status)
    sync(post.topic)
    assert_unknown(client)


def test_an_edited_reply_keeps_its_approved_words(client, fresh_engines):
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, body="De balie is open.", status="published")
    edit_post(actor=reply.author, post=reply, text=text(title="", kind="", countries=[], needs=[], place="", body=SECRET), version_number=1)
    sync(post.topic)
    [document] = topic_documents([post.topic_id])
    assert "De balie is open." in document.body
    assert_unknown(client)


def test_a_hidden_text_is_not_shown_even_before_its_job_has_run(client, fresh_engines):
    post = make_post(status="published", **SECRET_FIELDS)
    sync(post.topic)
    assert any(SECRET in given.casefold() for given in everywhere(client))
    apply_status(post=post, status="hidden")
    # Both engines still hold it; what is shown is asked of the database.
    assert [dict(engine.ids_with_revisions()) for engine in registry.all_engines()] != [{}, {}]
    for given in everywhere(client):
        assert SECRET not in given.casefold()


def test_a_refused_edit_leaves_nothing(client, fresh_engines):
    post = make_post(status="published")
    edit_post(actor=post.author, post=post, text=text(**SECRET_FIELDS), version_number=1)
    apply_status(post=post, status="hidden")
    apply_status(post=post, status="published")
    sync(post.topic)
    assert_unknown(client)
