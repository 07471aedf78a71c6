"""Fills an empty database with N consistent posts in bulk: topics, posts, versions, list rows, review items, decisions with their chain.

Texts are rendered, screened and dated by the site's own code (bench/texts.py); only their rows are written past it. One post in ten waits
for review, the others were approved. `manage.py check_data` and `check_audit` pass afterwards (tests/bench/test_filling.py).
"""

import random
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from django.utils import timezone

from accounts.identifiers import ID_LENGTH, TOPIC_ID_LENGTH
from accounts.models import User
from bench.bulk import Table, bare, finish, scattered, write
from bench.reviewing import Reviewing
from bench.texts import REASON, Made, Texts
from crisis.publication import raise_generation
from forum.enums import Kind, PostStatus
from forum.models import Confirmation, ForumListing, ImportRun, Post, PostVersion, Topic, VersionCountry, VersionNeed
from forum.services.shown import copy_text
from forum.texts import make_slug
from forum.validity import life_of

SPAN = timedelta(days=60)
BATCH_POSTS = 5_000
# From here on it is faster to make the indexes at the end.
MANY = 10_000
WAITING_EACH = 10
GONE_EACH = 80
REPLIES = [0, 1, 2, 3, 4, 8]
# The row of ImportRun that says that a database is full, and what it took.
MARK = "grown"


class NotEmpty(Exception):
    """The database holds posts, and is no finished filling of this size."""


@dataclass(slots=True)
class Written:
    """A post on its way into the database, with the text that it holds."""

    made: Made
    about: Made
    author: User
    at: datetime
    public: bool
    title: str = ""
    content_hash: str = ""
    gone_at: datetime | None = None
    dates: dict[str, Any] = field(default_factory=dict)
    pk: int = 0
    version: int = 0

    def date(self, confirmed_at: datetime | None = None) -> None:
        """Set the dates of a public post from its publication or its last confirmation (`forum.services.shown.set_validity`)."""
        life = life_of(self.made.text.kind, self.about.text.needs)
        check_from = (confirmed_at or self.at) + life
        self.dates = {"last_confirmed_at": confirmed_at, "check_from": check_from, "stale_from": check_from + life, "gone_at": self.gone_at}


class Filling:
    """One run. Holds the rows of a batch; memory does not grow with N."""

    def __init__(self, posts: int, *, now: datetime | None = None) -> None:
        self.posts, self.written, self.topics_made = posts, 0, 0
        self.now = (now or timezone.now()).astimezone(UTC).replace(microsecond=0)
        self.texts, self.chance = Texts(posts), random.Random(7)
        self.people = self._people()
        self._topics, self._posts, self._versions = Table(Topic), Table(Post), Table(PostVersion)
        self._countries, self._needs, self._listings, self._words = (
            Table(VersionCountry),
            Table(VersionNeed),
            Table(ForumListing),
            Table(Confirmation),
        )
        self._reviewing = Reviewing(moderators=[user.audit_ref for user in self.people[:12]])
        self.tables = [self._topics, self._posts, self._versions, self._countries, self._needs, self._listings, self._words, *self._reviewing.tables]
        self._post = self._posts.pattern(Post(created_at=self.now))
        self._listing = self._listings.pattern(ForumListing(newest_at=self.now, confirmed_at=self.now))
        self._word = self._words.pattern(Confirmation(kind="worked", happened_date=self.now.date()))
        self._country, self._need = self._countries.pattern(VersionCountry(position=0)), self._needs.pattern(VersionNeed(position=0))
        # Of each text the row of its version, and of each first text that of its topic: what is the same in all copies.
        everything = [*self.texts.first, *(made for replies in self.texts.replies.values() for made in replies)]
        self._version = {id(made): self._versions.pattern(made.version) for made in everything}
        self._topic = {id(made): self._topics.pattern(self._public_copy(made)) for made in self.texts.first}
        self._waiting_topic = self._topics.pattern(Topic(status=PostStatus.PENDING))

    def _people(self) -> list[User]:
        count, spoken = max(self.posts // 100, 40), ("fr", "nl", "fr", "nl", "en", "de")
        names = [f"grown{number}" for number in range(count)]
        people = [
            User(email=f"{name}@example.org", password="!", language=spoken[n % 6], pseudonym=name.title(), pseudonym_key=name)
            for n, name in enumerate(names)
        ]
        return User.objects.bulk_create(people, batch_size=500)

    def _public_copy(self, made: Made) -> Topic:
        topic = Topic(status=PostStatus.PUBLISHED)
        copy_text(topic, Post(published_at=self.now), made.version, made.text, [])
        return topic

    def run(self) -> None:
        """Write all posts in transactions of some thousand, oldest first, as a site would have grown."""
        with bare(self.tables) if self.posts >= MANY else nullcontext():
            flushed = 0
            while self.written < self.posts:
                self._add_topic()
                if self.written - flushed >= BATCH_POSTS:
                    write(self.tables)
                    flushed = self.written
            write(self.tables)
        finish(self.tables)

    def _waits(self) -> bool:
        return self.written % WAITING_EACH == WAITING_EACH - 1

    def _at(self) -> datetime:
        part = self.written / max(self.posts, 1)
        # Nothing lies in the future: replies and confirmations follow within a day.
        return self.now - timedelta(days=1) - timedelta(seconds=int((1 - part) * SPAN.total_seconds()))

    def _add_topic(self) -> None:
        topic, made, at = self._topics.new_pk(), self.chance.choice(self.texts.first), self._at()
        self.topics_made += 1
        title = f"{made.text.title[:130]} {self.topics_made}"
        first = Written(
            made,
            made,
            self.chance.choice(self.people),
            at,
            public=not self._waits(),
            title=title,
            content_hash=replace(made.text, title=title).content_hash(),
        )
        if first.public and self.topics_made % GONE_EACH == 0:
            first.gone_at = at + timedelta(hours=20)
        first.date()
        confirmed = first.public and made.text.kind != Kind.QUESTION and self.chance.random() < 0.3
        if confirmed:
            first.date(at + timedelta(minutes=self.chance.randint(60, 1200)))
        self._add_post(first, topic, is_first=True)
        replies = [self._add_reply(topic, first, number) for number in range(self._reply_count() if first.public else 0)]
        if confirmed:
            self._add_word(first)
        answers = [reply for reply in replies if reply.public and made.text.kind == Kind.QUESTION]
        self._add_public(topic, first, sum(reply.public for reply in replies), answers[0] if answers and self.chance.random() < 0.5 else None)

    def _reply_count(self) -> int:
        return min(self.chance.choice(REPLIES), self.posts - self.written)

    def _add_reply(self, topic: int, first: Written, number: int) -> Written:
        made = self.chance.choice(self.texts.replies[str(first.made.text.language)])
        at = first.at + timedelta(minutes=7 * (number + 1))
        reply = Written(made, first.made, self.chance.choice(self.people), at, public=not self._waits(), content_hash=made.version.content_hash)
        reply.date()
        self._add_post(reply, topic, is_first=False)
        return reply

    def _add_post(self, post: Written, topic: int, *, is_first: bool) -> None:
        post.pk, post.version = self._posts.new_pk(), self._versions.new_pk()
        values: dict[str, Any] = {"status": PostStatus.PENDING}
        if post.public:
            values = {"status": PostStatus.PUBLISHED, "live_version_id": post.version, "published_at": post.at, **post.dates}
        self._posts.add(self._post, id=post.pk, public_id=scattered(post.pk, ID_LENGTH), topic_id=topic, author_id=post.author.pk,
                        is_first=is_first, latest_version_id=post.version, created_at=post.at, **values)  # fmt: skip
        self._versions.add(self._version[id(post.made)], id=post.version, post_id=post.pk, title=post.title, content_hash=post.content_hash,
                           created_at=post.at)  # fmt: skip
        for position, code in enumerate(post.made.text.countries):
            self._countries.add(self._country, id=self._countries.new_pk(), version_id=post.version, country_id=code, position=position)
        for position, need in enumerate(post.made.text.needs):
            self._needs.add(self._need, id=self._needs.new_pk(), version_id=post.version, need=need, position=position)
        self._reviewing.add(post)
        self.written += 1

    def _add_word(self, post: Written) -> None:
        said, pk = post.dates["last_confirmed_at"], self._words.new_pk()
        self._words.add(self._word, id=pk, public_id=scattered(pk, ID_LENGTH), post_id=post.pk, user_id=self.chance.choice(self.people).pk,
                        happened_date=timezone.localtime(said).date(), created_at=said)  # fmt: skip

    def _add_public(self, topic: int, first: Written, replies: int, answer: Written | None) -> None:
        """Write the topic with what the world sees of it, and its list rows."""
        own = {"id": topic, "public_id": scattered(topic, TOPIC_ID_LENGTH), "author_id": first.author.pk}
        if not first.public:
            self._topics.add(self._waiting_topic, **own)
            return
        shown = {**(answer.dates if answer else first.dates), "gone_at": first.gone_at}
        confirmed = shown["last_confirmed_at"]
        self._topics.add(self._topic[id(first.made)], **own, title=first.title, slug=make_slug(first.title), published_at=first.at,
                         updated_at=first.at, reply_count=replies, worked_count=int(confirmed is not None), answer_id=answer.pk if answer else None,
                         revision=2 + replies, gone_reason=REASON if first.gone_at else "", **shown)  # fmt: skip
        del shown["last_confirmed_at"]
        text = first.made.text
        for code in ("", *text.countries):
            for need in ("", *text.needs):
                self._listings.add(self._listing, id=self._listings.new_pk(), topic_id=topic, country_code=code, need=need, kind=text.kind,
                                   language=text.language, answered=answer is not None, newest_at=first.at, confirmed_at=confirmed or first.at,
                                   **shown)  # fmt: skip


def fill_once(posts: int) -> str:
    """Fill an empty database, or return what filling it took before. Raises NotEmpty when it holds something else."""
    done = ImportRun.objects.filter(source=MARK, lines_written=posts, finished_at__isnull=False).first()
    if done is not None:
        return done.basis
    if Post.objects.exists():
        raise NotEmpty(f"this database holds posts that are no finished filling of {posts}: remove it and run again")
    began, used = timezone.now(), process_time()
    filling = Filling(posts)
    filling.run()
    # What the public sees is another now, as after every service that publishes.
    raise_generation()
    seconds = (timezone.now() - began).total_seconds()
    line = f"{filling.written} posts in {seconds:.1f} s: {filling.written / seconds:,.0f} posts/s ({process_time() - used:.1f} s of this processor)"
    ImportRun.objects.create(source=MARK, basis=line, lines_written=filling.written, finished_at=timezone.now())
    return line
