"""The same person sent the same text before."""

from collections.abc import Iterator

from moderation.enums import FindingCode
from moderation.screening.findings import NOTE, Finding, Screened


def repeat(text: Screened) -> Iterator[Finding]:
    """Note a text whose every word the author sent before in another post."""
    if text.repeats:
        yield Finding(FindingCode.REPEAT, NOTE)
