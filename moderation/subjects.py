"""What the two reviewed things have in common, so that `decide` reads the same for a post and a profile."""

from typing import Any, Protocol

from accounts.enums import Language, ProfileStatus
from accounts.models import ProfileVersion, User
from accounts.services import set_profile_status
from forum.enums import PostStatus
from forum.models import Topic
from forum.services import apply_status, mark_dangerous
from moderation.enums import Action, Ground, SubjectKind
from moderation.models import ReviewItem


class Subject(Protocol):
    """A reviewed thing: its status, and the one service of its app that writes the outcome."""

    def status(self) -> str: ...
    def is_gone(self) -> bool: ...
    def snapshot(self) -> dict[str, Any]: ...
    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None: ...
    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None: ...


class PostSubject:
    """A post; its text under review is the item's version. To write, its topic must be locked (`services.deciding.load_locked`)."""

    def __init__(self, item: ReviewItem) -> None:
        assert item.post is not None and item.version is not None  # noqa: S101, PT018 - a constraint of the table
        self.item, self.post, self.version = item, item.post, item.version

    def status(self) -> str:
        """Return the post's status."""
        return self.post.status

    def is_gone(self) -> bool:
        """Say whether the post is marked dangerous."""
        return self.post.gone_at is not None

    def snapshot(self) -> dict[str, Any]:
        """Return what was decided on, and what is needed to take the decision back."""
        live = self.post.live_version
        return {
            "title": self.version.title,
            "body": self.version.body,
            "language": self.version.language,
            "content_hash": self.version.content_hash,
            "live_number": live.number if live else None,
            "gone_reason": self.post.topic.gone_reason,
        }

    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None:
        """Write the outcome through the forum's services; remarks and decisions about an edit alone change nothing there."""
        if action in {Action.MARK_DANGEROUS, Action.LIFT_DANGER}:
            mark_dangerous(post=self.post, reason=note.strip() if action == Action.MARK_DANGEROUS else "", held=True)
        elif status != self.post.status or action == Action.APPROVE_EDIT:
            version = self.version if action in {Action.APPROVE, Action.APPROVE_EDIT} else self.post.live_version or self.version
            apply_status(post=self.post, status=status, version=version, merged_into=merged_into, held=True)

    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None:
        """Take an outcome back: the status and, for an approved edit, the text of before."""
        if action in {Action.MARK_DANGEROUS, Action.LIFT_DANGER}:
            # Only topics keep the words of the reason; a reply is marked again without them.
            reason = snapshot.get("gone_reason") or str(Ground.DANGER) if action == Action.LIFT_DANGER else ""
            mark_dangerous(post=self.post, reason=reason, held=True)
        elif action not in {Action.RETURN_EDIT, Action.REJECT_EDIT}:
            number = snapshot.get("live_number") if status == PostStatus.PUBLISHED else None
            before = self.post.versions.filter(number=number).first() if number else None
            apply_status(post=self.post, status=status, version=before, held=True)


class ProfileSubject:
    """A proposed pseudonym and text."""

    def __init__(self, item: ReviewItem) -> None:
        assert item.profile is not None  # noqa: S101 - a constraint of the table
        self.item, self.profile = item, item.profile

    def status(self) -> str:
        """Return the version's status; the words are those of posts."""
        return self.profile.status

    def is_gone(self) -> bool:
        """A profile is never marked dangerous."""
        return False

    def snapshot(self) -> dict[str, Any]:
        """Return what was decided on, and the name that was shown before."""
        user: User = self.profile.user
        return {"pseudonym": self.profile.pseudonym, "about": self.profile.about, "live_pseudonym": user.pseudonym, "live_about": user.about}

    def apply(self, status: str, *, action: str, merged_into: Topic | None = None, note: str = "") -> None:
        """Write the outcome through the accounts' service."""
        if status != self.profile.status:
            set_profile_status(version=self.profile, status=status)

    def revert(self, status: str, *, action: str, snapshot: dict[str, Any]) -> None:
        """Take an outcome back; a name that was shown for seconds is neutral again, or the one of before."""
        name, about = snapshot.get("live_pseudonym"), snapshot.get("live_about")
        earlier = self.profile.user.profile_versions.filter(status=ProfileStatus.PUBLISHED).exclude(pk=self.profile.pk)
        previous: ProfileVersion | None = earlier.filter(pseudonym=name, about=about).order_by("-number").first() if name else None
        set_profile_status(version=self.profile, status=status)
        if previous:
            set_profile_status(version=previous, status=ProfileStatus.PUBLISHED)


def subject_of(item: ReviewItem) -> Subject:
    """Return the adapter of an item; its relations should be loaded."""
    return PostSubject(item) if item.subject == SubjectKind.POST else ProfileSubject(item)


def author_language(author: User) -> str:
    """Return the language in which the author is written to."""
    return author.language if author.language in Language.values else Language.FR
