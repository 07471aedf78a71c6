"""What people type, read with care: text without hidden direction changes, dates as they are written, places by name."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.plain_text import PlainField
from forum.texts import unbroken

DAY_FIRST = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})")


def parse_typed_date(text: str) -> Any:
    """Return the date of "2026-03-18", "18/3/2026", "18.03.2026" or "18-03-2026" (day first, as in Belgium); None when it is none."""
    text = text.strip()
    if found := DAY_FIRST.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    try:
        return parse_date(text)
    except ValueError:
        return None


class LineField(PlainField):
    """One line: line ends and runs of spaces become one space, one at which no line ends before a French sign."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Give the input the look of the other fields."""
        return {**super().widget_attrs(widget), "class": "in"}

    def to_python(self, value: Any) -> str:
        """Return the cleaned line."""
        return unbroken(re.sub(r"\s+", " ", super().to_python(value)))


class TypedDateField(forms.CharField):
    """A date as people type it; the value is a date or None."""

    default_error_messages = {"date": _("Write the date as 18/03/2026.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A text field, since a date field of the browser refuses what people type; phones show digits."""
        return {**super().widget_attrs(widget), "class": "in", "inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return the date."""
        text = str(value or "").strip()
        if not text:
            return None
        day = parse_typed_date(text[:40])
        if day is None:
            raise forms.ValidationError(self.error_messages["date"], code="date")
        return day

    def run_validators(self, value: Any) -> None:
        """A date has no length."""


def end_of_day(day: Any) -> datetime:
    """Return the last moment of a day in Belgium."""
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))
