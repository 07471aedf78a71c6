"""How long something waits, in words and as one of three states; colour never says it alone (LOOK.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext, ngettext

# From this share of the time on, an item is shown as nearly late.
NEARLY = 0.75
HOUR, DAY = 60, 24 * 60


# Time of day as the language writes it (LOOK.md, Tone).
CLOCKS = {"fr": "%-Hh%M", "nl": "%-H.%M uur", "de": "%-H.%M Uhr", "en": "%H:%M"}
DAYS = {"fr": "d MMMM y", "nl": "d MMMM y", "de": "d. MMMM y", "en": "d MMMM y"}
# French counts the first of a month as an ordinal; the patterns of CLDR do not.
FRENCH_FIRST = "'1er' MMMM y"


def moment_words(moment: datetime, language: str) -> str:
    """Return a moment as people of a language write it: "18 mars 2026, 16h20", in the time of Brussels."""
    here, code = timezone.localtime(moment), language if language in CLOCKS else "en"
    pattern = FRENCH_FIRST if code == "fr" and here.day == 1 else DAYS[code]
    return f"{format_date(here.date(), pattern, locale=code)}, {here.strftime(CLOCKS[code])}"


def duration_words(span: timedelta) -> str:
    """Return a length of time as people say it: minutes, hours and minutes, days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < HOUR:
        return gettext("%(count)s min") % {"count": minutes}
    if minutes < DAY:
        return gettext("%(hours)s h %(minutes)02d") % {"hours": minutes // HOUR, "minutes": minutes % HOUR}
    days = minutes // DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`state` is late, soon or calm; `waited` and `against` are its words; `number` and `unit` stand in the ring."""

    state: str
    waited: str
    against: str
    number: int
    unit: str


def waiting_of(opened_at: datetime, target_at: datetime, now: datetime) -> Waiting:
    """Return how an item that waits since `opened_at` stands against its target."""
    span, left = now - opened_at, target_at - now
    minutes = max(0, int(span.total_seconds() // 60))
    if left < timedelta(0):
        state, against = "late", gettext("target missed by %(time)s") % {"time": duration_words(-left)}
    else:
        state = "soon" if span > NEARLY * (target_at - opened_at) else "calm"
        against = gettext("%(time)s left") % {"time": duration_words(left)}
    if minutes < HOUR:
        number, unit = minutes, gettext("min")
    elif minutes < 2 * DAY:
        number, unit = minutes // HOUR, gettext("h")
    else:
        number, unit = minutes // DAY, gettext("d")
    return Waiting(state=state, waited=gettext("waits %(time)s") % {"time": duration_words(span)}, against=against, number=number, unit=unit)
