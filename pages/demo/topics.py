"""Loads topics with their replies, confirmations and decisions, each at its moment in the past."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import Realm
from accounts.models import User
from crisis.models import Crisis
from forum.enums import ConfirmationKind, PostStatus
from forum.models import ForumTag, Post, Topic
from forum.services import accept_answer, confirm_post, create_reply, create_topic, withdraw_post
from forum.services.confirming import AlreadyConfirmed
from forum.texts import PostText
from moderation.enums import Action, Ground
from pages.demo.clock import age, happening
from pages.demo.content import Content
from pages.demo.deciding import Desk

SOURCE = "demo"
# How long a text waits for its moderator in the demonstration.
READ_AFTER = timedelta(minutes=9)
DECIDED_BY: dict[str, Action] = {
    PostStatus.CHANGES_REQUESTED: Action.REQUEST_CHANGES,
    PostStatus.REJECTED: Action.REJECT,
    PostStatus.SPAM: Action.SPAM,
    PostStatus.MERGED: Action.MERGE,
    PostStatus.HIDDEN: Action.HIDE,
    PostStatus.ARCHIVED: Action.ARCHIVE,
}
# What was public first.
ONCE_PUBLISHED = frozenset({PostStatus.PUBLISHED, PostStatus.HIDDEN, PostStatus.ARCHIVED, PostStatus.WITHDRAWN})


@dataclass(slots=True)
class Loader:
    """What the steps share."""

    people: Mapping[str, User]
    crises: Mapping[str, Crisis]
    desk: Desk
    now: datetime
    topics: dict[str, Topic] = field(default_factory=dict)

    def load(self, content: Content) -> int:
        """Load every topic; those that were merged come last, when their target stands. Returns how many posts were written."""
        rows = sorted(content.topics, key=lambda row: row["merged_into"] is not None)
        return sum(self._topic(row) for row in rows)

    def _topic(self, row: dict[str, Any]) -> int:
        written = self.now - age(row["age"])
        with happening(written):
            post = create_topic(
                actor=self.people[row["author"]],
                text=self._text(row, written),
                realm=Realm.DEMO,
                source=SOURCE,
                external_id=row["external_id"],
                created_at=written,
            )
        self.topics[row["external_id"]] = post.topic
        if row["status"] in ONCE_PUBLISHED:
            post = self.desk.approve_post(post, at=written + READ_AFTER)
        answer = self._replies(row, post)
        self._confirmations(row, answer or post)
        self._outcome(row, post)
        return 1 + len(row["replies"])

    def _text(self, row: dict[str, Any], written: datetime) -> PostText:
        crisis = self.crises.get(row.get("crisis") or "")
        return PostText(
            body=row["body"],
            title=row.get("title", ""),
            kind=row.get("kind", ""),
            language=row["language"],
            countries=row.get("countries", []),
            place=row.get("place") or "",
            needs=row.get("needs", []),
            tags=row.get("tags", []),
            crisis_id=crisis.pk if crisis else None,
            validity_until=written + age(row["validity_in"]) if row.get("validity_in") else None,
        )

    def _replies(self, row: dict[str, Any], first: Post) -> Post | None:
        """Write the replies; return the one that was accepted as answer."""
        answer = None
        for reply in sorted(row["replies"], key=lambda reply: -age(reply["age"])):
            written = self.now - age(reply["age"])
            with happening(written):
                post = create_reply(
                    actor=self.people[reply["author"]],
                    topic=first.topic,
                    text=self._text(reply, written),
                    source=SOURCE,
                    external_id=reply["external_id"],
                    created_at=written,
                )
            read_at = min(written + READ_AFTER, self.now)
            if reply["status"] in ONCE_PUBLISHED:
                post = self.desk.approve_post(post, at=read_at)
            if reply["status"] in DECIDED_BY:
                decision = reply.get("decision") or {}
                ground = decision.get("ground", Ground.PERSONAL_DATA)
                self.desk.against(post, DECIDED_BY[reply["status"]], at=read_at, ground=ground, facts=decision.get("note", ""))
            if reply["is_answer"]:
                with happening(read_at):
                    accept_answer(actor=first.author, answer=post)
                answer = post
        return answer

    def _confirmations(self, row: dict[str, Any], post: Post) -> None:
        for said in sorted(row["confirmations"], key=lambda said: -age(said["age"])):
            at = self.now - age(said["age"])
            actor = self.people[said["author"]] if said["author"] else None
            with happening(at):
                self._confirm(post, ConfirmationKind(said["kind"]), actor)

    def _confirm(self, post: Post, kind: ConfirmationKind, actor: User | None) -> None:
        """Confirm today; who spoke today already (ages that fall on one day, by the hour of loading) speaks of yesterday."""
        today = timezone.localdate()
        try:
            confirm_post(post=post, kind=kind, happened_date=today, actor=actor, created_at=timezone.now())
        except AlreadyConfirmed:
            confirm_post(post=post, kind=kind, happened_date=today - timedelta(days=1), actor=actor, created_at=timezone.now())

    def _outcome(self, row: dict[str, Any], post: Post) -> None:
        if row["mark_dangerous"]:
            at = self.now - min(age(row["age"]) / 2, timedelta(days=2))
            self.desk.against(post, Action.MARK_DANGEROUS, at=at, ground=Ground.DANGER, facts=row["mark_dangerous"])
        if row["status"] == PostStatus.WITHDRAWN:
            with happening(self.now - age(row["age"]) / 2):
                withdraw_post(actor=post.author, post=post)
        if action := DECIDED_BY.get(row["status"]):
            decision = row["decision"] or {}
            at = max(self.now - age(decision["age"]), self.now - age(row["age"]) + READ_AFTER + timedelta(minutes=1))
            target = self.topics.get(row["merged_into"] or "")
            self.desk.against(post, action, at=at, ground=decision["ground"], facts=decision["note"], merged_into=self._fresh(target))

    @staticmethod
    def _fresh(topic: Topic | None) -> Topic | None:
        return Topic.objects.get(pk=topic.pk) if topic else None


def load_tags(content: Content) -> int:
    """Write the list of tags that staff chose; return how many."""
    for row in content.tags:
        names = {f"name_{code}": name for code, name in row["name"].items()}
        ForumTag.objects.update_or_create(slug=row["slug"], defaults={"name": row["name"]["en"], **names})
    return len(content.tags)
