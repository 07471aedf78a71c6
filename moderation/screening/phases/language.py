"""The language of the text is not certain, or not one that the house reads."""

from collections.abc import Iterator

from accounts.enums import Language
from forum.language import UNDETERMINED
from moderation.enums import FindingCode
from moderation.screening.findings import NOTE, Finding, Screened


def language(text: Screened) -> Iterator[Finding]:
    """Note a text in no known language, or in none of the four: its author is asked for one sentence in one of them (PRODUCT.md)."""
    code = text.language.split("-")[0]
    if code in {"", UNDETERMINED}:
        yield Finding(FindingCode.LANGUAGE, NOTE, detail="undetermined")
    elif code not in Language.values:
        yield Finding(FindingCode.LANGUAGE, NOTE, detail="foreign")
