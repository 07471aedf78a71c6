"""Aliases, index names, deploys beside running readers, and a server that is down."""

import pytest
from elasticsearch import ConflictError

from search.documents import SearchQuery
from search.engines.base import EngineUnavailable
from search.engines.elasticsearch import ElasticsearchEngine
from tests.search.engines.conftest import NOW, ids, make_document, server_url

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def second(live_engine):
    """The same installation after a deploy that changed the index name."""
    return ElasticsearchEngine(server_url(), prefix=live_engine.prefix, epoch="2")


def built(engine, *documents):
    engine.prepare()
    engine.index(documents)
    engine.refresh()
    engine.activate()
    return engine


def found(engine, text="vlucht"):
    engine.refresh()
    return ids(engine.search(SearchQuery(text, "nl"), now=NOW))


def test_names_hold_the_hash_and_aliases_point_there(live_engine):
    built(live_engine)
    aliases = live_engine.client.indices.get_alias(index=live_engine.index_name)[live_engine.index_name]["aliases"]
    assert live_engine.index_name.startswith(f"{live_engine.prefix}-")
    assert set(aliases) == {live_engine.read_alias, live_engine.write_alias}


def test_not_ready_before_it_is_active(live_engine):
    assert not live_engine.ready()
    live_engine.prepare()
    assert not live_engine.ready()
    live_engine.activate()
    assert live_engine.ready()


def test_readers_keep_the_old_index_until_the_new_one_is_active(live_engine, second):
    built(live_engine, make_document(1))
    second.prepare()
    assert found(second) == [1]
    second.index([make_document(1), make_document(2)])
    second.activate()
    assert sorted(found(second)) == [1, 2]
    assert not second.client.indices.exists(index=live_engine.index_name)


def test_changes_reach_the_old_index_while_the_new_one_is_built(live_engine, second):
    built(live_engine, make_document(1), make_document(2))
    second.prepare()
    second.index([make_document(3)])
    second.delete([("topic-1", 5)])
    assert sorted(found(live_engine)) == [2, 3]


def test_document_that_the_old_mapping_cannot_hold_is_deleted_there(live_engine, second):
    built(live_engine, make_document(1))
    live_engine.client.indices.put_mapping(index=live_engine.index_name, properties={"extra": {"type": "keyword"}})
    second.prepare()
    source = live_engine.client.indices.get_mapping(index=live_engine.index_name)
    assert source
    unfit = make_document(1, revision=2, published_at=2**70)
    with pytest.raises(EngineUnavailable):
        second.index([unfit])
    second._index_in_older(live_engine.index_name, [unfit])
    assert found(live_engine) == []


def test_other_installations_indices_are_left_alone(live_engine):
    other = ElasticsearchEngine(server_url(), prefix=f"{live_engine.prefix}-other")
    try:
        built(live_engine, make_document(1))
        built(other, make_document(2))
        live_engine.activate()
        live_engine.drop()
        assert found(other) == [2]
    finally:
        other.drop()


def test_external_version_is_the_revision(live_engine):
    built(live_engine, make_document(1, revision=7))
    assert live_engine.client.get(index=live_engine.read_alias, id="topic-1")["_version"] == 7
    with pytest.raises(ConflictError):
        live_engine.client.index(index=live_engine.write_alias, id="topic-1", document={}, version=6, version_type="external_gte")


def test_document_that_vanishes_between_search_and_fetch_is_left_out(live_engine):
    built(live_engine, make_document(1), make_document(2))
    page = live_engine.search(SearchQuery("vlucht", "nl"), now=NOW)
    live_engine.delete([("topic-1", 2)])
    live_engine.refresh()
    candidates = [type("Gone", (), {"address": hit.document.key})() for hit in page.hits]
    assert [document.pk for document in live_engine.fetch(candidates) if document] == [2]


def test_index_that_was_never_built_is_an_engine_that_is_down(live_engine):
    with pytest.raises(EngineUnavailable):
        live_engine.search(SearchQuery("vlucht"), now=NOW)


def test_prepare_twice_changes_nothing(live_engine):
    built(live_engine, make_document(1))
    live_engine.prepare()
    assert found(live_engine) == [1]
