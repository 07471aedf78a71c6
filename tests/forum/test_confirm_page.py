"""The small page of readers' words: token, origin, day; and that nothing is stored when something is wrong."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from forum.models import Confirmation, Topic
from forum.services import accept_answer, mark_dangerous
from forum.tokens import GOOD_FOR, new_token
from tests.factories import UserFactory, make_post, make_reply
from tests.forum.pages import address, url

pytestmark = pytest.mark.django_db
OWN = {"origin": "http://testserver"}


@pytest.fixture
def topic() -> Topic:
    found: Topic = make_post(status="published").topic
    found.refresh_from_db()
    return found


def place(topic: Topic) -> str:
    return url("topic_confirm", public_id=topic.public_id)


def token_of(client: Client, topic: Topic, kind: str = "worked") -> str:
    html = client.get(f"{place(topic)}?kind={kind}").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def send(client: Client, topic: Topic, *, headers: Any = None, **fields: Any) -> Any:
    data = {"kind": "worked", "day": "today", "date": "", "token": token_of(client, topic)} | fields
    return client.post(place(topic), data, headers=OWN if headers is None else headers)


def test_a_visitor_confirms_without_cookie_or_account(client: Client, topic: Topic) -> None:
    page = client.get(place(topic))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    response = send(client, topic)
    assert response.status_code == 302
    assert not response.cookies
    confirmation = Confirmation.objects.get()
    assert (confirmation.kind, confirmation.user, confirmation.happened_date) == ("worked", None, timezone.localdate())
    thanks = client.get(response["Location"])
    assert thanks.status_code == 200
    assert 'name="token"' not in thanks.content.decode()


def test_a_member_is_counted_as_such_and_renews(signed_in: Any, topic: Topic) -> None:
    member = UserFactory()
    assert send(signed_in(member), topic).status_code == 302
    assert Confirmation.objects.get().user == member
    topic.refresh_from_db()
    assert topic.last_confirmed_at is not None


def test_a_visitor_alone_does_not_renew_a_tip_about_borders(client: Client, topic: Topic) -> None:
    for _ in range(5):
        send(client, topic)
    after = Topic.objects.get()
    assert (after.last_confirmed_at, after.check_from, after.worked_count) == (None, topic.check_from, 1)


@pytest.mark.parametrize(("fields", "day"), [
    ({"day": "today"}, 0), ({"day": "yesterday"}, 1), ({"day": "other", "date": "{0:%d/%m/%Y}"}, 3), ({"day": "other", "date": "{0:%Y-%m-%d}"}, 3),
    ({"day": "other", "date": "{0:%d.%m.%Y}"}, 3), ({"day": "other", "date": " {0:%d-%m-%Y} "}, 3), ({"day": "today", "date": ""}, 0),
])  # fmt: skip
def test_days_as_people_type_them(client: Client, topic: Topic, fields: dict[str, str], day: int) -> None:
    wanted = timezone.localdate() - timedelta(days=day)
    fields = {name: value.format(wanted) for name, value in fields.items()}
    assert send(client, topic, **fields).status_code == 302
    assert Confirmation.objects.get().happened_date == wanted


TOMORROW = f"{date.today() + timedelta(days=2):%d/%m/%Y}"
BAD: list[tuple[dict[str, Any], int]] = [
    ({"kind": "true"}, 400), ({"kind": ""}, 400), ({"day": ""}, 400), ({"day": "sometime"}, 400), ({"day": "other"}, 400),
    ({"day": "other", "date": "31/02/2026"}, 400), ({"day": "other", "date": "gisteren"}, 400), ({"day": "other", "date": TOMORROW}, 400),
    ({"day": "other", "date": "01/01/1990"}, 400), ({"day": "other", "date": "\x00"}, 400), ({"token": ""}, 400), ({"token": "x" * 5000}, 400),
    ({"token": "forged:token:here"}, 403), ({"token": new_token("OTHER1")}, 403),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "status"), BAD)
def test_bad_input_stores_nothing(client: Client, topic: Topic, fields: dict[str, Any], status: int) -> None:
    response = send(client, topic, **fields)
    assert response.status_code == status
    assert 'name="token"' in response.content.decode()
    assert not Confirmation.objects.exists()
    if "date" in fields and status == 400:
        assert 'aria-describedby="id_date_helptext id_date_error"' in response.content.decode()


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"referer": "https://evil.example/x"},
                                     {"origin": "http://testserver.evil.example"}, {"origin": "http://testserver@evil.example"}])  # fmt: skip
def test_forms_from_elsewhere_are_refused(client: Client, topic: Topic, headers: dict[str, str]) -> None:
    assert send(client, topic, headers=headers).status_code == 403
    assert not Confirmation.objects.exists()


def test_referer_stands_in_for_a_missing_origin(client: Client, topic: Topic) -> None:
    assert send(client, topic, headers={"referer": f"http://testserver{place(topic)}"}).status_code == 302


def test_a_token_is_good_once(client: Client, topic: Topic) -> None:
    token = token_of(client, topic)
    assert send(client, topic, token=token).status_code == 302
    again = send(client, topic, token=token)
    assert again.status_code == 409
    assert Confirmation.objects.count() == 1


def test_a_token_grows_old(client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(client, topic)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + GOOD_FOR + 5)
    assert send(client, topic, token=token).status_code == 403
    assert not Confirmation.objects.exists()


def test_a_member_once_a_day(signed_in: Any, topic: Topic) -> None:
    client = signed_in(UserFactory())
    send(client, topic)
    assert send(client, topic, kind="not_true").status_code == 409
    assert Confirmation.objects.count() == 1


def test_a_wrong_kind_in_the_link_is_a_400(client: Client, topic: Topic) -> None:
    assert client.get(f"{place(topic)}?kind=x").status_code == 400


@pytest.mark.parametrize(("status", "answer"), [("pending", 404), ("draft", 404), ("rejected", 404), ("hidden", 410), ("archived", 409)])
def test_what_is_not_public_cannot_be_confirmed(client: Client, status: str, answer: int) -> None:
    topic = make_post(status=status).topic
    assert client.get(place(topic)).status_code == answer
    response = client.post(place(topic), {"kind": "worked", "day": "today", "token": new_token(topic.public_id)}, headers=OWN)
    assert response.status_code == answer
    assert not Confirmation.objects.exists()


def test_tombstone_between_page_and_post(client: Client, topic: Topic) -> None:
    token = token_of(client, topic)
    mark_dangerous(post=topic.posts.get(), reason="Danger")
    response = client.post(place(topic), {"kind": "worked", "day": "today", "token": token}, headers=OWN)
    assert response.status_code == 409
    assert not Confirmation.objects.exists()


def test_a_question_offers_it_only_with_an_answer(client: Client) -> None:
    asker = UserFactory()
    topic = make_post(author=asker, status="published", kind="question").topic
    assert place(topic) not in client.get(address(topic)).content.decode()
    assert client.get(place(topic)).status_code == 409
    answer = make_reply(topic=topic, status="published")
    accept_answer(actor=asker, answer=answer)
    assert place(topic) in client.get(address(topic)).content.decode()
    send(client, topic)
    assert Confirmation.objects.get().post == answer


@pytest.mark.parametrize("sent", ["http://[::1", "http://[zz", "https://[", "http://testserver.evil.example", "null", "//", "é"])
@pytest.mark.parametrize("header", ["origin", "referer"])
def test_an_origin_that_is_no_address_at_all_is_403(client: Client, topic: Topic, header: str, sent: str) -> None:
    answer = client.post(place(topic), {"kind": "worked", "day": "today", "token": new_token(topic.public_id)}, headers={header: sent})
    assert answer.status_code == 403
    assert not Confirmation.objects.exists()


def test_a_cache_that_takes_nothing_is_503_and_never_called_counted(client: Client, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    token = new_token(topic.public_id)
    sent = {"kind": "worked", "day": "today", "token": token}
    with monkeypatch.context() as away:
        away.setattr(cache, "add", lambda *_, **__: False, raising=False)
        answer = client.post(place(topic), sent, headers=OWN)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert not Confirmation.objects.exists()
    assert client.post(place(topic), sent, headers=OWN).status_code == 302
    assert Confirmation.objects.count() == 1
