"""Removes a whole realm (demonstration, practice): the one service that lifts the guards of the decision chain."""

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.enums import Realm
from crisis.models import Crisis, OfficialNotice
from crisis.publication import raise_generation
from forum.enums import READABLE_STATUSES
from forum.models import Confirmation, Post, PostVersion, Topic
from forum.signals import content_hidden
from moderation.guards import lifted_guards
from moderation.models import Decision, DecisionSeal, DecisionText, ReviewItem


class RealmProtected(Exception):
    """The live realm is never removed."""


def _delete(rows: QuerySet, removed: dict[str, int]) -> None:  # type: ignore[type-arg]
    """Delete rows with what hangs on them and count those of the model itself."""
    model = rows.model
    _total, per_model = rows.delete()
    removed[model.__name__] = removed.get(model.__name__, 0) + per_model.get(model._meta.label, 0)


def _remove_decisions(realm: str, removed: dict[str, int]) -> None:
    decisions = Decision.objects.filter(realm=realm)
    # In one statement each (`_raw_delete`): a decision points at another one, and Django would refuse row by row what is fine as a whole.
    removed["DecisionSeal"] = DecisionSeal.objects.filter(realm=realm)._raw_delete(using=connection.alias)
    removed["DecisionText"] = DecisionText.objects.filter(decision__realm=realm)._raw_delete(using=connection.alias)
    removed["Decision"] = decisions._raw_delete(using=connection.alias)
    _delete(ReviewItem.objects.filter(realm=realm), removed)


def _remove_content(realm: str, removed: dict[str, int]) -> None:
    topics = Topic.objects.filter(realm=realm)
    posts = Post.objects.filter(topic__realm=realm)
    # Those who hold copies (the index) look again after the commit and find nothing: that is their order to forget.
    for post in posts.filter(status__in=sorted(READABLE_STATUSES)).select_related("topic").order_by("pk").iterator(chunk_size=500):
        content_hidden.send(sender=Post, post=post)
    topics.update(answer=None)
    posts.update(live_version=None, latest_version=None, merged_into=None, status="draft")
    topics.update(status="draft")
    _delete(Confirmation.objects.filter(post__topic__realm=realm), removed)
    _delete(PostVersion.objects.filter(post__topic__realm=realm), removed)
    _delete(posts, removed)
    _delete(topics, removed)


def _remove_crises(realm: str, removed: dict[str, int]) -> None:
    notices = OfficialNotice.objects.filter(realm=realm)
    notices.update(status="draft", text_fr=None, text_nl=None)
    _delete(notices, removed)
    _delete(Crisis.objects.filter(realm=realm), removed)


@transaction.atomic
def remove_realm(*, realm: str) -> dict[str, int]:
    """Remove every decision, item, topic, post, crisis and notice of a realm; returns how many of each. Raises RealmProtected for `live`.

    People stay: they have no realm. Whoever made demonstration people removes them.
    """
    if realm == Realm.LIVE or realm not in Realm.values:
        raise RealmProtected(realm)
    removed: dict[str, int] = {}
    with lifted_guards(connection):
        _remove_decisions(realm, removed)
    _remove_content(realm, removed)
    _remove_crises(realm, removed)
    raise_generation()
    return removed
