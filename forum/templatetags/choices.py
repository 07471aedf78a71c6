"""Options of a select, written at once: 250 countries in a template loop cost more than the rest of the page."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(choices: Iterable[tuple[str, Any]], chosen: Any = "") -> SafeString:
    """Return `option` elements for (value, label) pairs, the one of the value `chosen` selected."""
    wanted = str(chosen or "")
    written = (f'<option value="{escape(value)}"{" selected" if value == wanted else ""}>{escape(label)}</option>' for value, label in choices)
    return mark_safe("".join(written))
