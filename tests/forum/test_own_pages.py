"""Own posts: the list with its reasons, changing, the conflict that loses nothing, withdrawing; others' posts do not exist here."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from forum import extensions
from forum.enums import PostStatus
from forum.extensions import AuthorStatus, author_status
from forum.filters import PAGE_SIZE
from forum.models import Post, PostVersion, Topic
from forum.services import apply_status, edit_post, mark_dangerous
from forum.views.own import MARKS
from tests.factories import UserFactory, make_post, make_reply, text
from tests.forum.pages import url
from tests.forum.test_write_page import GOOD

pytestmark = pytest.mark.django_db
STATUSES = ["draft", "pending", "changes_requested", "published", "hidden", "archived", "rejected", "spam"]


def test_every_status_has_a_mark() -> None:
    assert set(MARKS) == set(PostStatus.values)


@pytest.mark.parametrize("name", ["account_posts", "account_post", "post_edit", "post_withdraw"])
def test_visitors_sign_in_first(client: Client, name: str) -> None:
    kwargs = {} if name == "account_posts" else {"public_id": make_post().public_id}
    response = client.get(url(name, **kwargs))
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url(name, **kwargs)}")


@pytest.mark.parametrize("name", ["account_post", "post_edit", "post_withdraw"])
@pytest.mark.parametrize("status", ["draft", "pending", "published"])
def test_others_posts_do_not_exist(signed_in: Any, name: str, status: str) -> None:
    post = make_post(status=status)
    client = signed_in(UserFactory())
    place = url(name, public_id=post.public_id)
    assert client.get(place).status_code == 404
    assert client.post(place, GOOD).status_code == (405 if name == "account_post" else 404)
    post.refresh_from_db()
    assert (post.status, post.versions.count()) == (status, 1)


def test_list_shows_every_own_post_and_no_other(signed_in: Any) -> None:
    author = UserFactory()
    for status in STATUSES:
        make_post(author=author, status=status, title=f"Titel {status}")
    make_post(title="Van iemand anders")
    response = signed_in(author).get(url("account_posts"))
    html = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert {status for status in STATUSES if f"Titel {status}" in html} == set(STATUSES)
    assert "Van iemand anders" not in html


@pytest.mark.parametrize(("status", "edit", "withdraw", "again"), [
    ("draft", True, True, False), ("pending", True, True, False), ("changes_requested", True, True, False), ("published", True, True, False),
    ("hidden", False, True, True), ("archived", False, True, False), ("rejected", False, False, True), ("spam", False, False, False),
])  # fmt: skip
def test_links_are_what_is_allowed(signed_in: Any, status: str, edit: bool, withdraw: bool, again: bool) -> None:
    author = UserFactory()
    post = make_post(author=author, status=status)
    client = signed_in(author)
    for name, kwargs in (("account_posts", {}), ("account_post", {"public_id": post.public_id})):
        html = client.get(url(name, **kwargs)).content.decode()
        assert (url("post_edit", public_id=post.public_id) in html) is edit
        assert (url("post_withdraw", public_id=post.public_id) in html) is withdraw
        assert (f"?from={post.public_id}" in html) is again
    assert client.get(url("post_edit", public_id=post.public_id)).status_code == (200 if edit else 403)
    assert client.get(url("post_withdraw", public_id=post.public_id)).status_code == (200 if withdraw else 403)


def test_reasons_come_from_the_extension_point(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    author = UserFactory()
    post = make_post(author=author, status="changes_requested")
    line = AuthorStatus("Retirez l’adresse exacte", "Une adresse figure dans le texte.", "7K3Q9D", datetime(2026, 3, 18, 14, 38, tzinfo=UTC))
    monkeypatch.setattr(extensions, "AUTHOR_STATUS", [lambda posts: 1 / 0, lambda posts: {p.pk: [line] for p in posts}])
    assert author_status([post]) == {post.pk: [line]}
    client = signed_in(author)
    for name, kwargs in (("account_posts", {}), ("account_post", {"public_id": post.public_id})):
        html = client.get(url(name, **kwargs)).content.decode()
        assert "Retirez l’adresse exacte" in html
    assert "Une adresse figure dans le texte." in html
    assert "7K3Q9D" in html
    assert 'aria-current="step"' in html


def test_list_is_paged(signed_in: Any) -> None:
    author = UserFactory()
    for n in range(PAGE_SIZE + 1):
        make_post(author=author, title=f"Titel {n:02}")
    client = signed_in(author)
    first = client.get(url("account_posts"))
    second = client.get(url("account_posts") + f"?page={first.context['next_page']}")
    assert len(first.context["rows"]) == PAGE_SIZE
    assert [own.post.latest_version.title for own in second.context["rows"]] == ["Titel 00"]
    assert client.get(url("account_posts") + "?page=x").status_code == 400


class TestEdit:
    """A newer text waits while the approved one stays."""

    def edit(self, client: Client, post: Post, **fields: Any) -> Any:
        return client.post(url("post_edit", public_id=post.public_id), GOOD | {"version": "1"} | fields)

    def test_form_holds_the_newest_text(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published", countries=["PE", "BO"], needs=["borders", "visa"])
        edit_post(actor=author, post=post, text=text(title="Nieuwe titel", countries=["PE", "BO"]), version_number=1)
        html = signed_in(author).get(url("post_edit", public_id=post.public_id)).content.decode()
        assert 'value="Nieuwe titel"' in html
        assert 'name="version" value="2"' in html
        assert '<option value="PE" selected>' in html
        assert 'name="countries" value="BO" checked' in html

    def test_published_text_stays_while_the_new_one_waits(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published")
        response = self.edit(signed_in(author), post, title="Nieuwe titel")
        assert response["Location"] == url("account_post", public_id=post.public_id) + "?done=sent"
        post.refresh_from_db()
        assert (post.status, post.latest_version.title) == ("published", "Nieuwe titel")
        assert Topic.objects.get().title == "Met de dagbus van Cusco naar Lima"

    def test_correction_goes_back_to_review(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="changes_requested")
        self.edit(signed_in(author), post)
        post.refresh_from_db()
        assert post.status == "pending"

    @pytest.mark.parametrize(("step", "status"), [("draft", "draft"), ("send", "pending")])
    def test_draft_is_kept_or_sent(self, signed_in: Any, step: str, status: str) -> None:
        author = UserFactory()
        post = make_post(author=author, status="draft")
        self.edit(signed_in(author), post, step=step)
        post.refresh_from_db()
        assert (post.status, post.topic.status, post.versions.count()) == (status, status, 2)

    def test_check_and_back_store_nothing(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author)
        client = signed_in(author)
        checked = self.edit(client, post, step="check")
        assert 'name="version" value="1"' in checked.content.decode()
        assert self.edit(client, post, step="back").status_code == 200
        assert post.versions.count() == 1

    @pytest.mark.parametrize("number", ["1", "", "0", "7", "x", "99999999999999999999"])
    def test_stale_version_is_a_409_with_both_texts(self, signed_in: Any, number: str) -> None:
        author = UserFactory()
        post = make_post(author=author)
        edit_post(actor=author, post=post, text=text(title="In het andere venster"), version_number=1)
        response = self.edit(signed_in(author), post, version=number, title="In dit venster")
        html = response.content.decode()
        assert response.status_code in ({409} if number in {"1", "", "7"} else {400})
        assert "In dit venster" in html
        if response.status_code == 409:
            assert "In het andere venster" in html
        assert post.versions.count() == 2

    @pytest.mark.parametrize("status", ["hidden", "archived", "rejected", "spam", "withdrawn"])
    def test_what_left_the_authors_hands_stays(self, signed_in: Any, status: str) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published" if status == "withdrawn" else status)
        client = signed_in(author)
        if status == "withdrawn":
            client.post(url("post_withdraw", public_id=post.public_id))
        assert self.edit(client, post).status_code == 403
        assert PostVersion.objects.count() == 1

    def test_tombstone_stays(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published")
        mark_dangerous(post=post, reason="Danger")
        assert self.edit(signed_in(author), post).status_code == 403
        assert PostVersion.objects.count() == 1

    def test_expired_session_gives_the_text_back(self, client: Client) -> None:
        author = UserFactory()
        post = make_post(author=author)
        response = self.edit(client, post, title="Getypt zonder sessie")
        assert response.status_code == 302
        assert post.versions.count() == 1
        client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
        assert "Getypt zonder sessie" in client.get(url("post_edit", public_id=post.public_id)).content.decode()

    def test_reply_is_changed_in_its_own_form(self, signed_in: Any) -> None:
        author = UserFactory()
        reply = make_reply(topic=make_post(status="published").topic, author=author, status="published")
        client = signed_in(author)
        assert 'name="title"' not in client.get(url("post_edit", public_id=reply.public_id)).content.decode()
        data = {"body": "Het werkte vandaag niet meer.", "version": "1", "step": "send"}
        client.post(url("post_edit", public_id=reply.public_id), data)
        reply.refresh_from_db()
        assert (reply.latest_version.body, reply.live_version.number) == ("Het werkte vandaag niet meer.", 1)


class TestWithdraw:
    """Asked once, done by POST, twice is once."""

    def test_get_asks_and_changes_nothing(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published")
        assert signed_in(author).get(url("post_withdraw", public_id=post.public_id)).status_code == 200
        post.refresh_from_db()
        assert post.status == "published"

    def test_post_withdraws_once(self, signed_in: Any) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published")
        client = signed_in(author)
        for _ in range(2):
            assert client.post(url("post_withdraw", public_id=post.public_id)).status_code == 302
        post.refresh_from_db()
        assert (post.status, post.topic.status) == ("withdrawn", "withdrawn")

    def test_without_a_token_nothing_happens(self) -> None:
        author = UserFactory()
        post = make_post(author=author, status="published")
        client = Client(enforce_csrf_checks=True)
        client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(url("post_withdraw", public_id=post.public_id)).status_code == 403
        post.refresh_from_db()
        assert post.status == "published"


class TestChooseAnswer:
    """Only the person who asked."""

    def test_asker_chooses(self, signed_in: Any) -> None:
        asker = UserFactory()
        topic = make_post(author=asker, status="published", kind="question").topic
        reply = make_reply(topic=topic, status="published")
        client = signed_in(asker)
        topic.refresh_from_db()
        html = client.get(url("topic", public_id=topic.public_id, slug=topic.slug)).content.decode()
        assert f'name="reply" value="{reply.public_id}"' in html
        response = client.post(url("topic_answer", public_id=topic.public_id), {"reply": reply.public_id})
        assert response.status_code == 302
        topic.refresh_from_db()
        assert topic.answer_id == reply.pk

    def test_others_are_refused(self, client: Client, signed_in: Any) -> None:
        topic = make_post(status="published", kind="question").topic
        reply = make_reply(topic=topic, status="published")
        place, data = url("topic_answer", public_id=topic.public_id), {"reply": reply.public_id}
        assert client.get(place).status_code == 405
        assert client.post(place, data).status_code == 302
        assert signed_in(UserFactory()).post(place, data).status_code == 403
        assert signed_in(UserFactory()).post(place, {"reply": "nothing"}).status_code == 404
        topic.refresh_from_db()
        assert topic.answer_id is None


class TestReply:
    """A reply on its own page, in the same two steps."""

    DATA = {"body": "Gisteren ook gedaan, vertrek om zes uur.", "step": "send", "key": "f" * 32}

    def test_send(self, signed_in: Any) -> None:
        topic = make_post(status="published").topic
        client = signed_in(UserFactory())
        assert client.get(url("topic_reply", public_id=topic.public_id)).status_code == 200
        assert client.post(url("topic_reply", public_id=topic.public_id), self.DATA | {"step": "check"}).status_code == 200
        assert topic.posts.count() == 1
        for _ in range(2):
            assert client.post(url("topic_reply", public_id=topic.public_id), self.DATA | {"status": "published"}).status_code == 302
        reply = topic.posts.get(is_first=False)
        assert (reply.status, reply.signed_as) == ("pending", "")

    def test_visitor_types_then_signs_in(self, client: Client) -> None:
        topic = make_post(status="published").topic
        place = url("topic_reply", public_id=topic.public_id)
        assert client.post(place, self.DATA).status_code == 302
        assert topic.posts.count() == 1
        client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
        assert "Gisteren ook gedaan" in client.get(place).content.decode()

    @pytest.mark.parametrize("body", ["", " \n", "x" * 20_001, "a\x00b", "a\u202eb", "\ufffd"])
    def test_bad_input(self, signed_in: Any, body: str) -> None:
        topic = make_post(status="published").topic
        response = signed_in(UserFactory()).post(url("topic_reply", public_id=topic.public_id), self.DATA | {"body": body})
        assert response.status_code == 400
        assert "id_body_error" in response.content.decode()
        assert topic.posts.count() == 1

    @pytest.mark.parametrize(("status", "answer"), [("pending", 404), ("rejected", 404), ("hidden", 410), ("archived", 409), ("gone", 409)])
    def test_closed_topics(self, signed_in: Any, status: str, answer: int) -> None:
        post = make_post(status="published" if status == "gone" else status)
        if status == "gone":
            mark_dangerous(post=post, reason="Danger")
        client, place = signed_in(UserFactory()), url("topic_reply", public_id=post.topic.public_id)
        assert client.get(place).status_code == answer
        assert client.post(place, self.DATA).status_code == answer
        assert post.topic.posts.count() == 1

    def test_official_answers_are_signed_by_function_within_the_country(self, signed_in: Any, staff: Any) -> None:
        topic = make_post(status="published").topic
        place, data = url("topic_reply", public_id=topic.public_id), self.DATA | {"official": "on"}
        assert signed_in(UserFactory()).post(place, data).status_code == 403
        assert signed_in(staff("embassy", country="TH")).post(place, data).status_code == 403
        assert signed_in(staff("moderator")).post(place, data).status_code == 403
        assert topic.posts.count() == 1
        signed_in(staff("embassy", country="PE")).post(place, data)
        reply = topic.posts.get(is_first=False)
        assert "Peru" in reply.signed_as
        assert reply.status == "pending"


def test_hidden_by_decision_says_so(signed_in: Any) -> None:
    author = UserFactory()
    post = make_post(author=author, status="published")
    apply_status(post=post, status="hidden")
    assert signed_in(author).get(url("account_post", public_id=post.public_id)).status_code == 200
