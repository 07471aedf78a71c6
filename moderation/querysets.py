"""Chainable reads of review items and decisions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from moderation.enums import ItemState


def desk_q(scopes: Iterable[tuple[str | None, str]], four: Iterable[str], prefix: str = "") -> Q | None:
    """Return the condition for items that one of the (country or None, language or "") pairs covers; None: all of them.

    A language outside `four` belongs to the country's desk, whatever languages that desk has. `prefix` leads to the item.
    """
    covered = Q(pk__in=[])
    for country, language in scopes:
        if not country and not language:
            return None
        desk = Q(**{f"{prefix}country_id": country}) if country else Q()
        if language:
            desk &= Q(**{f"{prefix}language": language}) | ~Q(**{f"{prefix}language__in": list(four)})
        covered |= desk
    return covered


class ReviewItemQuerySet(models.QuerySet[Any]):
    """Reads of review items."""

    def waiting(self) -> Self:
        """Items that a moderator should decide."""
        return self.filter(state=ItemState.OPEN)

    def undecided(self) -> Self:
        """Items that are not closed; at most one per reviewed thing."""
        return self.exclude(state=ItemState.DECIDED)

    def in_scopes(self, scopes: Iterable[tuple[str | None, str]], four: Iterable[str]) -> Self:
        """Items that one of the scopes covers (see `desk_q`)."""
        covered = desk_q(scopes, four)
        return self if covered is None else self.filter(covered)

    def with_newer(self) -> Self:
        """Say of each item, as `newer`, whether a later one exists for the same thing (post, or person for profiles)."""
        later = self.model._default_manager.filter(pk__gt=OuterRef("pk"))
        of_post = Exists(later.filter(post=OuterRef("post")))
        of_person = Exists(later.filter(subject="profile", author=OuterRef("author")))
        return self.annotate(newer=of_post | Exists(self.model._default_manager.filter(pk=OuterRef("pk"), subject="profile")) & of_person)

    def in_order(self) -> Self:
        """Highest risk first, then the oldest."""
        return self.order_by("priority", "opened_at", "pk")

    def behind(self, priority: str, opened_at: datetime, pk: int) -> Self:
        """Items that follow this place in the order. The first condition lets the index of the order be entered there."""
        later = Q(priority__gt=priority) | Q(opened_at__gt=opened_at) | Q(opened_at=opened_at, pk__gt=pk)
        return self.filter(later, priority__gte=priority)


class DecisionQuerySet(models.QuerySet[Any]):
    """Reads of decisions. There is no delete and no update: the database refuses both."""

    def of_item(self, item: Any) -> Self:
        """Decisions about one item, newest first."""
        return self.filter(item=item).order_by("-pk")

    def in_scopes(self, scopes: Iterable[tuple[str | None, str]], four: Iterable[str]) -> Self:
        """Decisions about items that one of the scopes covers."""
        covered = desk_q(scopes, four, "item__")
        return self if covered is None else self.filter(covered)

    def weighty(self) -> Self:
        """Decisions proper, without the remarks of colleagues."""
        return self.exclude(action__in=["note", "escalate"])
