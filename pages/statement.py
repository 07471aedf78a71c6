"""The accessibility statement must be looked at every year (Decision (EU) 2018/1523, art. 3)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError
from django.utils import timezone

from pages.models import StandingPage

KEY = "accessibility"
LONGEST = timedelta(days=365)


def overdue(today: date) -> list[str]:
    """Return the languages whose statement was not looked at for a year, or has no date. One query."""
    pages = StandingPage.objects.live().filter(key=KEY).order_by("locale__language_code")
    dates = pages.values_list("locale__language_code", "reviewed_date")
    return [language for language, reviewed in dates if reviewed is None or today - reviewed > LONGEST]


@register(deploy=True)
def check_statement(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """pages.E020 (deploy): the accessibility statement is older than 365 days in some language."""
    try:
        late = overdue(timezone.localdate())
    except DatabaseError:
        return []
    if not late:
        return []
    hint = "Test the site again, correct the statement, and set its date of review in the admin."
    return [Error(f"The accessibility statement was not reviewed for a year: {', '.join(late)}.", hint=hint, id="pages.E020")]
