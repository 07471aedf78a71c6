"""Every page of the forum takes only the methods that it means."""

import pytest
from django.test import Client

from tests.factories import make_post
from tests.forum.pages import address, url

pytestmark = pytest.mark.django_db
READ = ["topic_list", "topic_feed", "account_posts"]
BOTH = ["write"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
@pytest.mark.parametrize("name", READ)
def test_reading_pages(client: Client, name: str, method: str) -> None:
    assert getattr(client, method)(url(name)).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_pages_with_forms(client: Client, method: str) -> None:
    topic = make_post(status="published").topic
    places = [url("write"), url("topic_reply", public_id=topic.public_id), url("topic_confirm", public_id=topic.public_id), address(topic)]
    places += [url("post_edit", public_id="0000000000"), url("post_withdraw", public_id="0000000000")]
    for place in places:
        assert getattr(client, method)(place).status_code == 405, place


def test_head_is_answered_like_get(client: Client) -> None:
    topic = make_post(status="published").topic
    for place in (url("topic_list"), address(topic), url("topic_feed"), url("write")):
        response = client.head(place)
        assert response.status_code == 200
        assert response.content == b""
