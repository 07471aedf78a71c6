"""What the two reviewed things have in common, so that `decide` reads the same for a post and a profile."""

from typing import Any, Protocol

from accounts.enums import Language, ProfileStatus
from accounts.models import ProfileVersion, User
from accounts.services import set_profile_status
from forum.enums import PostStatus
from forum.models import Post, Topic
from forum.services import apply_status, mark_dangerous
from moderation.enums import Action, SubjectKind
from moderation.models import ReviewItem


class Subject(Protocol):
    """A reviewed thing: its status, and the one service of its app that writes the outcome."""

    def status(self) -> str: ...
    def snapshot(self) -> dict[str, Any]: ...
    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None: ...
    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None: ...


class PostSubject:
    """A post; its text under review is the item's version."""

    def __init__(self, item: ReviewItem) -> None:
        assert item.post is not None and item.version is not None  # noqa: S101, PT018 - a constraint of the table
        self.item, self.post, self.version = item, item.post, item.version

    def status(self) -> str:
        """Return the post's status."""
        return self.post.status

    def snapshot(self) -> dict[str, Any]:
        """Return what was decided on, and what is needed to take the decision back."""
        live = self.post.live_version
        return {
            "title": self.version.title,
            "body": self.version.body,
            "language": self.version.language,
            "content_hash": self.version.content_hash,
            "live_number": live.number if live else None,
        }

    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None:
        """Write the outcome through the forum's services."""
        if action == Action.MARK_DANGEROUS:
            mark_dangerous(post=self.post, reason=note)
        else:
            version = self.version if action in {Action.APPROVE, Action.APPROVE_EDIT} else self.post.live_version or self.version
            self.post = apply_status(post=self.post, status=status, version=version, merged_into=merged_into)

    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None:
        """Take an outcome back: the status and, for an approved edit, the text of before."""
        if action == Action.MARK_DANGEROUS:
            mark_dangerous(post=self.post, reason="")
            return
        if action in {Action.RETURN_EDIT, Action.REJECT_EDIT}:
            return
        before = self.post.versions.filter(number=snapshot.get("live_number")).first() if status == PostStatus.PUBLISHED else None
        self.post = apply_status(post=self.post, status=status, version=before)


class ProfileSubject:
    """A proposed pseudonym and text."""

    def __init__(self, item: ReviewItem) -> None:
        assert item.profile is not None  # noqa: S101 - a constraint of the table
        self.item, self.profile = item, item.profile

    def status(self) -> str:
        """Return the version's status; the words are those of posts."""
        return self.profile.status

    def snapshot(self) -> dict[str, Any]:
        """Return what was decided on."""
        user: User = self.profile.user
        return {"pseudonym": self.profile.pseudonym, "about": self.profile.about, "live_pseudonym": user.pseudonym, "live_about": user.about}

    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None:
        """Write the outcome through the accounts' service."""
        self.profile = set_profile_status(version=self.profile, status=status)

    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None:
        """Take an outcome back; a name that was shown for seconds is neutral again, or the one of before."""
        before = snapshot.get("live_pseudonym")
        previous: ProfileVersion | None = (
            self.profile.user.profile_versions.filter(status=ProfileStatus.PUBLISHED, pseudonym=before).exclude(pk=self.profile.pk).last()
            if before
            else None
        )
        set_profile_status(version=self.profile, status=status)
        if previous:
            set_profile_status(version=previous, status=ProfileStatus.PUBLISHED)


def subject_of(item: ReviewItem) -> Subject:
    """Return the adapter of an item; its relations should be loaded."""
    return PostSubject(item) if item.subject == SubjectKind.POST else ProfileSubject(item)


def author_language(author: User) -> str:
    """Return the language in which the author is written to."""
    return author.language if author.language in Language.values else Language.FR


def post_of(item: ReviewItem) -> Post | None:
    """Return the post under review, or None for a profile."""
    return item.post
