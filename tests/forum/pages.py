"""What the tests of the forum's pages share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from forum.models import Topic


def address(topic: Topic, language: str = "fr") -> str:
    """Return the canonical address of a topic."""
    topic.refresh_from_db()
    with override(language):
        return reverse("topic", kwargs={"public_id": topic.public_id, "slug": topic.slug or "x"})


def url(name: str, language: str = "fr", **kwargs: Any) -> str:
    """Return the address of a page in a language."""
    with override(language):
        return reverse(name, kwargs=kwargs)
