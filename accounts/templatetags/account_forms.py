"""Filters for forms that are rendered field by field: our class on every control, no placeholder, errors that can be linked to."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the control of a field in our look. A placeholder would vanish while typing: labels and hints say everything."""
    attrs: dict[str, Any] = {"placeholder": False}
    if not isinstance(field.field.widget, CheckboxInput | RadioSelect):
        attrs["class"] = "in"
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Say whether the label follows the control."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice(field: BoundField) -> bool:
    """Say whether the field is a group of choices with a legend."""
    return isinstance(field.field.widget, RadioSelect)


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id that a link in the summary of errors leads to: the control, or the first of a group."""
    return f"{field.auto_id}_0" if is_choice(field) else str(field.auto_id)


@register.filter
def in_fours(text: str) -> str:
    """Return a long code in groups of four, to be read and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
