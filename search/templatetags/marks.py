"""What the reader searched, marked in a text: every piece is escaped here, the only HTML is `<mark>`."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.documents import Part

register = template.Library()


@register.filter
def marked(parts: Iterable[Part]) -> SafeString:
    """The pieces of a title or fragment as HTML."""
    pieces = (f"<mark>{escape(part.text)}</mark>" if part.is_match else escape(part.text) for part in parts)
    return mark_safe("".join(pieces))
