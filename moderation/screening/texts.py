"""From the rows of other apps to what the phases read: one query for the facts about the author."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from accounts.models import ProfileVersion, User
from forum.enums import READABLE_STATUSES, PostStatus
from forum.models import Post, PostVersion
from forum.texts import PostText
from moderation.screening.findings import Finding, Screened
from moderation.screening.running import run_phases


def _facts(author_id: int, content_hash: str, post_id: int | None) -> tuple[bool, bool]:
    """Return (has the author sent the same text before, was anything of theirs ever published)."""
    mine = Post.objects.filter(author=OuterRef("pk")).order_by()
    same = PostVersion.objects.filter(post__author=OuterRef("pk"), content_hash=content_hash)
    same = same.exclude(post__status__in=[PostStatus.DRAFT, PostStatus.UNCONFIRMED])
    if post_id is not None:
        same = same.exclude(post=post_id)
    rows = User.objects.filter(pk=author_id)
    found = rows.values_list(Exists(same), Exists(mine.filter(status__in=sorted(READABLE_STATUSES)))).first()
    return (bool(found[0]), bool(found[1])) if found else (False, False)


def screen_post(post: Post, version: PostVersion, countries: Sequence[str]) -> list[Finding]:
    """Return the findings about a submitted version; `countries` are those of the text or, for a reply, of its topic."""
    repeats, before = _facts(post.author_id, version.content_hash, post.pk)
    return run_phases(
        Screened(
            title=version.title,
            body=version.body,
            language=version.language,
            countries=tuple(countries),
            repeats=repeats,
            published_before=before,
        )
    )


def screen_draft(text: PostText, author: User, language: str) -> list[Finding]:
    """Return the findings about a text that nobody sent yet."""
    repeats, before = _facts(author.pk, text.content_hash(), None)
    return run_phases(Screened(text.title, text.body, language, tuple(text.countries), repeats=repeats, published_before=before))


def screen_profile(version: ProfileVersion) -> list[Finding]:
    """Return the findings about a proposed name and self-description."""
    return run_phases(Screened(version.pseudonym, version.about, version.language, is_profile=True))
