"""`import_posts`: every field, every default, every bad line, updates, merges, decisions; and that bad lines leave nothing behind."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from forum.enums import Validity
from forum.models import Confirmation, ForumListing, ForumTag, ImportRun, Post, PostVersion, Topic
from forum.services.versions import text_of
from moderation.models import Decision, DecisionText, ReviewItem
from pages.importing.inserting import give_free_ids
from pages.importing.running import ImportingRun
from tests.factories import make_post

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY_AGO = (NOW - timedelta(days=1)).isoformat()


def line(**fields: Any) -> dict[str, Any]:
    """Return the least that a line needs, and what is given."""
    return {"external_id": "a1", "title": "Bus naar Lima", "body": "De bus naar Lima vertrekt om zes uur aan de terminal."} | fields


def run(lines: list[Any], **options: Any) -> tuple[Any, list[str]]:
    """Import lines (dicts, or raw bytes) and return counts and what was told."""
    raw = b"".join(text if isinstance(text, bytes) else json.dumps(text).encode() + b"\n" for text in lines)
    told: list[str] = []
    counts = ImportingRun(**{"source": "import", "tell": told.append} | options).run(io.BytesIO(raw))
    return counts, told


def nothing_written() -> None:
    for model in (Topic, Post, PostVersion, ReviewItem, Decision, Confirmation, ForumListing):
        assert not model._default_manager.exists(), model


def test_defaults_are_those_of_a_persons_form() -> None:
    counts, _told = run([line()])
    assert (counts.read, counts.created, counts.refused) == (1, 1, 0)
    post = Post.objects.get()
    assert (post.status, post.topic.status, post.source, post.external_id) == ("pending", "pending", "import", "a1")
    assert post.latest_version is not None
    text = text_of(post.latest_version)
    assert (text.kind, text.countries, text.needs, text.tags, text.language, text.place) == ("tip", [], [], [], "nl", "")
    assert post.latest_version.origin == "import"
    assert abs(post.created_at - timezone.now()) < timedelta(minutes=1)
    assert (post.topic.title, post.live_version_id) == ("", None)


def test_every_field() -> None:
    ForumTag.objects.create(slug="bus", name="bus", name_fr="car", name_nl="bus", name_de="Bus", name_en="bus")
    full = line(
        kind="question", source="Oude Groep", language="fr", countries=["PE", "BO"], place="Puno", needs=["borders", "visa"], tags=["bus"],
        status="published", author={"pseudonym": "Lieve", "countries": ["PE"]}, created_at="2026-03-18T12:00:00+00:00",
        validity_until="2026-03-20",
        replies=[
            {
                "external_id": "r1", "body": "Ja, tot 18 uur.", "language": "nl", "created_at": "2026-03-18T13:00:00Z", "status": "published",
                "is_answer": True,
            },
            {"external_id": "r2", "body": "Wacht nog op lezing."},
        ],
        confirmations=[{"kind": "worked", "at": "2026-03-18T15:00:00Z"}, {"kind": "not_true", "at": "2026-03-18T16:00:00Z"}],
    )  # fmt: skip
    run([full], publish=True)
    topic = Topic.objects.get()
    assert (topic.kind, topic.title, topic.slug, topic.language, topic.place) == ("question", "Bus naar Lima", "bus-naar-lima", "fr", "Puno")
    assert (topic.country_codes, topic.needs, topic.tag_slugs) == (["PE", "BO"], ["borders", "visa"], ["bus"])
    assert (topic.status, topic.reply_count, topic.worked_count, topic.not_true_count) == ("published", 1, 1, 1)
    assert topic.published_at == datetime(2026, 3, 18, 12, tzinfo=UTC)
    first, answer, waiting = Post.objects.order_by("created_at")
    assert topic.answer == answer
    assert (answer.status, waiting.status) == ("published", "pending")
    assert Confirmation.objects.filter(post=answer).count() == 2
    assert {row.country_code for row in ForumListing.objects.all()} == {"", "PE", "BO"}
    assert ForumListing.objects.count() == 9
    assert set(ForumListing.objects.values_list("answered", flat=True)) == {True}
    assert first.source == "oude-groep"
    assert [tag.slug for tag in first.live_version.tags.all()] == ["bus"]
    assert timezone.localtime(first.live_version.validity_until).date().isoformat() == "2026-03-20"


def test_imported_dates_equal_those_of_the_services() -> None:
    from_file = line(status="published", created_at=DAY_AGO, needs=["pets"], confirmations=[{"kind": "worked", "at": NOW.isoformat()}])
    run([from_file], publish=True)
    topic = Topic.objects.get()
    assert topic.last_confirmed_at == NOW
    assert topic.check_from == NOW + timedelta(days=30)
    assert topic.validity() == Validity.FRESH


def test_words_of_an_archive_do_not_renew_where_it_is_dangerous() -> None:
    words = [{"kind": "worked", "at": NOW.isoformat(), "by": "7K3Q9D"}] * 3
    run([line(status="published", created_at=DAY_AGO, needs=["borders"], confirmations=words)], publish=True)
    topic = Topic.objects.get()
    assert (topic.last_confirmed_at, topic.worked_count) == (None, 3)


def test_without_publish_everything_waits() -> None:
    run([line(status="published", replies=[{"external_id": "r", "body": "Reactie op dit bericht", "status": "published"}], merged_into=None)])
    assert set(Post.objects.values_list("status", flat=True)) == {"pending"}
    assert not ForumListing.objects.exists()
    assert Topic.objects.get().title == ""
    assert ReviewItem.objects.filter(state="open").count() == 2


@pytest.mark.parametrize("status", ["pending", "published", "hidden", "archived", "withdrawn", "rejected", "spam", "changes_requested", "draft"])
def test_status_of_the_line_with_publish(status: str) -> None:
    run([line(status=status)], publish=True)
    post = Post.objects.get()
    assert (post.status, post.topic.status) == (status, status)
    assert (post.live_version_id is not None) is (status in {"published", "hidden", "archived", "withdrawn"})
    assert ForumListing.objects.exists() is (status == "published")
    assert (Topic.objects.get().title != "") is (status in {"published", "hidden", "archived", "withdrawn"})


def test_place_gives_the_country_where_it_is_certain() -> None:
    run([line(place="Kaboul"), line(external_id="a2", place="Lima beans"), line(external_id="a3", place="Cusco", countries=["BO"])])
    codes = [[row.country_id for row in v.country_rows.all()] for v in PostVersion.objects.order_by("pk")]
    assert codes[0] == ["AF"]
    assert codes[2] == ["BO"]


def test_one_parent_decision_with_one_row_a_post() -> None:
    run(
        [line(replies=[{"external_id": "r", "body": "Reactie op dit bericht"}]), line(external_id="a2", status="published")],
        publish=True,
        basis="Consent of 12 March",
    )
    (parent,) = Decision.objects.filter(parent__isnull=True)
    assert parent.children.count() == Post.objects.count() == ReviewItem.objects.count() == 3
    assert parent.text.facts == "import_posts, source import, basis: Consent of 12 March"
    assert set(Decision.objects.values_list("action", "actor_ref")) == {("import", User.objects.get(is_system=True).audit_ref)}
    assert set(parent.children.values_list("to_status", flat=True)) == {"pending", "published"}
    assert DecisionText.objects.count() == 4
    assert set(ReviewItem.objects.values_list("state", flat=True)) == {"open", "decided"}
    row = ImportRun.objects.get()
    assert (row.source, row.basis, row.lines_read, row.lines_written, row.lines_refused) == ("import", "Consent of 12 March", 2, 2, 0)
    assert row.finished_at is not None


def test_waiting_posts_are_screened() -> None:
    run([line(body="Bel mij op +32 475 12 34 56 of mail naar jan@voorbeeld.be, ik help met vervoer.")])
    assert ReviewItem.objects.get().findings


def test_names_are_dropped_unless_kept_with_a_basis() -> None:
    named = line(author={"pseudonym": "Lieve uit Cusco"})
    run([named, line(external_id="a2", author={"pseudonym": "Lieve uit Cusco"}), line(external_id="a3", author={"pseudonym": "Jonas"})])
    authors = User.objects.filter(archive_source="import")
    assert authors.count() == 2
    assert set(authors.values_list("pseudonym", flat=True)) == {None}
    assert not any("lieve" in author.email for author in authors)
    run([line(external_id="b1", author={"pseudonym": "Lieve uit Cusco"})], source="ander", keep_authors=True, basis="consent")
    assert User.objects.get(archive_source="ander").pseudonym == "Lieve uit Cusco"


def test_an_archives_author_is_never_a_member() -> None:
    member = User.objects.create_user("lieve@example.org", pseudonym="Lieve", pseudonym_key="lieve")
    run([line(author={"pseudonym": "Lieve"})], keep_authors=True, basis="consent")
    author = Post.objects.get().author
    assert author != member
    assert (author.pseudonym, author.is_active) == ("Lieve", False)


def test_an_archive_cannot_speak_officially() -> None:
    run([line(replies=[{"external_id": "r", "body": "Reactie op dit bericht", "signed_as": "Ambassade"}])])
    assert set(Post.objects.values_list("signed_as", flat=True)) == {""}


class TestUpdate:
    """The same external_id again."""

    def test_same_text_changes_nothing(self) -> None:
        run([line(status="published")], publish=True)
        before = (PostVersion.objects.count(), Decision.objects.count(), Topic.objects.get().revision)
        counts, _told = run([line(status="published")], publish=True)
        assert (counts.created, counts.updated, counts.unchanged) == (0, 0, 1)
        assert (PostVersion.objects.count(), Decision.objects.count(), Topic.objects.get().revision) == before

    def test_changed_text_is_a_new_version_with_the_lines_status(self) -> None:
        run([line(status="published")], publish=True)
        counts, _told = run([line(status="published", title="Nieuwe titel", countries=["PE"])], publish=True)
        assert (counts.updated, Topic.objects.count(), PostVersion.objects.count()) == (1, 1, 2)
        topic = Topic.objects.get()
        assert (topic.title, topic.country_codes) == ("Nieuwe titel", ["PE"])
        assert Decision.objects.filter(action="import", from_status="published", to_status="published").exists()

    def test_changed_text_without_publish_waits_while_the_approved_one_stays(self) -> None:
        run([line(status="published")], publish=True)
        run([line(title="Nieuwe titel")])
        assert Topic.objects.get().title == "Bus naar Lima"
        assert ReviewItem.objects.get(state="open").version.title == "Nieuwe titel"

    def test_status_alone_may_change(self) -> None:
        run([line(status="published")], publish=True)
        run([line(status="archived")], publish=True)
        assert Topic.objects.get().status == "archived"
        assert PostVersion.objects.count() == 1

    def test_new_and_changed_replies(self) -> None:
        one = {"external_id": "r1", "body": "Eerste reactie hier", "status": "published"}
        run([line(status="published", replies=[one])], publish=True)
        two = {"external_id": "r2", "body": "Tweede reactie hier", "status": "published"}
        counts, _told = run([line(status="published", replies=[one | {"body": "Eerste reactie, beter"}, two])], publish=True)
        assert (counts.updated, Topic.objects.get().reply_count, Post.objects.count()) == (1, 2, 3)
        assert Post.objects.get(external_id="r1").live_version.body == "Eerste reactie, beter"

    def test_twice_in_one_file(self) -> None:
        counts, _told = run([line(status="published"), line(status="published", title="Later")], publish=True)
        assert (counts.created, counts.updated, Topic.objects.get().title) == (1, 1, "Later")

    def test_same_id_in_another_source_is_another_topic(self) -> None:
        run([line()])
        run([line()], source="ander")
        assert Topic.objects.count() == 2

    def test_ids_of_another_topic_are_refused(self) -> None:
        run([line(replies=[{"external_id": "r1", "body": "Eerste reactie hier"}])])
        stolen = line(external_id="a2", replies=[{"external_id": "r1", "body": "Eerste reactie hier"}])
        counts, told = run([stolen, line(external_id="r1"), line(replies=[{"external_id": "r9", "body": "Nieuwe reactie"}])])
        assert (counts.refused, Topic.objects.count()) == (2, 1)
        assert any(text.startswith("line 1: replies") for text in told)
        assert any(text.startswith("line 2: external_id") for text in told)


class TestMerge:
    """A target may come later in the file, or be missing."""

    def test_target_later_in_the_file(self) -> None:
        counts, _told = run([line(status="merged", merged_into="b"), line(external_id="b", status="published")], publish=True)
        merged = Post.objects.get(external_id="a1")
        assert (counts.refused, merged.status, merged.topic.status) == (0, "merged", "merged")
        assert merged.merged_into == Post.objects.get(external_id="b").topic
        counts, _told = run([line(status="merged", merged_into="b"), line(external_id="b", status="published")], publish=True)
        assert (counts.unchanged, counts.refused) == (2, 0)

    @pytest.mark.parametrize("target", ["missing", "a1"])
    def test_no_target(self, target: str) -> None:
        counts, told = run([line(status="merged", merged_into=target)], publish=True)
        assert counts.refused == 1
        assert any(text.startswith("line 1: merged_into") for text in told)
        assert Post.objects.get().status == "pending"


FUTURE = (NOW + timedelta(days=2)).isoformat()
REPLY = {"external_id": "r", "body": "Reactie op dit bericht"}
BAD: list[tuple[Any, str]] = [
    (b"not json\n", "line"), (b"[1]\n", "line"), (b'"text"\n', "line"), (b'{"external_id": "a", "title": "caf\xe9"}\n', "line"),
    (b"[" * 100_000 + b"\n", "line"), ({"title": "t", "body": "b"}, "external_id"), (line(external_id=""), "external_id"),
    (line(external_id="x" * 121), "external_id"), (line(external_id=["a"]), "external_id"), (line(title=None), "title"), (line(title=" "), "title"),
    (line(title="x" * 151), "title"), (line(title=7), "title"), (line(body=None), "body"), (line(body=""), "body"), (line(body="x" * 20_001), "body"),
    (line(body="a\x00b"), "body"), (line(body="a\u202eb"), "body"), (line(body="\ufffd"), "body"), (line(kind="advert"), "kind"),
    (line(language="french!"), "language"), (line(countries=["QQ"]), "countries"), (line(countries="PE"), "countries"),
    (line(countries=["PE", "BO", "CL", "AR", "BR", "EC", "CO", "VE", "UY"]), "countries"), (line(needs=["gold"]), "needs"),
    (line(needs=["visa", "money", "pets", "work"]), "needs"), (line(tags=["nowhere"]), "tags"), (line(place="x" * 81), "place"),
    (line(status="great"), "status"), (line(status="unconfirmed"), "status"), (line(status="merged"), "merged_into"),
    (line(merged_into="b"), "merged_into"), (line(author="Lieve"), "author"), (line(author={"pseudonym": "x" * 41}), "author.pseudonym"),
    (line(author={"countries": ["QQ"]}), "author.countries"), (line(created_at="yesterday"), "created_at"), (line(created_at=FUTURE), "created_at"),
    (line(created_at="2026-02-31T00:00:00Z"), "created_at"), (line(validity_until=12), "validity_until"), (line(replies={}), "replies"),
    (line(replies=["x"]), "replies[0]"), (line(replies=[{"body": "Reactie op dit"}]), "replies[0].external_id"),
    (line(replies=[{"external_id": "r"}]), "replies[0].body"), (line(replies=[REPLY, REPLY]), "replies"),
    (line(replies=[REPLY | {"external_id": "a1"}]), "replies"), (line(replies=[REPLY | {"status": "merged"}]), "replies[0].status"),
    (line(replies=[REPLY | {"is_answer": "yes"}]), "replies[0].is_answer"), (line(confirmations=[{"kind": "worked"}]), "confirmations[0].at"),
    (line(confirmations=[{"at": DAY_AGO}]), "confirmations[0].kind"), 
    (line(confirmations=[{"kind": "good", "at": DAY_AGO}]), "confirmations[0].kind"),
    (line(confirmations=[{"kind": "worked", "at": FUTURE}]), "confirmations[0].at"), (line(source="///"), "source"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "field"), BAD, ids=[f"{n}-{case[1]}" for n, case in enumerate(BAD)])
def test_bad_line_is_named_and_skipped(bad: Any, field: str) -> None:
    counts, told = run([bad])
    assert (counts.read, counts.refused, counts.created) == (1, 1, 0)
    assert told[0].startswith(f"line 1: {field}: "), told
    nothing_written()


def test_good_lines_around_a_bad_one_are_stored() -> None:
    counts, told = run([line(), b"\n", b"broken\n", line(external_id="a2")])
    assert (counts.created, counts.refused) == (2, 1)
    assert any(text.startswith("line 3: ") for text in told)


def test_a_line_without_end_is_refused_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.importing.running.LONGEST_LINE", 1_000)
    counts, told = run([line(body="x" * 5_000), line(external_id="a2")])
    assert (counts.refused, counts.created) == (1, 1)
    assert "longer" in told[0]


def test_strict_stops_before_the_batch(tmp_path: Any) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps(line()) + "\nbroken\n" + json.dumps(line(external_id="a2")) + "\n")
    with pytest.raises(CommandError, match="line 2: line"):
        call_command("import_posts", str(file), "--strict", "--no-index", stderr=io.StringIO())
    nothing_written()
    assert ImportRun.objects.get().finished_at is not None


def test_batches_are_transactions_and_a_stopped_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.importing.running.BATCH_LINES", 2)
    many = [line(external_id=str(n)) for n in range(4)]
    with pytest.raises(ZeroDivisionError):
        ImportingRun(source="import", tell=lambda text: 1 / (0 if text.startswith("4 lines") else 1)).run(
            io.BytesIO(b"".join(json.dumps(text).encode() + b"\n" for text in many))
        )
    assert Topic.objects.count() == 2
    counts, _told = run(many)
    assert (counts.created, counts.unchanged) == (2, 2)


def test_statements_do_not_grow_with_lines() -> None:
    def measure(count: int, prefix: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            reply = {"body": "Reactie op dit bericht", "status": "published"}
            rows = [
                line(external_id=f"{prefix}{n}", status="published", countries=["PE"], replies=[reply | {"external_id": f"{prefix}{n}r"}])
                for n in range(count)
            ]
            run(rows, publish=True)
        return len(captured)

    measure(1, "w")
    few, many = measure(20, "f"), measure(120, "m")
    # SQLite takes 999 values a statement, so that 200 posts more cost some statements more, never one for each.
    assert many - few < 30


def test_command_reads_a_file_and_sums_up(tmp_path: Any) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps(line(status="published")) + "\nbroken\n")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_posts", str(file), "--source", "Oude groep", "--publish", "--no-index", stdout=out, stderr=err)
    assert out.getvalue() == "read=2 new=1 updated=0 unchanged=0 refused=1 posts=1\n"
    assert "line 2: line: " in err.getvalue()
    assert Post.objects.get().source == "oude-groep"


def test_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(line()).encode())))
    call_command("import_posts", "-", "--no-index", stdout=io.StringIO(), stderr=io.StringIO())
    assert Post.objects.count() == 1


@pytest.mark.parametrize("arguments", [["/nonexistent/file"], ["-", "--source", "///"], ["-", "--keep-authors"]])
def test_command_refuses(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_posts", *arguments)
    nothing_written()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_id_that_is_taken_is_replaced() -> None:
    taken = make_post().topic.public_id
    topics = [Topic(public_id=taken), Topic(public_id="ZZZZZZ"), Topic(public_id="ZZZZZZ")]
    give_free_ids(topics)
    ids = [topic.public_id for topic in topics]
    assert taken not in ids
    assert ids[1] == "ZZZZZZ"
    assert len(set(ids)) == 3
