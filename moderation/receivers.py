"""Moderation hears what authors did and writes review items in the same transaction (ARCHITECTURE.md, One way)."""

from typing import Any

from django.dispatch import receiver

from accounts.models import ProfileVersion, User
from accounts.signals import profile_submitted, profile_withdrawn, user_erased
from forum.models import Post, PostVersion
from forum.signals import content_submitted, content_withdrawn
from moderation.services import close_withdrawn, erase_texts, open_item, open_profile_item, publish_if_trusted, withdraw_profile_item


@receiver(content_submitted, dispatch_uid="moderation.open_item")
def on_content_submitted(sender: type, *, post: Post, version: PostVersion, **_: Any) -> None:
    """A text waits for review; where the crisis says so and nothing speaks against it, it is public at once and reviewed afterwards."""
    publish_if_trusted(item=open_item(post=post, version=version), post=post)


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


@receiver(user_erased, dispatch_uid="moderation.erase_texts")
def on_user_erased(sender: type, *, user: User, **_: Any) -> None:
    """A person was anonymised: nothing that they wrote stays beside the decisions about it."""
    erase_texts(user=user)
