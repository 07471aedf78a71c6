"""The Atom feed: same filters, valid entries, nothing that is not public."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisis.services import open_crisis
from forum.services import mark_dangerous
from tests.factories import make_post, make_reply
from tests.forum.pages import address, url

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SECRET = "Geheimzinnige pinguins"


def read(client: Client, query: str = "", language: str = "fr") -> Any:
    return client.get(url("topic_feed", language) + query)


def entries(client: Client, query: str = "") -> list[Any]:
    response = read(client, query)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def test_entry(client: Client) -> None:
    topic = make_post(status="published", title='Bus <6> & "7"').topic
    (entry,) = entries(client)
    title = entry.find(f"{ATOM}title")
    assert (title.text, title.get(XML_LANG)) == ('Bus <6> & "7"', "nl")
    assert entry.find(f"{ATOM}link").get("href") == f"http://localhost:8000{address(topic)}"
    assert entry.find(f"{ATOM}id").text == f"urn:belgessolidaires:topic:{topic.public_id}"
    assert entry.find(f"{ATOM}summary").text.startswith("De dagbus vertrekt om zes uur")
    assert {c.get("term") for c in entry.findall(f"{ATOM}category")} == {"PE", "borders", "tip", "fresh"}
    assert entry.find(f"{ATOM}published").text
    assert entry.find(f"{ATOM}updated").text


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "hidden", "archived", "rejected", "spam"])
def test_only_published(client: Client, status: str) -> None:
    make_post(status=status, title=SECRET, body=SECRET * 2)
    assert entries(client) == []
    assert SECRET not in read(client).content.decode()


def test_replies_are_not_in_it(client: Client) -> None:
    make_reply(topic=make_post(status="published").topic, status="published", body=SECRET)
    assert SECRET not in read(client).content.decode()


def test_tombstone_has_title_and_reason_only(client: Client) -> None:
    mark_dangerous(post=make_post(status="published", body=SECRET), reason="Er werd geschoten.")
    (entry,) = entries(client)
    assert entry.find(f"{ATOM}title").text.endswith("Met de dagbus van Cusco naar Lima")
    assert entry.find(f"{ATOM}summary").text == "Er werd geschoten."
    assert SECRET not in read(client).content.decode()


def test_filters_are_those_of_the_list(client: Client) -> None:
    make_post(status="published")
    make_post(status="published", kind="question", countries=["TH"])
    assert len(entries(client, "?country=PE")) == 1
    assert len(entries(client, "?kind=question&country=TH")) == 1
    assert entries(client, "?country=FR") == []


@pytest.mark.parametrize("query", ["?country=QQ", "?need=x", "?state=x", "?since=x", "?sort=x"])
def test_wrong_parameter_is_a_problem(client: Client, query: str) -> None:
    response = read(client, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert list(response.json()["errors"]) == [query[1:].split("=")[0]]


def test_restricted_topics_are_left_out(client: Client, staff: Any) -> None:
    make_post(status="published")
    texts = {"fr": {"title": "Crise", "summary": ""}, "nl": {"title": "Crisis", "summary": ""}}
    open_crisis(actor=staff("duty_officer"), scope="countries", countries=["PE"], texts=texts, visibility_regime="members")
    assert entries(client) == []


def test_one_query(client: Client, settings: Any) -> None:
    settings.GENERATION_SECONDS = 3600
    for _ in range(5):
        make_post(status="published")
    read(client, "?utm=0")
    with CaptureQueriesContext(connection) as queries:
        read(client, "?utm=1")
    assert len(queries) == 1, [q["sql"] for q in queries.captured_queries]
