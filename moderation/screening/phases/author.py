"""Nobody knows this author yet."""

from collections.abc import Iterator

from moderation.enums import FindingCode
from moderation.screening.findings import NOTE, Finding, Screened


def new_author(text: Screened) -> Iterator[Finding]:
    """Note that nothing of this author was ever published."""
    if not text.published_before:
        yield Finding(FindingCode.NEW_AUTHOR, NOTE)
