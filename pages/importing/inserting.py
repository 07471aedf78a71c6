"""New topics of an archive, stored in bulk: some twenty statements a batch, whatever its number of lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from accounts.identifiers import ALPHABET, ID_LENGTH, TOPIC_ID_LENGTH, new_topic_id
from accounts.models import User
from crisis.publication import raise_generation
from forum.enums import PUBLIC_STATUSES, ConfirmationKind, Kind, PostStatus, VersionOrigin
from forum.models import Confirmation, ForumListing, ForumTag, Post, PostVersion, TaggedVersion, Topic, VersionCountry, VersionNeed
from forum.services.publication import KEEPS_LIVE_TEXT
from forum.services.shown import copy_text, listing_rows
from forum.services.versions import build_version, country_rows, need_rows
from forum.visibility import restrictions
from pages.importing.authors import Authors, status_of
from pages.importing.dating import date_post
from pages.importing.decisions import RunDecision, review_item, write_in_bulk
from pages.importing.lines import OWN_SOURCE, Author, ConfirmationLine, PostLine, TopicLine

CHUNK = 500
T = TypeVar("T")


@dataclass(slots=True)
class Row:
    """One post on its way into the database."""

    line: PostLine
    topic: Topic
    post: Post
    version: PostVersion
    status: str
    codes: Sequence[str]
    needs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Target:
    """Where and as what a line is stored; `topic` None makes a new one."""

    line: TopicLine
    topic: Topic | None = None
    replies: tuple[PostLine, ...] = ()


def _counted(line: TopicLine, kind: str) -> int:
    """Return how many people said so: in an export of this site visitors together are one (forum.services.confirming); an archive has no accounts."""
    words = [word for word in line.confirmations if word.kind == kind]
    if line.source != OWN_SOURCE:
        return len(words)
    members = sum(bool(word.by) for word in words)
    return members + (len(words) > members)


class Inserter:
    """Stores lines that are new. One object serves a whole run."""

    def __init__(self, *, authors: Authors, publish: bool, parent: RunDecision) -> None:
        self._authors, self._publish, self._parent = authors, publish, parent

    def insert(self, targets: Sequence[Target]) -> int:
        """Store topics with everything under them, and new replies of topics that are there. Returns how many posts."""
        asked = restrictions()
        fresh: list[Topic] = []
        rows: list[Row] = []
        words: list[tuple[Row, TopicLine]] = []
        for target in targets:
            made = list(self._rows(target, asked))
            rows += made
            if target.topic is None:
                fresh.append(made[0].topic)
                words.append((self._shown(made), target.line))
        give_free_ids(fresh)
        Topic.objects.bulk_create(fresh, batch_size=CHUNK)
        Post.objects.bulk_create([row.post for row in rows], batch_size=CHUNK)
        self._write_versions(rows)
        self._write_status(rows)
        self._write_words(words)
        self._write_answers(rows)
        ForumListing.objects.bulk_create([listed for topic in fresh if topic.status in PUBLIC_STATUSES for listed in listing_rows(topic)])
        self._write_reply_counts(rows, {topic.pk for topic in fresh})
        items = [review_item(r.post, r.version, r.topic, r.status, r.codes, r.needs) for r in rows if r.status != PostStatus.DRAFT]
        write_in_bulk(items, self._parent)
        raise_generation()
        return len(rows)

    def _rows(self, target: Target, asked: Any) -> Iterator[Row]:
        line, topic = target.line, target.topic
        if topic is None:
            first = self._first(line, asked)
            topic = first.topic
            yield first
        for reply in line.replies if target.topic is None else target.replies:
            yield self._post(reply, topic, line, is_first=False, codes=topic.country_codes or [], needs=topic.needs or [])

    def _first(self, line: TopicLine, asked: Any) -> Row:
        status = status_of(line.first.status, publish=self._publish)
        # A merge needs its target, which may come later in the file: it waits as pending until the end of the run.
        status = PostStatus.PENDING.value if status == PostStatus.MERGED else status
        topic = Topic(author=self._author(line.first, line), status=status, revision=1)
        if line.source == OWN_SOURCE and _is_id(line.first.external_id, TOPIC_ID_LENGTH):
            topic.public_id = line.first.external_id
        text = line.first.text
        row = self._post(line.first, topic, line, is_first=True, codes=text.countries, needs=text.needs)
        if row.post.published_at is not None:
            copy_text(topic, row.post, row.version, text, asked)
            topic.gone_reason = line.gone_reason if topic.gone_at else ""
            topic.updated_at = timezone.now()
            self._date_topic(topic, row, line)
        return row

    def _author(self, post: PostLine, line: TopicLine) -> User:
        return self._authors.of(post.author, line.source)

    def _post(self, line: PostLine, topic: Topic, whole: TopicLine, *, is_first: bool, codes: Sequence[str], needs: Sequence[str]) -> Row:
        status = topic.status if is_first else status_of(line.status, publish=self._publish)
        own = whole.source == OWN_SOURCE
        post = Post(
            topic=topic,
            author=self._author(line, whole),
            is_first=is_first,
            status=PostStatus.PENDING,
            source=whole.source,
            external_id=line.external_id,
            created_at=line.created_at,
            # A ministry's answer is believed from an export of this site alone.
            signed_as=line.signed_as if own else "",
        )
        if own and not is_first and _is_id(line.external_id, ID_LENGTH):
            post.public_id = line.external_id
        if status in KEEPS_LIVE_TEXT and status != PostStatus.MERGED:
            post.published_at = line.published_at or line.created_at
            post.gone_at = line.gone_at
            shown = not self._is_answered(whole) if is_first else topic.kind == Kind.QUESTION and self._accepts(line)
            dating = date_post(
                kind=line.text.kind,
                needs=needs,
                published_at=post.published_at,
                validity_until=line.text.validity_until,
                words=whole.confirmations if shown else (),
                trusted=own,
            )
            post.last_confirmed_at, post.check_from, post.stale_from = dating.last_confirmed_at, dating.check_from, dating.stale_from
        version = build_version(line.text, origin=VersionOrigin.IMPORT, number=1, created_at=line.created_at)
        return Row(line, topic, post, version, status, codes, needs)

    def _is_answered(self, line: TopicLine) -> bool:
        """Say whether readers' words belong to another post than the first one: the accepted answer."""
        return line.first.text.kind == Kind.QUESTION and any(self._accepts(reply) for reply in line.replies)

    def _accepts(self, reply: PostLine) -> bool:
        return reply.is_answer and status_of(reply.status, publish=self._publish) == PostStatus.PUBLISHED and not reply.gone_at

    @staticmethod
    def _date_topic(topic: Topic, row: Row, line: TopicLine) -> None:
        topic.last_confirmed_at, topic.check_from, topic.stale_from = row.post.last_confirmed_at, row.post.check_from, row.post.stale_from
        topic.worked_count = _counted(line, ConfirmationKind.WORKED)
        topic.not_true_count = _counted(line, ConfirmationKind.NOT_TRUE)

    @staticmethod
    def _shown(rows: Sequence[Row]) -> Row:
        """Return the post that readers' words are about: the accepted answer of a question, else the first."""
        first = rows[0]
        if first.line.text.kind == Kind.QUESTION:
            answers = [row for row in rows[1:] if row.line.is_answer and row.status == PostStatus.PUBLISHED and not row.post.gone_at]
            return answers[0] if answers else first
        return first

    @staticmethod
    def _write_versions(rows: Sequence[Row]) -> None:
        for row in rows:
            row.version.post = row.post
        PostVersion.objects.bulk_create([row.version for row in rows], batch_size=CHUNK)
        texts = [(row.version, row.line.text) for row in rows]
        VersionCountry.objects.bulk_create([made for version, text in texts for made in country_rows(version, text)], batch_size=CHUNK)
        VersionNeed.objects.bulk_create([made for version, text in texts for made in need_rows(version, text)], batch_size=CHUNK)
        slugs = {slug for _version, text in texts for slug in text.tags}
        tags = ForumTag.objects.in_bulk(slugs, field_name="slug") if slugs else {}
        tagged = [TaggedVersion(tag=tags[slug], content_object=version) for version, text in texts for slug in text.tags if slug in tags]
        TaggedVersion.objects.bulk_create(tagged, batch_size=CHUNK)

    @staticmethod
    def _write_status(rows: Sequence[Row]) -> None:
        """Point posts at their versions, then give each its status: a readable one needs its text first."""
        own = PostVersion.objects.filter(post=OuterRef("pk"), number=1).values("pk")[:1]
        for part in _parts([row.post.pk for row in rows]):
            Post.objects.filter(pk__in=part).update(latest_version=Subquery(own))
        by_status: dict[str, list[int]] = {}
        for row in rows:
            row.post.latest_version, row.post.status = row.version, row.status
            by_status.setdefault(row.status, []).append(row.post.pk)
        for status, pks in sorted(by_status.items()):
            live = {"live_version": F("latest_version")} if status in KEEPS_LIVE_TEXT else {}
            for part in _parts(pks):
                Post.objects.filter(pk__in=part).update(status=status, **live)

    def _reader(self, word: ConfirmationLine, line: TopicLine) -> User | None:
        """Return the account of a member whose word an export of this site holds; others count as visitors."""
        return self._authors.of(Author(code=word.by), line.source) if word.by and line.source == OWN_SOURCE else None

    def _write_words(self, words: Iterable[tuple[Row, TopicLine]]) -> None:
        Confirmation.objects.bulk_create(
            [
                Confirmation(post=row.post, user=self._reader(word, line), kind=word.kind, happened_date=word.day, created_at=word.at)
                for row, line in words
                for word in line.confirmations
                # What the public no longer sees kept the words of its readers; what it never saw has none.
                if row.status == PostStatus.PUBLISHED or (line.source == OWN_SOURCE and row.post.published_at is not None)
            ],
            batch_size=CHUNK,
        )

    def _write_answers(self, rows: Sequence[Row]) -> None:
        """Mark the accepted answers, whose dates their questions show."""
        answered: list[Topic] = []
        for row in rows:
            topic = row.topic
            if not row.post.is_first and topic.kind == Kind.QUESTION and topic.answer_id is None and self._accepts(row.line):
                topic.answer = row.post
                topic.last_confirmed_at, topic.check_from, topic.stale_from = row.post.last_confirmed_at, row.post.check_from, row.post.stale_from
                answered.append(topic)
        if answered:
            Topic.objects.bulk_update(answered, ["answer", "last_confirmed_at", "check_from", "stale_from"], batch_size=CHUNK)

    @staticmethod
    def _write_reply_counts(rows: Sequence[Row], fresh: set[int]) -> None:
        counts: dict[int, int] = {}
        for row in rows:
            if not row.post.is_first and row.status == PostStatus.PUBLISHED:
                counts[row.topic.pk] = counts.get(row.topic.pk, 0) + 1
        by_count: dict[int, list[int]] = {}
        for pk, count in counts.items():
            by_count.setdefault(count, []).append(pk)
        for count, pks in sorted(by_count.items()):
            for part in _parts(pks):
                Topic.objects.filter(pk__in=part).update(reply_count=F("reply_count") + count, revision=F("revision") + 1)


def give_free_ids(topics: Sequence[Topic]) -> None:
    """Give another id to each unsaved topic whose random one is taken: among 25,000 ids of six characters two are alike one time in four."""
    clashing = list(topics)
    while clashing:
        taken = set(Topic.objects.filter(public_id__in=[topic.public_id for topic in clashing]).values_list("public_id", flat=True))
        unsettled = {id(topic) for topic in clashing}
        seen = {topic.public_id for topic in topics if id(topic) not in unsettled}
        again = []
        for topic in clashing:
            if topic.public_id in taken or topic.public_id in seen:
                topic.public_id = new_topic_id()
                again.append(topic)
            seen.add(topic.public_id)
        clashing = again


def _is_id(text: str, length: int) -> bool:
    return len(text) == length and not set(text) - set(ALPHABET)


def _parts(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
