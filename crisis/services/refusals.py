"""Why a service of the crisis desk wrote nothing: what crises and notices have in common."""

from collections.abc import Iterable

from accounts.permissions import Verdict

# Coordinated laws of 18 July 1966 on the use of languages in administrative matters, art. 40.
REQUIRED_LANGUAGES = ("fr", "nl")


class CrisisNotAllowed(Exception):
    """The actor may not do this; `args[0]` is the reason to show."""


class NoticeIncomplete(Exception):
    """French or Dutch is missing; `languages` holds the codes."""

    def __init__(self, languages: list[str]) -> None:
        super().__init__(", ".join(languages))
        self.languages = languages


def demand(verdict: Verdict) -> None:
    """Raise CrisisNotAllowed with the verdict's reason when it is a refusal."""
    if not verdict:
        raise CrisisNotAllowed(getattr(verdict, "reason", ""))


def demand_languages(written: Iterable[str]) -> None:
    """Raise NoticeIncomplete when French or Dutch is not among the languages that were written."""
    present = set(written)
    if missing := [code for code in REQUIRED_LANGUAGES if code not in present]:
        raise NoticeIncomplete(missing)
