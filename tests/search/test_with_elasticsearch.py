"""The same journey on a real Elasticsearch server: published, found by another name of the place, hidden, gone; and the commands of operators."""

import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from forum.services import apply_status
from pages.middleware.anonymous_cache import shelf
from search.checks import check_engine, check_engine_ready
from search.engines import registry
from search.engines.base import Engine, NoUsableIndex
from search.services import sync
from search.sources import topic_documents
from search.tasks import check_index
from tests.factories import make_post
from tests.search.conftest import forget_engines
from tests.search.engines.conftest import server_url

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def server(settings: Any) -> Iterator[Engine]:
    """The main engine on the server, with index names of this test alone, which are removed afterwards."""
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", server_url()
    settings.SEARCH_INDEX_PREFIX = f"test-{uuid.uuid4().hex[:12]}"
    forget_engines()
    engine = registry.main_engine()
    yield engine
    engine.drop()
    forget_engines()


def found(client, query):
    shelf.clear()
    with override("fr"):
        response = client.get(reverse("search"), {"q": query})
    assert response.status_code == 200
    assert not response.context["answer"].page.is_degraded
    return [result.document.public_id for result, _ in response.context["results"]]


def figures(*arguments):
    out = StringIO()
    call_command("check_search", *arguments, stdout=out)
    return out.getvalue().splitlines()[-1]


def test_the_journey_of_a_tip(client, server, run_queue):
    assert check_engine(None) == []
    assert [message.id for message in check_engine_ready(None)] == ["search.E004"]
    call_command("rebuild_index", verbosity=0)
    assert check_engine_ready(None) == []
    post = make_post(status="published")
    run_queue()
    server.refresh()
    assert found(client, "Pérou") == [post.topic.public_id]
    late = topic_documents([post.topic_id])
    apply_status(post=post, status="hidden")
    assert found(client, "Pérou") == []  # the server does not know yet, the page does
    run_queue()
    server.index(late)  # a slow worker that read the row before
    server.refresh()
    assert dict(server.ids_with_revisions()) == {}
    apply_status(post=post, status="published")
    run_queue()
    server.refresh()
    assert found(client, "bus Perou") == [post.topic.public_id]
    assert figures() == "check_search documents=1 drift=0 healed=0 waiting=0 database=1 elasticsearch=1"


def test_drift_is_found_and_healed(server):
    made = [make_post(status="published") for _ in range(2)]
    call_command("rebuild_index", verbosity=0)
    apply_status(post=made[1], status="hidden")
    make_post(status="published")
    DBTaskResult.objects.all().delete()  # both jobs are lost
    with pytest.raises(SystemExit):
        figures()
    assert figures("--heal") == "check_search documents=2 drift=0 healed=4 waiting=0 database=2 elasticsearch=2"
    assert figures() == "check_search documents=2 drift=0 healed=0 waiting=0 database=2 elasticsearch=2"


def test_a_new_epoch_is_built_beside_the_old_index(client, server, settings):
    post = make_post(status="published")
    call_command("rebuild_index", verbosity=0)
    settings.SEARCH_EPOCH = "2"
    forget_engines()
    new = registry.main_engine()
    assert not new.ready()
    call_command("rebuild_index", verbosity=0)
    assert new.ready()
    assert found(client, "Cusco") == [post.topic.public_id]
    assert not server.ready()


def test_a_server_that_is_away_is_said(client, settings):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", "http://127.0.0.1:9"
    forget_engines()
    post = make_post(status="published")
    for document in topic_documents([post.topic_id]):
        registry.simple_engine().index([document])
    shelf.clear()
    with override("en"):
        response = client.get(reverse("search"), {"q": "dagbus"})
    assert "simpler than usual" in response.content.decode()
    assert [result.document.public_id for result, _ in response.context["results"]] == [post.topic.public_id]
    assert [message.id for message in check_engine_ready(None)] == ["search.E004"]
    forget_engines()


def test_a_job_before_the_index_makes_none_of_its_own(server, run_queue):
    """The server makes a missing index when something is written to it; an alias of ours must not become one."""
    topic = make_post(status="published").topic
    for act in (lambda: sync("topic", topic.pk, topic.revision), lambda: server.delete([(f"topic-{topic.pk}", 1)])):
        with pytest.raises(NoUsableIndex):
            act()
    assert list(server.client.indices.get(index=f"{server.prefix}*", allow_no_indices=True)) == []
    call_command("rebuild_index", verbosity=0)
    assert dict(server.ids_with_revisions()) == {f"topic-{topic.pk}": topic.revision}


def test_a_lost_index_is_built_again(client, server):
    post = make_post(status="published")
    call_command("rebuild_index", verbosity=0)
    server.client.indices.delete(index=server.index_name)
    with pytest.raises(CommandError, match="--heal builds it"):
        figures()
    assert check_index() == 0
    assert found(client, "dagbus") == [post.topic.public_id]
    server.client.indices.delete(index=server.index_name)
    assert figures("--heal") == "check_search documents=1 drift=0 healed=1 waiting=0 database=1 elasticsearch=1"
