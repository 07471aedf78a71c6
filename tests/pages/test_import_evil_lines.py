"""Lines that an attacker, or a broken export, would hand to `import_posts`: each is named by number and field, none stops the run."""

import io
import json
from typing import Any

import pytest

from forum.models import Confirmation, Post, Topic
from moderation.invariants import review_faults
from moderation.models import Decision, ReviewItem
from pages.importing.running import ImportingRun

pytestmark = pytest.mark.django_db

HALF = "a\ud800b"
LATE = "9999-12-31T23:59:59-12:00"
EARLY = "0001-01-01T00:00:00+14:00"
GOOD = {"external_id": "good", "title": "Bus naar Lima", "body": "De bus naar Lima vertrekt om zes uur.", "status": "published"}


def line(**fields: Any) -> bytes:
    return json.dumps({"external_id": "evil", "title": "Titel", "body": "Een tekst over de bus.", "status": "published"} | fields).encode()


def reply(**fields: Any) -> list[dict[str, Any]]:
    return [{"external_id": "reply", "body": "Ook voor ons.", "status": "published"} | fields]


EVIL: list[tuple[str, bytes]] = [
    # Halves of surrogate pairs: JSON carries them, no database stores them.
    ("title", line(title=HALF)),
    ("body", line(body=HALF)),
    ("external_id", line(external_id=HALF)),
    ("place", line(place=HALF)),
    ("source", line(source=HALF)),
    ("language", line(language=HALF)),
    ("gone_reason", line(gone_reason=HALF)),
    ("author.pseudonym", line(author={"pseudonym": HALF})),
    ("author.code", line(author={"code": HALF})),
    ("replies[0].body", line(replies=reply(body=HALF))),
    ("replies[0].external_id", line(replies=reply(external_id=HALF))),
    ("replies[0].signed_as", line(replies=reply(signed_as=HALF))),
    ("countries", line(countries=[HALF])),
    ("tags", line(tags=[HALF])),
    ("kind", line(kind=HALF)),
    ("confirmations[0].kind", line(confirmations=[{"kind": HALF, "at": "2026-01-01"}])),
    # Days that cannot be shown in another time zone.
    ("created_at", line(created_at=EARLY)),
    ("created_at", line(created_at=LATE)),
    ("created_at", line(created_at="1989-12-31")),
    ("published_at", line(published_at=EARLY)),
    ("validity_until", line(validity_until=LATE)),
    ("validity_until", line(validity_until="2201-01-01")),
    ("validity_until", line(validity_until=EARLY)),
    ("gone_at", line(gone_at=EARLY)),
    ("replies[0].created_at", line(replies=reply(created_at=EARLY))),
    ("confirmations[0].at", line(confirmations=[{"kind": "worked", "at": EARLY}])),
    ("confirmations[0].day", line(confirmations=[{"kind": "worked", "at": "2026-01-01", "day": EARLY}])),
    # Texts that nobody can see.
    ("title", line(title="\u200b\u2060")),
    ("body", line(body="\u3164")),
    # Broken JSON, and JSON that breaks a reader.
    ("line", b"{"),
    ("line", b"\xff\xfe"),
    ("line", b"[" * 100_000),
    ("line", b'{"a":' * 100_000),
    ("line", b'{"external_id":' + b"9" * 5_000 + b"}"),
    ("external_id", b'{"external_id": NaN, "title": "T", "body": "B"}'),
    ("external_id", b'{"external_id": 1e999, "title": "T", "body": "B"}'),
]


@pytest.mark.parametrize(("field", "raw"), EVIL, ids=[f"{number}-{field}" for number, (field, _raw) in enumerate(EVIL)])
def test_an_evil_line_is_named_and_the_good_ones_around_it_are_stored(field: str, raw: bytes) -> None:
    told: list[str] = []
    before, after = json.dumps(GOOD).encode(), json.dumps(GOOD | {"external_id": "good2"}).encode()
    counts = ImportingRun(source="evil", publish=True, tell=told.append).run(io.BytesIO(b"\n".join([before, raw, after])))
    assert (counts.read, counts.created, counts.refused) == (3, 2, 1)
    assert told[0].startswith(f"line 2: {field}: ")
    assert sorted(Post.objects.values_list("external_id", flat=True)) == ["good", "good2"]
    assert Topic.objects.count() == 2
    assert not Confirmation.objects.exists()


def test_forged_rights_in_a_line_are_not_read() -> None:
    raw = line(realm="live", author_id=1, is_staff=True, role="administrator", signed_as="Minister", visibility="staff", revision=99, hidden=True)
    ImportingRun(source="evil", publish=True).run(io.BytesIO(raw))
    post = Post.objects.select_related("author", "topic").get()
    assert post.author.archive_source == "evil"
    assert not post.author.is_active
    assert not post.author.grants.exists()
    assert (post.signed_as, post.topic.visibility) == ("", "public")


def test_what_was_merged_does_not_wait_in_the_queue() -> None:
    lines = [line(external_id="a"), line(external_id="b", status="merged", merged_into="a")]
    for _ in range(2):
        ImportingRun(source="evil", publish=True).run(io.BytesIO(b"\n".join(lines)))
        assert dict(Post.objects.values_list("external_id", "status")) == {"a": "published", "b": "merged"}
        assert not ReviewItem.objects.exclude(state="decided").exists()
        assert list(review_faults()) == []
    merged = Decision.objects.filter(item__post__external_id="b").order_by("pk")
    assert [decision.to_status for decision in merged] == ["pending", "merged"]


def test_without_publish_no_line_is_seen_and_no_decision_is_forged() -> None:
    ImportingRun(source="evil").run(io.BytesIO(line()))
    assert Post.objects.get().status == "pending"
    assert ReviewItem.objects.count() == 1
    assert not Decision.objects.exclude(automated=True).exists()
