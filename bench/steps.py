"""What people do on a grown database, step by step: pages in Django's client, writing through the services and taken back again."""

from collections.abc import Callable
from itertools import product
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import RoleGrant, User
from accounts.sessions import new_session
from bench.texts import COUNTRIES, NEEDS
from countries import directory
from forum.enums import Kind, Validity
from forum.filters import PAGE_SIZE, SORTS, read_filter
from forum.models import Topic
from forum.services import create_reply
from forum.texts import PostText
from moderation.enums import Action
from moderation.models import ReviewItem
from moderation.queue import page_of
from moderation.services import decide

COUNTRY, NEED, LANGUAGE = COUNTRIES[0], NEEDS[0], "fr"
QUERY = "bus passport"
# Keeps a page out of the anonymous cache.
FRESH = "uncached=1"


def combinations() -> list[str]:
    """Return every filter combination that a list offers, in both orders: the value that most posts have, and for languages the rarest."""
    parts = (
        ("", f"country={COUNTRY}"),
        ("", f"need={NEED}"),
        ("", f"kind={Kind.TIP.value}"),
        ("", f"language={LANGUAGE}", "language=de"),
        ("", *(f"state={state.value}" for state in Validity)),
        ("", "since=7d"),
        tuple(f"sort={sort}" for sort in SORTS),
    )
    return ["&".join(part for part in chosen if part) for chosen in product(*parts)]


class Site:
    """The people and addresses of one grown database."""

    def __init__(self) -> None:
        self.visitor, self.moderator = Client(), Client()
        self.member = User.objects.get(pseudonym_key="grown20")
        self.supervisor, made = User.objects.get_or_create(email="bench-supervisor@example.org", defaults={"password": "!", "language": "en"})
        if made:
            RoleGrant.objects.create(user=self.supervisor, role="supervisor", reason="bench")
        self.moderator.cookies[settings.SESSION_COOKIE_NAME] = str(new_session(self.supervisor).session_key)
        public = Topic.objects.published().filter(gone_at=None)
        self.topic = public.filter(reply_count=8, answer=None).order_by("-pk").first() or public.order_by("-reply_count").first()
        # A reply, since a decision on a topic writes more than one on a reply.
        waiting = ReviewItem.objects.waiting().filter(post__is_first=False).in_order()
        self.item: Any = waiting.filter(findings=[]).first() or waiting.first()

    def _get(self, path: str, client: Client | None = None, query: str = "") -> Callable[[], Any]:
        address = f"{path}?{query}&{FRESH}" if query else f"{path}?{FRESH}"

        def step() -> Any:
            response = (client or self.visitor).get(address)
            if response.status_code not in {200, 302}:
                raise SystemExit(f"{address}: {response.status_code}")
            return response

        return step

    def reply(self) -> None:
        """Send a reply to review, and take it back."""
        with transaction.atomic():
            text = PostText(body="Hier encore, le bus est parti à six heures.", language="fr")
            create_reply(actor=self.member, topic=self.topic, text=text, submission_key="bench")
            transaction.set_rollback(True)

    def decision(self) -> None:
        """Approve what waits, and take it back."""
        with transaction.atomic():
            marks = [finding["code"] for finding in self.item.findings]
            decide(self.item.pk, Action.APPROVE, actor=self.supervisor, revision=self.item.revision, answered_marks=marks)
            transaction.set_rollback(True)

    def steps(self) -> dict[str, Callable[[], Any]]:
        """Return every step by name."""
        queue = reverse("moderation:queue")
        with override("en"):
            topics, search = reverse("topic_list"), reverse("search")
            country = reverse("country", args=[directory.entry(COUNTRY).slug("en")])
            topic = reverse("topic", args=[self.topic.public_id, self.topic.slug])
            home = reverse("home")
        newest = read_filter({})
        second = newest.cursor_after(newest.page()[PAGE_SIZE - 1])
        _items, after = page_of(self.supervisor, {})
        everything = f"country={COUNTRY}&need={NEED}&kind=tip&language={LANGUAGE}&state=stale&sort=confirmed"
        return {
            "home": self._get(home),
            "country": self._get(country),
            "list": self._get(topics),
            "list, second page": self._get(topics, query=f"page={second}"),
            "list, every filter": self._get(topics, query=everything),
            "topic": self._get(topic),
            "search": self._get(search, query=f"q={QUERY}"),
            "search in a country": self._get(search, query=f"q={QUERY}&country={COUNTRY}"),
            "queue": self._get(queue, self.moderator),
            "queue, second page": self._get(queue, self.moderator, query=f"after={after}"),
            "queue of a country": self._get(queue, self.moderator, query=f"country={COUNTRY}"),
            "next item": self._get(reverse("moderation:next"), self.moderator),
            "item": self._get(reverse("moderation:item", args=[self.item.public_id]), self.moderator),
            "history": self._get(reverse("moderation:history"), self.moderator),
            "reply": self.reply,
            "decision": self.decision,
        }

    @staticmethod
    def lists() -> dict[str, Callable[[], Any]]:
        """Return the query of every list that the filters offer."""
        return {query: lambda query=query: read_filter(dict(part.split("=") for part in query.split("&"))).page() for query in combinations()}
