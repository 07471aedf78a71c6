"""Where higher apps add to the forum's pages (ARCHITECTURE.md, "A lower app never calls up"). Each list is filled in AppConfig.ready().

Every provider gives an empty answer when it has nothing, and must not raise: `collect` logs a failure and goes on without it,
because a page that lacks an aside helps more than none.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from accounts.models import User
from forum.models import Post, Topic
from forum.texts import PostText

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """One finding to show an author before sending: `label` is translated, `found` the words of the text that it is about."""

    code: str
    label: str
    advice: str
    found: str
    field: str = "body"


@dataclass(frozen=True, slots=True)
class AuthorStatus:
    """What moderation says about a post, for its author's page: a line, its reasons, and when."""

    title: str
    detail: str
    reference: str = ""
    at: Any = None


# (text, author) -> findings to show before sending
PREVIEW_FINDINGS: list[Callable[[PostText, User], Iterable[Preview]]] = []
# posts of one author -> post pk -> what happened to it
AUTHOR_STATUS: list[Callable[[list[Post]], dict[int, list[AuthorStatus]]]] = []
# topic, language -> rows beside a topic
TOPIC_ASIDES: list[Callable[[Topic, str], Iterable[Any]]] = []


def collect(providers: Iterable[Callable[..., Iterable[Any]]], *args: Any) -> list[Any]:
    """Return what all providers give, in order; one that fails is logged and left out."""
    found: list[Any] = []
    for provider in providers:
        try:
            found.extend(provider(*args))
        except Exception:
            log.exception("extension_failed", provider=getattr(provider, "__qualname__", str(provider)))
    return found


def author_status(posts: list[Post]) -> dict[int, list[AuthorStatus]]:
    """Return what happened to each post (by pk), from all providers in order; one that fails is logged and left out."""
    found: dict[int, list[AuthorStatus]] = {}
    for provider in AUTHOR_STATUS:
        try:
            for pk, lines in provider(posts).items():
                found.setdefault(pk, []).extend(lines)
        except Exception:
            log.exception("extension_failed", provider=getattr(provider, "__qualname__", str(provider)))
    return found
