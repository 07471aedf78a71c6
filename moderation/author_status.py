"""What an author reads about each of their posts: waiting, until when, and what was decided with its reasons."""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import get_language, gettext

from forum.extensions import AuthorStatus
from forum.models import Post
from moderation.enums import ItemState
from moderation.grounds import statement_of
from moderation.models import Decision, ReviewItem
from moderation.services.deciding import SILENT
from moderation.waiting import moment_words


def _waiting(item: ReviewItem, language: str) -> AuthorStatus:
    """Say until when somebody should have read the text; when that has passed, that it still waits (no silent refusal)."""
    until = moment_words(item.target_at, language)
    if item.target_at < timezone.now():
        detail = gettext("It takes longer than it should. Your text still waits; nobody refused it.")
    else:
        detail = gettext("Somebody reads it before %(moment)s.") % {"moment": until}
    title = gettext("Your new text waits to be read; the approved one stays public") if item.is_edit else gettext("Waits to be read")
    return AuthorStatus(title=title, detail=detail, reference=item.public_id, at=item.opened_at)


def author_status(posts: list[Post]) -> dict[int, list[AuthorStatus]]:
    """Return for each post (by primary key) what happened to it, newest first (provider of `forum.extensions.AUTHOR_STATUS`): two queries."""
    language = get_language() or "fr"
    found: dict[int, list[AuthorStatus]] = defaultdict(list)
    for item in ReviewItem.objects.filter(post__in=posts, state=ItemState.OPEN).order_by("-pk"):
        found[item.post_id or 0].append(_waiting(item, language))
    decisions = Decision.objects.filter(item__post__in=posts).exclude(action__in=sorted(SILENT)).order_by("-pk")
    for decision in decisions.select_related("item", "text", "reverted_by"):
        statement = statement_of(decision, language)
        detail = "\n\n".join(statement.paragraphs)
        found[decision.item.post_id or 0].append(AuthorStatus(statement.title, detail, statement.reference, decision.decided_at))
    return dict(found)
