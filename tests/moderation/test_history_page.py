"""The history of decisions and the log of one item: who sees what, filters, pages by key, statements, what was erased."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import ReviewItem
from moderation.services import decide, erase_texts
from tests.factories import make_reply
from tests.moderation.conftest import item_of
from tests.moderation.test_item_page import GROUND, QUEUE, page_of, path_of

pytestmark = pytest.mark.django_db


def test_history_lists_the_decisions_of_the_desk_newest_first(desk, staff, waiting):
    _user, client = desk
    first, second, foreign = waiting(title="Een"), waiting(title="Twee"), waiting(title="Drie", language="fr")
    for item in (first, second, foreign):
        decide(item.pk, "reject", actor=staff("supervisor"), revision=1, **GROUND)
    page = client.get(f"{QUEUE}history/").content.decode()
    assert re.findall(r"data-queue-row>([^<]*)<", page) == ["Twee", "Een"]
    assert "Dangerous advice" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "approve"}, ["goed"]),
        ({"ground": "danger"}, ["fout"]),
        ({"country": "BO"}, ["goed"]),
        ({"language": "fr"}, []),
        ({"by": "me"}, ["goed"]),
        ({"by": "people"}, ["goed", "fout"]),
        ({"by": "system"}, []),
        ({"action": "approve", "ground": "danger"}, []),
    ],
)
def test_history_filters(query, expected, desk, staff, waiting):
    user, client = desk
    decide(waiting(title="fout").pk, "reject", actor=staff("supervisor"), revision=1, **GROUND)
    decide(waiting(title="goed", countries=["BO"]).pk, "approve", actor=user, revision=1)
    page = client.get(f"{QUEUE}history/", query).content.decode()
    assert re.findall(r"data-queue-row>([^<]*)<", page) == expected


def test_history_pages_by_key(desk, waiting, monkeypatch):
    user, client = desk
    monkeypatch.setattr("moderation.views.history.PAGE", 2)
    for number in range(5):
        decide(waiting(title=f"t{number}").pk, "approve", actor=user, revision=1)
    seen, href = [], ""
    for _page in range(3):
        page = client.get(f"{QUEUE}history/{href}").content.decode()
        seen += re.findall(r"data-queue-row>([^<]*)<", page)
        link = re.search(r'rel="next" href="([^"]+)"', page)
        href = link.group(1).replace("&amp;", "&") if link else ""
    assert seen == ["t4", "t3", "t2", "t1", "t0"]
    assert href == ""


def test_bad_history_filter_is_400(desk):
    assert desk[1].get(f"{QUEUE}history/", {"action": "explode"}).status_code == 400


def test_log_shows_every_decision_with_its_statement(desk, staff, waiting):
    user, client = desk
    item = waiting(title="Bus")
    decide(item.pk, "reject", actor=user, revision=1, **GROUND, internal_note="Alleen hier.")
    decide(item.pk, "undo", actor=user, revision=2)
    page = client.get(f"{path_of(item)}log/").content.decode()
    assert "Federal Ombudsman" in page
    assert "taken back" in page
    assert "Alleen hier." in page
    assert page.count("queue-statement") == 1


def test_log_of_an_erased_person_says_so_and_holds_no_words(desk, waiting):
    user, client = desk
    item = waiting(title="Bus")
    decide(item.pk, "reject", actor=user, revision=1, **GROUND)
    erase_texts(user=item.author)
    page = client.get(f"{path_of(item)}log/").content.decode()
    assert "Words erased on" in page
    assert "De brug is weg." not in page


def test_waiting_time_is_shown_against_the_target(desk, waiting):
    item = waiting()
    moment = timezone.now()
    ReviewItem.objects.filter(pk=item.pk).update(opened_at=moment - timedelta(minutes=150), target_at=moment - timedelta(minutes=30))
    page = page_of(desk[1], item)
    assert "waits 2 h 30, target missed by 30 min" in page


def test_reply_shows_no_particulars_of_other_texts(desk, published):
    topic = published(countries=["PE"]).post.topic
    page = page_of(desk[1], item_of(make_reply(topic=topic)))
    assert "<dt>Countries</dt>" not in page
