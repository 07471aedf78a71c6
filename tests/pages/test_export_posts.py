"""`export_posts` and `remove_import`: out and in again is the same content; a removed archive leaves no word behind."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.models import Confirmation, ForumListing, ForumTag, Post, PostVersion, Topic
from forum.services import accept_answer, apply_status, confirm_post, create_reply, mark_dangerous, withdraw_post
from forum.signals import content_hidden
from forum.texts import PostText
from moderation.models import Decision, DecisionText, ReviewItem
from pages.importing.exporting import export
from pages.importing.running import ImportingRun
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db


def exported() -> list[dict[str, Any]]:
    stream = io.StringIO()
    export(stream)
    return [json.loads(row) for row in stream.getvalue().splitlines()]


def imported(rows: list[dict[str, Any]], **options: Any) -> Any:
    raw = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return ImportingRun(**{"source": "import"} | options).run(io.BytesIO(raw))


def empty_the_forum() -> None:
    """Leave what an empty site has: no content. Rows that guards protect stay, so that their posts move out of the way by their ids."""
    ForumListing.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forum_post SET external_id = NULL, source = 'old', public_id = 'o' || id")
        cursor.execute("UPDATE forum_topic SET public_id = 'o' || id")
        cursor.execute("UPDATE forum_forumtag SET slug = 'o' || id, name = 'o' || id")
        cursor.execute("UPDATE accounts_user SET member_code = 'x' || id, pseudonym = NULL, pseudonym_key = NULL")


def world() -> None:
    """One topic of every sort and status."""
    ForumTag.objects.create(slug="bus", name="bus", name_fr="car", name_nl="bus", name_de="Bus", name_en="bus")
    named, plain = UserFactory(named=True), UserFactory()
    until = timezone.now() + timedelta(days=3)
    tip = make_post(author=named, status="published", countries=["PE", "BO"], needs=["borders", "visa"], tags=["bus"], validity_until=until)
    make_reply(topic=tip.topic, author=plain, status="published")
    make_reply(topic=tip.topic, status="pending")
    make_reply(topic=tip.topic, status="rejected")
    official = create_reply(actor=UserFactory(), topic=tip.topic, text=PostText(body="Neem de dagbus.", language="nl"), signed_as="Ambassade in Lima")
    apply_status(post=official, status="published")
    confirm_post(post=tip, kind="worked", happened_date=timezone.localdate(), actor=plain)
    confirm_post(post=tip, kind="not_true", happened_date=timezone.localdate(), actor=None)
    question = make_post(author=plain, status="published", kind="question", needs=["visa"])
    answer = make_reply(topic=question.topic, author=named, status="published")
    accept_answer(actor=plain, answer=answer)
    confirm_post(post=answer, kind="worked", happened_date=timezone.localdate(), actor=named)
    for status in ("pending", "changes_requested", "hidden", "archived", "rejected", "spam"):
        make_post(author=named, status=status, title=f"Titel {status}", kind="offer", language="fr", countries=[])
    withdraw_post(actor=plain, post=make_post(author=plain, status="published"))
    mark_dangerous(post=make_post(author=plain, status="published"), reason="Er werd geschoten.")
    apply_status(post=make_post(), status="merged", merged_into=tip.topic)
    make_post(status="draft", title="Kladje")


def test_out_and_in_again_is_the_same_content() -> None:
    world()
    before = exported()
    empty_the_forum()
    counts = imported(before, publish=True)
    assert (counts.created, counts.refused) == (len(before), 0)
    after = [row for row in exported() if not row["external_id"].startswith("o")]
    assert {row["external_id"] for row in after} == {row["external_id"] for row in before}
    for old, new in zip(before, after, strict=True):
        assert new == old
    live = Topic.objects.published().exclude(public_id__startswith="o")
    assert live.count() == 3
    for topic in live:
        assert ForumListing.objects.filter(topic=topic).count() == (len(topic.country_codes) + 1) * (len(topic.needs) + 1)
        assert topic.reply_count == topic.posts.filter(is_first=False, status="published").count()


def test_an_empty_site_learns_the_tags_with_their_words() -> None:
    ForumTag.objects.create(slug="bus", name="Bus", name_fr="car", name_nl="bus", name_de="Reisebus", name_en="coach")
    ForumTag.objects.create(slug="never-used", name="Never", name_fr="a", name_nl="b", name_de="c", name_en="d")
    make_post(status="published", tags=["bus"])
    lines = exported()
    assert lines[0]["tag_names"] == {"bus": {"fr": "car", "nl": "bus", "de": "Reisebus", "en": "coach"}}
    empty_the_forum()
    # Another tag has the word already: the list cannot hold it twice, and the topic keeps its tag all the same.
    ForumTag.objects.create(slug="trainer", name="coach", name_fr="coach", name_nl="coach", name_de="Coach", name_en="coach")
    assert imported(lines, publish=True).refused == 0
    learnt = ForumTag.objects.get(slug="bus")
    assert (learnt.name, learnt.name_fr, learnt.name_nl, learnt.name_de, learnt.name_en) == ("bus", "car", "bus", "Reisebus", "coach")
    assert list(Topic.objects.published().get(public_id=lines[0]["external_id"]).posts.get().live_version.tags.slugs()) == ["bus"]
    assert not ForumTag.objects.filter(slug="never-used").exists()


def test_words_that_staff_changed_since_stay() -> None:
    ForumTag.objects.create(slug="bus", name="bus", name_fr="car", name_nl="bus", name_de="Bus", name_en="bus")
    make_post(status="published", tags=["bus"])
    lines = exported()
    ForumTag.objects.filter(slug="bus").update(name_fr="autocar")
    imported(lines, publish=True)
    assert ForumTag.objects.get().name_fr == "autocar"


WORDS = {"fr": "car", "nl": "bus", "de": "Bus", "en": "bus"}


@pytest.mark.parametrize(
    ("source", "names", "why"),
    [
        ("group", {"bus": WORDS}, "tags: is unknown: 'bus'"),
        ("self", None, "tags: is unknown: 'bus'"),
        ("self", {"train": WORDS}, "tags: is unknown: 'bus'"),
        ("self", [], "tag_names: is no JSON object"),
        ("self", {"Bus!": WORDS}, "tag_names: has a name that is no code: 'Bus!'"),
        ("self", {"b" * 61: WORDS}, "tag_names: has a name that is no code"),
        ("self", {"bus": {"fr": "car"}}, "tag_names: needs a word in fr, nl, de, en for 'bus'"),
        ("self", {"bus": "car"}, "tag_names: needs a word in fr, nl, de, en for 'bus'"),
        ("self", {"bus": WORDS | {"de": " "}}, "tag_names: has a word for 'bus' that is empty"),
        ("self", {"bus": WORDS | {"de": 3}}, "tag_names: has a word for 'bus' that is empty"),
        ("self", {"bus": WORDS | {"de": "B" * 61}}, "tag_names: has a word for 'bus' that is empty, or longer than 60"),
    ],
)
def test_tags_that_nobody_explains_are_refused(source: str, names: Any, why: str) -> None:
    said: list[str] = []
    row = {"external_id": "A1", "source": source, "title": "Bus", "body": "De bus rijdt.", "tags": ["bus"], "tag_names": names}
    assert imported([row], tell=said.append).refused == 1
    assert said[0].startswith(f"line 1: {why}")
    assert not ForumTag.objects.exists()
    assert not Topic.objects.exists()


def test_what_left_the_site_and_french_spaces_survive() -> None:
    title = "Lima\u00a0: où trouver une pharmacie\u202f?"
    gone = make_post(status="published", title=title, language="fr")
    confirm_post(post=gone, kind="worked", happened_date=timezone.localdate(), actor=None)
    apply_status(post=gone, status="archived")
    before = exported()
    assert [before[0]["title"], len(before[0]["confirmations"])] == [title, 1]
    empty_the_forum()
    imported(before, publish=True)
    assert [row for row in exported() if not row["external_id"].startswith("o")] == before


def test_an_archive_gives_no_word_to_what_was_never_published() -> None:
    word = {"kind": "worked", "at": "2026-03-18T15:00:00Z"}
    lines = [
        {"external_id": str(n), "title": "Bus", "body": "De bus rijdt.", "status": s, "confirmations": [word]}
        for n, s in enumerate(("rejected", "archived"))
    ]
    imported(lines, publish=True)
    imported([{**lines[0], "source": "self", "external_id": "7"}], publish=True)
    assert not Confirmation.objects.exists()


def test_dates_and_figures_survive() -> None:
    world()
    names = (
        "check_from",
        "stale_from",
        "gone_at",
        "last_confirmed_at",
        "published_at",
        "worked_count",
        "not_true_count",
        "reply_count",
        "visibility",
    )
    before = {t.public_id: tuple(getattr(t, name) for name in names) for t in Topic.objects.published()}
    lines = exported()
    empty_the_forum()
    imported(lines, publish=True)
    after = {t.public_id: tuple(getattr(t, name) for name in names) for t in Topic.objects.published() if not t.public_id.startswith("o")}
    assert after == before


def test_into_the_same_site_changes_nothing() -> None:
    world()
    before = exported()
    versions, decisions = PostVersion.objects.count(), Decision.objects.count()
    counts = imported(before, publish=True)
    assert (counts.created, counts.updated, counts.unchanged, counts.refused) == (0, 0, len(before), 0)
    assert (PostVersion.objects.count(), Decision.objects.count()) == (versions, decisions)
    assert exported() == before


def test_drafts_and_addresses_stay_out() -> None:
    world()
    stream = io.StringIO()
    export(stream)
    assert "Kladje" not in stream.getvalue()
    assert "@" not in stream.getvalue()
    waiting = make_post(status="published", author=UserFactory())
    assert waiting.author.email not in json.dumps(exported())


def test_queries_do_not_grow() -> None:
    for _ in range(2):
        make_reply(topic=make_post(status="published").topic, status="published")
    with CaptureQueriesContext(connection) as few:
        exported()
    for _ in range(20):
        make_reply(topic=make_post(status="published").topic, status="published")
    with CaptureQueriesContext(connection) as many:
        exported()
    assert len(few) == len(many)


def test_command_writes_a_file(tmp_path: Any) -> None:
    make_post(status="published")
    file, err = tmp_path / "out.jsonl", io.StringIO()
    call_command("export_posts", str(file), stderr=err)
    (row,) = (json.loads(text) for text in file.read_text().splitlines())
    assert row["source"] == "self"
    assert row["external_id"] == Topic.objects.get().public_id
    assert err.getvalue() == "topics=1\n"


def test_file_that_cannot_be_written_is_named(tmp_path: Any) -> None:
    with pytest.raises(CommandError, match=r"cannot write .*/nowhere/out\.jsonl: No such file or directory"):
        call_command("export_posts", str(tmp_path / "nowhere" / "out.jsonl"))
    assert not (tmp_path / "nowhere").exists()


SECRET = "Geheimzinnige pinguins"
ARCHIVE = [
    {
        "external_id": "a1", "title": SECRET, "body": SECRET * 3, "place": SECRET, "countries": ["PE"], "needs": ["visa"], "status": "published",
        "author": {"pseudonym": "Pinguin"}, "confirmations": [{"kind": "worked", "at": "2026-03-18T15:00:00Z"}],
        "replies": [{"external_id": "r1", "body": SECRET * 2, "status": "published"}],
    },
    {"external_id": "a2", "title": SECRET, "body": SECRET * 2},
]  # fmt: skip


class TestRemove:
    """An import is taken out as a whole; the rest stays."""

    def test_nothing_is_left_to_read(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        mine = make_post(status="published")
        imported(ARCHIVE, publish=True, source="oud", keep_authors=True, basis="consent")
        topic = Topic.objects.get(posts__external_id="a1")
        address = f"/fr/sujets/{topic.public_id}-{topic.slug}/"
        assert client.get(address).status_code == 200
        out = io.StringIO()
        heard: list[int] = []
        monkeypatch.setattr(content_hidden, "send", lambda *, sender, post: heard.append(post.topic_id))
        call_command("remove_import", "oud", stdout=out)
        assert out.getvalue() == "removed posts=3\n"
        assert set(heard) == {topic.pk}
        assert client.get(address).status_code == 410
        for model in (Topic, Post, PostVersion, DecisionText, User, ReviewItem):
            rows = json.dumps(list(model._default_manager.values()), default=str)
            assert SECRET not in rows, model
            assert "Pinguin" not in rows, model
        assert not Confirmation.objects.exists()
        assert set(ForumListing.objects.values_list("topic_id", flat=True)) == {mine.topic_id}
        assert not ReviewItem.objects.exclude(state="decided").exclude(post=mine).exists()
        assert Decision.objects.filter(action="import").count() == 4

    def test_twice_and_again(self) -> None:
        imported(ARCHIVE, publish=True, source="oud")
        for expected in ("removed posts=3\n", "removed posts=0\n"):
            out = io.StringIO()
            call_command("remove_import", "oud", stdout=out)
            assert out.getvalue() == expected
        assert imported(ARCHIVE, publish=True, source="oud").created == 2

    def test_other_sources_stay(self) -> None:
        imported(ARCHIVE, publish=True, source="oud")
        imported(ARCHIVE, publish=True, source="nieuw")
        call_command("remove_import", "oud", stdout=io.StringIO())
        assert Topic.objects.published().count() == 1

    @pytest.mark.parametrize("name", ["self", "///"])
    def test_refusals(self, name: str) -> None:
        with pytest.raises(CommandError):
            call_command("remove_import", name)
