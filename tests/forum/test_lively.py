"""The countries that people write about now."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from countries import directory
from forum import lively
from forum.lively import lively_countries
from forum.services import apply_status, create_topic, withdraw_post
from forum.views.reading import MOST_COUNTRIES
from tests.factories import UserFactory, make_post, text
from tests.forum.pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    lively._kept.clear()
    yield
    lively._kept.clear()


def publish(code: str, hours: float) -> Any:
    post = create_topic(actor=UserFactory(), text=text(countries=[code]))
    moment = timezone.now() - timedelta(hours=hours)
    return apply_status(post=post, status="published", version=post.latest_version, published_at=moment)


def test_the_newest_comes_first_and_each_once() -> None:
    for code, hours in (("PE", 3), ("BJ", 1), ("VU", 2), ("PE", 5)):
        publish(code, hours)
    assert lively_countries() == ["BJ", "VU", "PE"]


def test_what_is_not_public_makes_no_country_lively() -> None:
    make_post(status="pending", countries=["PE"])
    gone = make_post(status="published", countries=["BJ"])
    withdraw_post(actor=gone.author, post=gone)
    hidden = make_post(status="published", countries=["VU"])
    hidden.topic.listings.update(visibility="staff")
    lively._kept.clear()
    assert lively_countries() == []


def test_one_query_until_something_public_changes(settings: Any, django_assert_num_queries: Any) -> None:
    settings.GENERATION_SECONDS = 60
    publish("PE", 1)
    assert lively_countries() == ["PE"]
    with django_assert_num_queries(0):
        assert lively_countries() == ["PE"]
    publish("BJ", 0.5)
    assert lively_countries() == ["BJ", "PE"]
    assert len(lively._kept) == 1


def options(client: Client, query: str = "") -> list[str]:
    html = client.get(url("topic_list") + query).content.decode()
    select = html.split('id="f-country"')[1].split("</select>")[0]
    return [option.split('"')[1] for option in select.split("<option value=")[2:]]


def test_the_list_offers_lively_countries_by_name_and_the_chosen_one(client: Client) -> None:
    for code in ("PE", "BJ"):
        publish(code, 1)
    assert options(client) == ["BJ", "PE"]
    assert options(client, "?country=AF") == ["AF", "BJ", "PE"]
    assert url("country_list") in client.get(url("topic_list")).content.decode().split('id="f-need"')[0].split('id="f-country"')[1]


def test_the_list_offers_few_however_many_are_lively(client: Client) -> None:
    codes = sorted(directory.codes())[: MOST_COUNTRIES + 5]
    for hours, code in enumerate(codes):
        publish(code, hours)
    assert set(options(client)) == set(codes[:MOST_COUNTRIES])
