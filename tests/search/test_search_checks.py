"""A wrong search configuration can't start the site."""

import pytest

from search.checks import check_engine, check_engine_ready
from search.engines import registry
from tests.search.conftest import forget_engines


def ids(messages):
    return [message.id for message in messages]


@pytest.mark.parametrize("name", ["", "solr", "Tantivy"])
def test_an_unknown_engine_is_an_error(settings, name):
    settings.SEARCH_ENGINE = name
    [message] = check_engine(None)
    assert message.id == "search.E001"
    assert "tantivy, elasticsearch, database" in message.hint
    assert check_engine_ready(None) == []


@pytest.mark.parametrize("url", ["", "elastic:9200", "http://", "http://elastic", "ftp://elastic:21", "http://[::1:9200", "http://host:port"])
def test_elasticsearch_needs_the_address_of_a_server(settings, url):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", url
    assert ids(check_engine(None)) == ["search.E002"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9200", "https://user:secret@search.example.org:443"])
def test_an_address_is_enough(settings, url):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", url
    assert check_engine(None) == []


def test_no_secret_is_printed(settings):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", "https://user:secret@search.example.org"
    [message] = check_engine(None)
    assert "secret" not in f"{message.msg} {message.hint}"


def test_deployment_asks_whether_the_index_is_built(settings, fresh_engines, tmp_path):
    assert check_engine_ready(None) == []
    settings.SEARCH_DIR = tmp_path / "elsewhere"
    forget_engines()
    assert ids(check_engine_ready(None)) == ["search.E004"]
    registry.main_engine().prepare()
    registry.main_engine().activate()
    assert check_engine_ready(None) == []
