"""What a search found, written as rows of a list, and the boxes of its filters; the words stay in the catalogue, the frame in a template."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from forum.enums import Kind
from pages.templatetags import site
from search.choices import Group
from search.services import Result
from search.shown import Shown
from search.templatetags.marks import marked

register = template.Library()

MOST_PLACES = 3
# Of a reason that staff typed nobody knows the language.
UNKNOWN = "und"


@register.inclusion_tag("components/row.html", takes_context=True)
def hit(context: Context, result: Result, address: str) -> dict[str, Any]:
    """Show a topic that was found: its words marked, and what the database says of it now."""
    row = result.row
    assert row is not None  # noqa: S101 - `present_topics` gives a row for every topic
    return {
        "title": marked(result.title),
        "url": address,
        "lang": site.text_lang(result.language),
        "stamp": site.stamp(context, row),
        "state": _state(context, row, result.document.is_answered),
        "summary": marked(result.fragment),
        "about": _about(result, row),
    }


def _state(context: Context, row: Shown, is_answered: bool) -> SafeString:
    if row.gone_at:
        reason = format_html("<p><span{}>{}</span></p>", site.text_lang(UNKNOWN), row.gone_reason) if row.gone_reason else ""
        return format_html("{}{}", site.state(context, row), reason)
    if row.kind == Kind.QUESTION:
        open_words = gettext("Open question · %(ago)s") % {"ago": site.ago(row.confirmed_at)}
        return format_html('<p class="state">{}</p>', gettext("Question with an answer") if is_answered else open_words)
    return site.state(context, row, _confirmed(row) if row.worked_count else "")


def _confirmed(row: Shown) -> str:
    words = ngettext("confirmed by %(n)s person, %(ago)s", "confirmed by %(n)s people, the last %(ago)s", row.worked_count)
    return words % {"n": row.worked_count, "ago": site.ago(row.confirmed_at)}


def _about(result: Result, row: Shown) -> SafeString:
    return site.parts(
        ("", site.kind_label(row.kind) if row.kind == Kind.OFFER else ""),
        ("", ", ".join(site.country_names(result.document.countries[:MOST_PLACES]))),
        ("", result.document.place),
        ("", site.language_name(result.language) if site.is_foreign(result.language) else ""),
        ("", site.replies(row.reply_count) if row.reply_count else ""),
    )


_BOX = '<label><input type="checkbox" name="{}" value="{}"{}> {} <span class="num">{}</span></label>\n'


@register.simple_tag
def boxes(group: Group) -> SafeString:
    """Write the values of a filter with their counts, at once: a loop in a template costs as much as the search."""
    return format_html_join(
        "",
        _BOX,
        (
            (group.name, option.value, mark_safe(" checked" if option.checked else ""), _label(group.name, option.value, option.label), option.count)
            for option in group.options
        ),
    )


def _label(name: str, value: str, label: Any) -> str:
    if name != "language":
        return str(label)
    words = site.language_name(value)
    return words[:1].upper() + words[1:]
