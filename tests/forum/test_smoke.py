import pytest

from forum.models import ForumListing, Topic
from tests.factories import make_post, make_reply

pytestmark = pytest.mark.django_db


def test_a_published_topic_is_listed_per_country_and_need():
    post = make_post(status="published")
    rows = ForumListing.objects.filter(topic=post.topic).order_by("country_code", "need").values_list("country_code", "need")
    assert list(rows) == [("", ""), ("", "borders"), ("PE", ""), ("PE", "borders")]
    topic = Topic.objects.published().get()
    assert topic.title == "Met de dagbus van Cusco naar Lima"
    make_reply(topic=topic, status="published")
    topic.refresh_from_db()
    assert topic.reply_count == 1
