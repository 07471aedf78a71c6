"""Which engine answers, and what happens when it is down."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.checks import check_engine, check_language_data
from search.documents import SearchPage, SearchQuery
from search.engines import registry
from search.engines.base import EngineUnavailable
from search.engines.database import DatabaseEngine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine
from tests.search.conftest import forget_engines
from tests.search.engines.conftest import NOW, ids, make_document


@pytest.fixture(autouse=True)
def _own_engines():
    forget_engines()
    yield
    forget_engines()


class Failing:
    """A main engine that is down until `works` is set."""

    name = "failing"

    def __init__(self) -> None:
        self.calls = 0
        self.works = False

    def search(self, query, *, now):
        self.calls += 1
        if self.works:
            return SearchPage(engine=self.name)
        raise EngineUnavailable("down")


@pytest.fixture
def failing():
    engine = Failing()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "main_engine", lambda: engine)
        yield engine


@pytest.mark.parametrize(("name", "kind"), [("tantivy", TantivyEngine), ("elasticsearch", ElasticsearchEngine), ("database", DatabaseEngine)])
def test_settings_choose_the_engine(settings, name, kind):
    settings.SEARCH_ENGINE = name
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    assert isinstance(registry.main_engine(), kind)
    assert registry.main_engine() is registry.main_engine()


def test_unknown_engine_is_refused(settings):
    settings.SEARCH_ENGINE = "whoosh"
    with pytest.raises(ImproperlyConfigured, match="whoosh"):
        registry.main_engine()


def test_every_change_goes_to_the_simple_engine_first(settings):
    settings.SEARCH_ENGINE = "tantivy"
    assert [engine.name for engine in registry.all_engines()] == ["database", "tantivy"]
    forget_engines()
    settings.SEARCH_ENGINE = "database"
    assert [engine.name for engine in registry.all_engines()] == ["database"]


def test_epoch_of_the_settings_is_in_the_index_name(settings):
    settings.SEARCH_ENGINE = "tantivy"
    settings.SEARCH_EPOCH = "1"
    first = registry.main_engine().path
    forget_engines()
    settings.SEARCH_EPOCH = "2"
    assert registry.main_engine().path != first


@pytest.mark.django_db
def test_simple_engine_answers_when_the_main_one_is_down(failing):
    registry.simple_engine().index([make_document(1)])
    page = registry.search(SearchQuery("vlucht", "nl"), now=NOW)
    assert (page.engine, page.is_degraded, ids(page)) == ("database", True, [1])


@pytest.mark.django_db
def test_failed_engine_is_left_alone_for_a_while(failing, monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=100.0)
    monkeypatch.setattr(registry, "time", clock)
    for _ in range(3):
        registry.search(SearchQuery("vlucht"), now=NOW)
    assert failing.calls == 1
    failing.works = True
    clock.now += registry.PAUSE_SECONDS
    assert registry.search(SearchQuery("vlucht"), now=NOW).engine == "failing"
    assert registry.search(SearchQuery("vlucht"), now=NOW).engine == "failing"
    assert failing.calls == 3


def test_checks_pass_with_the_shipped_settings(settings):
    assert check_engine(None) == []
    assert check_language_data(None) == []


@pytest.mark.parametrize(("name", "url", "code"), [("whoosh", "", "search.E001"), ("elasticsearch", "", "search.E002")])
def test_wrong_settings_are_found(settings, name, url, code):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = name, url
    found = check_engine(None)
    assert [error.id for error in found] == [code]
    assert all(error.hint for error in found)


def test_damaged_language_data_is_found(monkeypatch):
    def broken():
        raise ValueError("bad row")

    monkeypatch.setattr("search.checks.shipped_concepts", broken)
    found = check_language_data(None)
    assert [error.id for error in found] == ["search.E003"]
    assert "bad row" in found[0].msg
