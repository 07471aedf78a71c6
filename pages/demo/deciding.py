"""The hands of the demonstration's moderators: every outcome is a decision, taken by somebody whose desk it is."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import translation

from accounts.models import User
from forum.models import Post, Topic
from moderation.enums import Action, Ground
from moderation.models import Decision, ReviewItem
from moderation.services import decide
from moderation.services.deciding import open_marks
from pages.demo.clock import happening

# Who reads what: the keys of staff.json.
DESK_OF_LANGUAGE = {"fr": "moderator-fr"}
OTHER_DESK = "moderator"


class Desk:
    """Takes decisions in the past and remembers them, so that their mails can be kept back."""

    def __init__(self, staff: Mapping[str, User]) -> None:
        self.staff = staff
        self.decisions: list[Decision] = []

    def _decide(self, item: ReviewItem, action: Action, *, at: datetime, ground: str = "", facts: str = "", merged_into: Topic | None = None) -> None:
        actor = self.staff[DESK_OF_LANGUAGE.get(item.language, OTHER_DESK)]
        with happening(at):
            decision = decide(
                item.pk,
                action,
                actor=actor,
                revision=item.revision,
                ground=ground,
                facts=facts,
                merged_into=merged_into,
                answered_marks=open_marks(item),
            )
        self.decisions.append(decision)

    def approve(self, item: ReviewItem, *, at: datetime) -> None:
        """Approve an item as it stands."""
        self._decide(item, Action.APPROVE, at=at)

    def approve_post(self, post: Post, *, at: datetime) -> Post:
        """Approve the item of a post; return the post as it is after."""
        self.approve(self._item(post), at=at)
        return Post.objects.select_related("topic", "live_version").get(pk=post.pk)

    def against(self, post: Post, action: Action, *, at: datetime, ground: str, facts: str, merged_into: Topic | None = None) -> None:
        """Take a decision that its author does not like, with its ground and facts; without facts the ground's own words are given."""
        if not facts:
            with translation.override(post.author.language):
                facts = str(Ground(ground).label)
        self._decide(self._item(post), action, at=at, ground=ground, facts=facts, merged_into=merged_into)

    @staticmethod
    def _item(post: Post) -> ReviewItem:
        return ReviewItem.objects.filter(post=post).order_by("-pk")[0]
