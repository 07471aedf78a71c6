"""Makers of rows with traits; content goes through the services, as in life."""

from typing import Any

import factory

from accounts.models import User
from forum.enums import Kind
from forum.models import Post
from forum.services import apply_status, create_reply, create_topic
from forum.texts import PostText


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A member without an approved name; trait `named`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"member{n}@example.org")
    language = "fr"
    password = "!"

    class Params:
        named = factory.Trait(pseudonym=factory.Sequence(lambda n: f"Lieve {n}"), pseudonym_key=factory.Sequence(lambda n: f"lieve{n}"))


def text(**fields: Any) -> PostText:
    """Return a complete tip about Peru; any field can be given."""
    defaults: dict[str, Any] = {
        "kind": Kind.TIP,
        "title": "Met de dagbus van Cusco naar Lima",
        "body": "De dagbus vertrekt om **zes uur** aan de terminal. Neem water en cash mee, het ticket kost 140 sol.",
        "language": "nl",
        "countries": ["PE"],
        "place": "Cusco",
        "needs": ["borders"],
    }
    return PostText(**(defaults | fields))


def make_post(*, author: User | None = None, status: str = "pending", **fields: Any) -> Post:
    """Return the first post of a new topic, written through the services and then brought to `status`."""
    post = create_topic(actor=author or UserFactory(), text=text(**fields), submit=status != "draft")
    if status not in {"draft", "pending"}:
        if status in {"published", "hidden", "archived"}:
            post = apply_status(post=post, status="published", version=post.latest_version)
        if status != "published":
            post = apply_status(post=post, status=status)
    return post


def make_reply(*, topic: Any, author: User | None = None, status: str = "pending", **fields: Any) -> Post:
    """Return a reply, brought to `status`."""
    fields = {"title": "", "kind": "", "countries": [], "needs": [], "place": "", "body": "Het werkte ook voor ons, gisteren."} | fields
    post = create_reply(actor=author or UserFactory(), topic=topic, text=text(**fields))
    return post if status == "pending" else apply_status(post=post, status=status, version=post.latest_version)
