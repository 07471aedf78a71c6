"""Editorial pages are found: one result for all languages of a page, gone when it is taken off."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult
from wagtail.models import PageViewRestriction

from pages.models import HomePage, StandingPage
from pages.searchable import PAGE, SOURCE, documents, revisions
from pages.services import ensure_site
from search.engines.base import Engine
from search.extensions import SEARCH_SOURCES
from search.services import compare
from tests.search.asking import build, found, page, words
from tests.search.conftest import fresh_engines, run_queue  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(fresh_engines: Engine) -> Engine:  # noqa: F811
    ensure_site()
    build()
    DBTaskResult.objects.all().delete()
    return fresh_engines


def charter(language: str) -> StandingPage:
    return StandingPage.objects.get(key="charter", locale__language_code=language)


def test_the_source_is_registered():
    assert SOURCE in SEARCH_SOURCES


def test_a_page_is_one_document_with_its_languages(site):
    rows = revisions(0, 100)
    assert len(rows) == StandingPage.objects.filter(locale__language_code="fr").count()
    made = {document.title: document for document in documents([pk for pk, _ in rows])}
    document = made["Charte"]
    assert (document.entity, document.source, document.language) == ("official", "page", "fr")
    assert {language: title for language, title, _ in document.translations} == {"nl": "Huisregels", "de": "Hausregeln", "en": "Charter"}
    assert "<" not in document.body
    assert revisions(rows[0][0], 1) == [rows[1]]


@pytest.mark.parametrize(
    ("interface", "query"), [("fr", "signaler un contenu"), ("nl", "inhoud melden"), ("de", "Inhalt melden"), ("en", "report content")]
)
def test_it_is_found_once_in_the_readers_language(client: Client, site, interface, query):
    response = page(client, interface, q=query, official="1")
    own = StandingPage.objects.get(key="report-content", locale__language_code=interface)
    assert found(response).count(str(own.translation_key)) == 1
    with override(interface):
        address = reverse("wagtail_serve", args=[f"{own.slug}/"])
    html = response.content.decode()
    assert f'<a href="{address}">' in html
    assert 'class="seal"' in html
    assert client.get(address).status_code == 200


def test_it_leaves_the_search_with_its_last_language(client: Client, site, run_queue):  # noqa: F811
    pk = min(page.pk for page in StandingPage.objects.filter(key="charter"))
    for language in ("fr", "nl", "de"):
        charter(language).unpublish()
    assert run_queue() >= 3
    assert f"page-{pk}" in dict(site.ids_with_revisions())
    assert "Charter" in words(page(client, "fr", q="Charter", official="1"))
    charter("en").unpublish()
    run_queue()
    assert f"page-{pk}" not in dict(site.ids_with_revisions())
    assert compare(site).drift == {}


def test_a_change_is_indexed_when_it_is_published(client: Client, site, run_queue: Any):  # noqa: F811
    changed = charter("nl")
    changed.title = "Wasbeer"
    changed.save_revision()
    run_queue()
    assert found(page(client, "nl", q="Wasbeer")) == []
    changed.get_latest_revision().publish()
    assert run_queue() >= 1
    assert found(page(client, "nl", q="Wasbeer")) == [str(changed.translation_key)]


def test_a_page_behind_a_restriction_is_not_found(site):
    rows = dict(revisions(0, 100))
    pk = min(each.pk for each in StandingPage.objects.filter(key="charter"))
    PageViewRestriction.objects.create(page=charter("fr").page_ptr, restriction_type="login")
    [document] = documents([pk])
    assert document.language != "fr"
    assert "fr" not in {language for language, *_ in document.translations}
    assert dict(revisions(0, 100)) == rows
    for language in ("nl", "de", "en"):
        PageViewRestriction.objects.create(page=charter(language).page_ptr, restriction_type="login")
    assert documents([pk]) == []
    assert set(rows) - set(dict(revisions(0, 100))) == {pk}


def test_home_pages_queue_nothing(site):
    HomePage.objects.first().save_revision().publish()
    assert not DBTaskResult.objects.filter(task_path="search.tasks.sync_document", args_kwargs__args__0=PAGE).exists()
