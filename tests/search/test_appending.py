"""What an import has added is written to every engine without comparing what is there."""

import pytest

from forum.models import Topic
from search import services
from search.engines import registry
from search.engines.base import EngineUnavailable
from search.extensions import UnknownSource
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def key(post):
    return f"topic-{post.topic_id}"


def test_rows_above_the_key_are_written_to_both_engines_and_no_others(indexed):
    before = make_post(status="published")
    new, waiting = make_post(status="published"), make_post()
    assert services.append("topic", before.topic_id) == 2  # one document in each of two engines
    there = indexed()
    assert set(there) == {key(new)}
    assert there[key(new)] == Topic.objects.get(pk=new.topic_id).revision
    assert key(waiting) not in there


def test_nothing_above_the_key_writes_nothing(indexed):
    post = make_post(status="published")
    assert services.append("topic", post.topic_id) == 0
    assert indexed() == {}


def test_again_changes_nothing(indexed):
    make_post(status="published")
    services.append("topic", 0)
    there = indexed()
    services.append("topic", 0)
    assert indexed() == there


@pytest.mark.usefixtures("fresh_engines")
def test_without_an_index_the_caller_hears_of_it(monkeypatch):
    make_post(status="published")
    monkeypatch.setattr(type(registry.main_engine()), "ready", lambda _: False)
    with pytest.raises(EngineUnavailable):
        services.append("topic", 0)


@pytest.mark.usefixtures("fresh_engines")
def test_an_unknown_source_is_an_error():
    with pytest.raises(UnknownSource):
        services.append("weather", 0)
