"""Too short to help, or so long that nobody reads it on a phone."""

from collections.abc import Iterator

from moderation.enums import FindingCode
from moderation.screening.findings import NOTE, Finding, Screened

SHORT = 20
LONG = 8_000


def length(text: Screened) -> Iterator[Finding]:
    """Note a body of a few characters or of several screens. A profile may be as short as it likes."""
    size = len(text.body.strip())
    if size < SHORT and not text.is_profile:
        yield Finding(FindingCode.LENGTH, NOTE, detail="short")
    elif size > LONG:
        yield Finding(FindingCode.LENGTH, NOTE, detail="long")
