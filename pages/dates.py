"""Dates as people of each language write them (look, "Tone"): 16h20, 18 mars, 1er mars; 16.20 uur, 18 maart; 16.20 Uhr, 18. März; 16:20, 18 March."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_timedelta
from django.utils import timezone

_TIMES = {"fr": "{t.hour}h{t.minute:02}", "nl": "{t.hour}.{t.minute:02} uur", "de": "{t.hour}.{t.minute:02} Uhr", "en": "{t.hour:02}:{t.minute:02}"}
_DAYS = {"fr": "d MMMM", "nl": "d MMMM", "de": "d. MMMM", "en": "d MMMM"}
# French counts the first of a month as an ordinal; the patterns of CLDR do not.
_FRENCH_FIRST = "'1er' MMMM"
_MINUTE = timedelta(minutes=1)
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def local(moment: datetime | date) -> datetime | date:
    """Return a moment in the active time zone; a date stays what it is."""
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


def _pattern(value: date, language: str) -> str:
    return _FRENCH_FIRST if language == "fr" and value.day == 1 else _DAYS.get(language, "d MMMM")


@lru_cache(maxsize=2_000)
def _day(value: date, language: str, with_year: bool) -> str:
    return format_date(value, _pattern(value, language) + (" y" if with_year else ""), locale=language)


def day(moment: datetime | date, language: str) -> str:
    """Return day and month, with the year when it is not the current one."""
    here = local(moment)
    value = here.date() if isinstance(here, datetime) else here
    return _day(value, language, value.year != timezone.localdate().year)


def full_day(value: date, language: str) -> str:
    """Return day, month and year, for statements that law wants dated."""
    return _day(value, language, True)


@lru_cache(maxsize=2_000)
def long_day(value: date, language: str) -> str:
    """Return week day, day and month: "jeudi 18 mars"."""
    return format_date(value, f"EEEE{',' if language == 'de' else ''} {_pattern(value, language)}", locale=language)


@lru_cache(maxsize=500)
def short_day(value: date, language: str) -> str:
    """Return day and short month, for narrow columns: "18 mars", "22 nov", "22. Nov"."""
    number = "1er" if language == "fr" and value.day == 1 else f"{value.day}{'.' if language == 'de' else ''}"
    return f"{number} {short_month(value, language)}"


@lru_cache(maxsize=500)
def short_month(value: date, language: str) -> str:
    """Return the month as it stands on a postmark: at most five letters, no full stop."""
    return format_date(value, "MMM", locale=language).rstrip(".")


def clock(moment: datetime, language: str) -> str:
    """Return the time of day."""
    return _TIMES.get(language, _TIMES["en"]).format(t=moment)


def ago(moment: datetime, language: str, now: datetime | None = None) -> str:
    """Return how long ago a moment is: "il y a 3 heures". A unit is left for the next one only when that is full: six days are no week."""
    passed = (now or timezone.now()) - moment
    return _ago(max(passed // _MINUTE, 1), language)


@lru_cache(maxsize=5_000)
def _ago(minutes: int, language: str) -> str:
    return format_timedelta(-minutes * _MINUTE, add_direction=True, threshold=1, locale=language)


@lru_cache(maxsize=1_000)
def language_name(code: str, language: str) -> str:
    """Return the name of a language in another; its code when there is none, empty for an undetermined one."""
    if not code or code == "und":
        return ""
    names = Locale.parse(language).languages
    return str(names.get(code.replace("-", "_")) or names.get(code.split("-", maxsplit=1)[0]) or code)


def direction(code: str) -> str:
    """Return `ltr`, `rtl`, or `auto` for an undetermined language."""
    if not code or code == "und":
        return "auto"
    return "rtl" if code.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"
