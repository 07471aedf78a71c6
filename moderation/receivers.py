"""Moderation hears what authors did and writes review items in the same transaction (ARCHITECTURE.md, One way)."""

from typing import Any

from django.dispatch import receiver

from accounts.models import ProfileVersion, User
from accounts.signals import profile_submitted, profile_withdrawn
from forum.models import Post, PostVersion
from forum.signals import content_submitted, content_withdrawn
from moderation.services import close_withdrawn, open_item, open_profile_item, withdraw_profile_item


@receiver(content_submitted, dispatch_uid="moderation.open_item")
def on_content_submitted(sender: type, *, post: Post, version: PostVersion, **_: Any) -> None:
    """A text waits for review."""
    open_item(post=post, version=version)


@receiver(content_withdrawn, dispatch_uid="moderation.close_withdrawn")
def on_content_withdrawn(sender: type, *, post: Post, **_: Any) -> None:
    """The author took the text back."""
    close_withdrawn(post=post)


@receiver(profile_submitted, dispatch_uid="moderation.open_profile_item")
def on_profile_submitted(sender: type, *, version: ProfileVersion, **_: Any) -> None:
    """A proposed profile waits for review."""
    open_profile_item(version=version)


@receiver(profile_withdrawn, dispatch_uid="moderation.withdraw_profile_item")
def on_profile_withdrawn(sender: type, *, user: User, **_: Any) -> None:
    """The person took the proposal back."""
    withdraw_profile_item(user=user)
