"""The staff's list of tags, in memory for a minute: forms and pages show its words without asking the database each time."""

import time
from dataclasses import dataclass, field

from forum.models import ForumTag

KEPT_SECONDS = 60.0


@dataclass(slots=True)
class _Kept:
    read_at: float = float("-inf")
    labels: dict[str, dict[str, str]] = field(default_factory=dict)


_kept = _Kept()


def _labels() -> dict[str, dict[str, str]]:
    if time.monotonic() - _kept.read_at > KEPT_SECONDS:
        rows = ForumTag.objects.order_by("slug").values_list("slug", "name_fr", "name_nl", "name_de", "name_en")
        _kept.labels = {slug: dict(zip(("fr", "nl", "de", "en"), names, strict=True)) for slug, *names in rows}
        _kept.read_at = time.monotonic()
    return _kept.labels


def forget_tags() -> None:
    """Read anew at the next question (after a change of the list in this process)."""
    _kept.read_at = float("-inf")


def tag_choices(language: str) -> list[tuple[str, str]]:
    """Return (slug, word) of every tag, sorted by word."""
    return sorted(((slug, names[language]) for slug, names in _labels().items()), key=lambda pair: pair[1].casefold())


def tag_word(slug: str, language: str) -> str:
    """Return the word of a tag; its slug when it is unknown."""
    return _labels().get(slug, {}).get(language) or slug
