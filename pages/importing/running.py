"""A run of `import_posts`: reads line by line, writes in transactions of at most 500 lines, may be stopped and run again."""

import gc
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.services import system_user
from forum.enums import PostStatus
from forum.models import ForumTag, ImportRun, Post, Topic
from forum.placing import read_places
from forum.services import StatusNotAllowed, apply_status
from pages.importing.authors import Authors
from pages.importing.decisions import RunDecision, close_item
from pages.importing.inserting import Inserter, Target
from pages.importing.lines import OWN_SOURCE, BadLine, TopicLine, read_line
from pages.importing.tags import learn
from pages.importing.updating import find_known, update_line
from search.tasks import sync_topic

BATCH_LINES = 500
BATCH_POSTS = 2_000
LONGEST_LINE = 16 * 1_048_576
LANGUAGE_OF_PLACES = "fr"


class StoppedAtBadLine(Exception):
    """With --strict the first bad line ends the run; what came before its batch is stored."""


@dataclass(slots=True)
class Counts:
    """What a run did."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    posts: int = 0


def read_raw(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line) of every line that is not blank; None for one that is longer than a line may be."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
            yield number, None
        elif raw.strip():
            yield number, raw


@contextmanager
def collected_by_hand() -> Iterator[None]:
    """Leave the search for cyclic garbage to the end of each batch: while one is built nearly everything is in use, and looking through
    the whole process for the rest costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


class ImportingRun:
    """One run: its options, and its counts. Merges wait in a file until its end."""

    def __init__(
        self,
        *,
        source: str,
        publish: bool = False,
        basis: str = "",
        keep_authors: bool = False,
        strict: bool = False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.source, self.publish, self.strict, self.tell = source, publish, strict, tell
        self.counts = Counts()
        # What is new has a higher primary key: so the index finds it without comparing everything.
        self.topics_before = Topic.objects.aggregate(last=Max("pk"))["last"] or 0
        self.row = ImportRun.objects.create(source=source, basis=basis, kept_authors=keep_authors)
        facts = f"import_posts, source {source}" + (f", basis: {basis}" if basis else "")
        self._parent = RunDecision(actor=system_user(), facts=facts)
        self._inserter = Inserter(authors=Authors(keep_names=keep_authors), publish=publish, parent=self._parent)
        self._tags = frozenset(ForumTag.objects.values_list("slug", flat=True))

    def run(self, stream: IO[bytes]) -> Counts:
        """Read and store everything. Raises StoppedAtBadLine when strict."""
        try:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as merges, collected_by_hand():
                self._read(stream, merges)
                self._merge(merges)
        finally:
            self.row.finished_at = timezone.now()
            self._save_counts()
        return self.counts

    def _read(self, stream: IO[bytes], merges: IO[str]) -> None:
        batch: list[TopicLine] = []
        named: set[tuple[str, str]] = set()
        posts = 0
        for number, raw in read_raw(stream):
            self.counts.read += 1
            line = self._line(raw, number)
            if line is None:
                continue
            ids = {(line.source, post.external_id) for post in line.posts}
            # The same id twice is an update of the first: it must be stored before the second is read against it.
            if batch and (len(batch) >= BATCH_LINES or posts + len(ids) > BATCH_POSTS or ids & named):
                self._write(batch, merges)
                batch, named, posts = [], set(), 0
                gc.collect()
            batch.append(line)
            named |= ids
            posts += len(ids)
        if batch:
            self._write(batch, merges)

    def _line(self, raw: bytes | None, number: int) -> TopicLine | None:
        try:
            if raw is None:
                raise BadLine("line", f"is longer than {LONGEST_LINE} bytes")
            return self._placed(read_line(raw, number, source=self.source, tags=self._tags))
        except BadLine as bad:
            self._refuse(number, bad)
            return None

    @staticmethod
    def _placed(line: TopicLine) -> TopicLine:
        """A line without a country takes that of its place, where the place is certain, as the form does."""
        text = line.first.text
        if text.countries or not text.place:
            return line
        found = read_places(text.place, LANGUAGE_OF_PLACES)
        return line if found.question or not found.codes else replace(line, first=replace(line.first, text=replace(text, countries=found.codes)))

    def _refuse(self, number: int, bad: BadLine) -> None:
        self.counts.refused += 1
        self.tell(f"line {number}: {bad}")
        if self.strict:
            raise StoppedAtBadLine(f"line {number}: {bad}")

    @transaction.atomic
    def _write(self, batch: list[TopicLine], merges: IO[str]) -> None:
        self._learn_tags(batch)
        known = find_known(batch)
        targets: list[Target] = []
        for line in batch:
            try:
                targets += self._target(line, known)
            except BadLine as bad:
                self._refuse(line.number, bad)
                continue
            if line.merged_into and self.publish:
                merges.write(json.dumps([line.number, line.source, line.first.external_id, line.merged_into]) + "\n")
        self.counts.posts += self._inserter.insert(targets) if targets else 0
        for target in targets:
            if target.topic is not None:
                # Its new replies raised the revision: the index must hear of it, as it does of an update.
                sync_topic.enqueue(target.topic.pk, target.topic.revision + 1)
        self._save_counts()
        self.tell(f"{self.counts.read} lines read, {self.counts.created} new, {self.counts.updated} updated, {self.counts.refused} refused")

    def _learn_tags(self, batch: list[TopicLine]) -> None:
        words = {slug: names for line in batch for slug, names in line.tag_words.items() if slug not in self._tags}
        if words:
            learn(words)
            self._tags |= words.keys()

    def _target(self, line: TopicLine, known: dict[tuple[str, str], Post]) -> list[Target]:
        """Return what must be inserted for a line; a known topic is updated here."""
        if (line.source, line.first.external_id) not in known:
            if taken := [reply.external_id for reply in line.replies if (line.source, reply.external_id) in known]:
                raise BadLine("replies", f"external_id {taken[0][:40]!r} is that of another topic")
            self.counts.created += 1
            return [Target(line)]
        with transaction.atomic():
            changed = update_line(line, known, publish=self.publish, parent=self._parent)
        if changed.updated or changed.new_replies:
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1
        return [Target(line, changed.topic, changed.new_replies)] if changed.new_replies else []

    def _merge(self, merges: IO[str]) -> None:
        """Tie merged topics to their targets, which may have come later in the file."""
        merges.seek(0)
        for text in merges:
            number, source, external_id, target = json.loads(text)
            try:
                self._merge_one(source, external_id, target)
            except BadLine as bad:
                self._refuse(number, bad)

    @staticmethod
    def _find(source: str, external_id: str) -> Post | None:
        first = Post.objects.first_posts().select_related("topic")
        found: Post | None = first.filter(source=source, external_id=external_id).first()
        if found is None and source == OWN_SOURCE:
            found = first.filter(topic__public_id=external_id).first()
        return found

    def _merge_one(self, source: str, external_id: str, target: str) -> None:
        post, into = self._find(source, external_id), self._find(source, target)
        if post is None or into is None:
            raise BadLine("merged_into", f"there is no topic {target[:40]!r}")
        topic: Topic = into.topic
        if post.status == PostStatus.MERGED and post.merged_into_id == topic.pk:
            return
        before = post.status
        try:
            with transaction.atomic():
                apply_status(post=post, status=PostStatus.MERGED, merged_into=topic)
                close_item(post, self._parent, before=before)
        except StatusNotAllowed:
            raise BadLine("merged_into", "is the topic itself") from None

    def _save_counts(self) -> None:
        counts = self.counts
        self.row.lines_read, self.row.lines_refused = counts.read, counts.refused
        self.row.lines_written = counts.created + counts.updated
        self.row.save()
