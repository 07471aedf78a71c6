"""What happens when no server answers: needs none."""

import pytest

from search.documents import SearchQuery
from search.engines.base import EngineUnavailable
from search.engines.elasticsearch import ElasticsearchEngine
from tests.search.engines.conftest import NOW, make_document

UNUSED_PORT = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "act",
    [
        lambda engine: engine.search(SearchQuery("vlucht"), now=NOW),
        lambda engine: engine.index([make_document(1)]),
        lambda engine: engine.delete([("topic-1", 1)]),
        lambda engine: list(engine.ids_with_revisions()),
        lambda engine: engine.prepare(),
        lambda engine: engine.activate(),
        lambda engine: engine.refresh(),
        lambda engine: engine.drop(),
    ],
)
def test_every_act_says_that_the_engine_is_down(act):
    with pytest.raises(EngineUnavailable):
        act(ElasticsearchEngine(UNUSED_PORT, prefix="down"))


def test_not_ready_when_down():
    assert ElasticsearchEngine(UNUSED_PORT, prefix="down").ready() is False
