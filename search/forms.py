"""What an address asks of the search page, checked against closed lists before an engine is asked. Shape only."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.plain_text import BIDI_OVERRIDES, UNREADABLE
from forum.filters import CHECKS, SINCE
from search.documents import WINDOW, Filters

# What the line of a phone on EDGE carries in a second (docs/performance.md).
PAGE_SIZE = 10
LONGEST_TEXT = 1_000
MOST_VALUES = 12
OFFICIAL_VALUES = {"1": True, "0": False}
# Filters that take several values, in the order in which the page shows them.
FILTERS = ("official", "state", "country", "need", "kind", "language")
PARAMETERS = ("q", *FILTERS, "since", "page")


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request. What was wrong is left out of the values and named in `errors`, by parameter."""

    text: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    offset: int = 0
    errors: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked yet."""
        return not (self.text or self.chosen or self.since)

    def filters(self, *, visibilities: tuple[str, ...], now: datetime) -> Filters:
        """The filters as an engine takes them."""
        official = self.chosen.get("official", ())
        return Filters(
            countries=self.chosen.get("country", ()),
            needs=self.chosen.get("need", ()),
            kinds=self.chosen.get("kind", ()),
            languages=self.chosen.get("language", ()),
            states=self.chosen.get("state", ()),
            official=OFFICIAL_VALUES[official[0]] if len(official) == 1 else None,
            since=int((now - _span(self.since)).timestamp()) if self.since else None,
            visibilities=visibilities,
        )


def read_request(parameters: QueryDict) -> Asked:
    """What the query string asks. Nothing is guessed: every value that no page offers is an error."""
    errors: dict[str, Any] = {}
    text = parameters.get("q", "").strip()
    if message := _problem_of(text):
        errors["q"] = message
    chosen = {name: values for name in FILTERS if (values := _values(name, parameters, errors))}
    since = parameters.get("since", "").strip()
    if since and not SINCE.fullmatch(since):
        errors["since"] = CHECKS["since"][1]
    page = parameters.get("page", "").strip()
    offset = _offset(page)
    if offset is None:
        errors["page"] = _("This page of the results does not exist. Start again from the first one.")
    return Asked(text, chosen, "" if "since" in errors else since, offset or 0, errors)


def _problem_of(text: str) -> Any:
    """Why these words can't be searched; None when they can."""
    if len(text) > LONGEST_TEXT:
        return _("This is too long. Write what you are looking for in at most 1,000 characters.")
    if UNREADABLE.search(text):
        return _("There are characters in this that nobody can read. Type the words again.")
    if BIDI_OVERRIDES.search(text):
        return _("There are hidden characters in this that turn the reading direction. Type the words again.")
    return None


def _values(name: str, parameters: QueryDict, errors: dict[str, Any]) -> tuple[str, ...]:
    """The checked values of a filter, each once; empty ones come from fields that nobody filled in."""
    typed = [value.strip() for value in parameters.getlist(name) if value.strip()]
    if len(typed) > MOST_VALUES:
        errors[name] = _("These are too many values at once. Leave some out.")
        return ()
    if name == "official":
        check, message = (lambda value: value if value in OFFICIAL_VALUES else ""), _("Choose official or people on the spot.")
    else:
        check, message = CHECKS[name]
    checked = [check(value[:40]) for value in typed]
    if not all(checked):
        errors[name] = message
    return tuple(dict.fromkeys(filter(None, checked)))


def _offset(page: str) -> int | None:
    """Where a page begins; None for what no page links to."""
    if not page:
        return 0
    if not (page.isascii() and page.isdecimal() and len(page) <= 3):
        return None
    offset = int(page)
    return offset if offset % PAGE_SIZE == 0 and offset < WINDOW else None


def _span(text: str) -> timedelta:
    found = SINCE.fullmatch(text)
    assert found is not None  # noqa: S101 - checked when it was read
    return timedelta(**{"hours" if found[2] == "h" else "days": int(found[1])})
