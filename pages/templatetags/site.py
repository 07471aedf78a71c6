"""Tags of every page: styles under a policy hash, icons in one sprite, postmarks, dates, names. No tag here asks the database."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from countries import directory
from forum.addresses import address, topic_path
from forum.enums import Kind, Need, Validity
from pages import dates
from pages.icons import symbol
from pages.stylesheet import sheet

register = template.Library()

STATE_ICONS = {Validity.FRESH: "ok", Validity.CHECK: "clock", Validity.STALE: "old", Validity.GONE: "no"}
NEED_ICONS = {
    Need.FLIGHTS: "plane",
    Need.BORDERS: "road",
    Need.SECURITY: "warn",
    Need.CONSULAR: "off",
    Need.VISA: "id",
    Need.DOCUMENTS: "id",
    Need.MEDICINE: "med",
    Need.MENTAL_HEALTH: "hand",
    Need.MONEY: "cash",
    Need.TRANSPORT: "road",
    Need.TELECOM: "tel",
    Need.RETURN: "plane",
}


def _language() -> str:
    return (get_language() or "fr")[:2]


def _request(context: Context) -> HttpRequest | None:
    return getattr(context, "request", None) or context.get("request")


def _used_icons(context: Context) -> dict[str, None] | None:
    request = _request(context)
    if request is None:
        return None
    if not hasattr(request, "used_icons"):
        request.used_icons = {}  # type: ignore[attr-defined]
    used: dict[str, None] = request.used_icons  # type: ignore[attr-defined]
    return used


@register.simple_tag(takes_context=True)
def styles(context: Context, *names: str) -> SafeString:
    """Inline the sections `names` of the stylesheet (`core` always) and let the response's policy allow exactly this text."""
    css = sheet(names)
    request = _request(context)
    if request is not None:
        request.style_sources = [*getattr(request, "style_sources", []), css.source]  # type: ignore[attr-defined]
    return mark_safe(f"<style>{css.text}</style>")


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str) -> SafeString:
    """Show an icon; words always stand beside it, so it is hidden from screen readers. Its drawing joins the page's sprite."""
    used = _used_icons(context)
    if used is not None:
        used[name] = None
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag(takes_context=True)
def icons(context: Context, *names: str) -> SafeString:
    """Write the sprite: the icons that `icon` showed before this point, and `names`. Stands at the end of base.html."""
    wanted = dict.fromkeys([*names, *(_used_icons(context) or {})])
    symbols = "".join(symbol(name) for name in sorted(wanted))
    return mark_safe(f'<svg display="none">{symbols}</svg>') if symbols else SafeString()


@register.simple_tag(takes_context=True)
def need_icon(context: Context, code: str) -> SafeString:
    """Show the icon of a need; empty where it has none."""
    return icon(context, NEED_ICONS[Need(code)]) if code in NEED_ICONS else SafeString()


@register.simple_tag(takes_context=True)
def stamp(context: Context, item: Any) -> SafeString:
    """Show the postmark of a topic, list row or post: the day of its last confirmation in the ring of its state; a question mark on a question."""
    if getattr(item, "kind", "") == Kind.QUESTION and item.validity() != Validity.GONE:
        return format_html('<p class="stamp ask">{}</p>', icon(context, "ask"))
    return _postmark(item.validity(), _date(dates.local(_confirmed_at(item))), _language())


@lru_cache(maxsize=2_000)
def _postmark(value: Validity, on: date, language: str) -> SafeString:
    return format_html('<p class="stamp {}">{}<small>{}</small></p>', value.value, on.day, dates.short_month(on, language))


def _confirmed_at(item: Any) -> datetime:
    for name in ("confirmed_at", "last_confirmed_at", "published_at", "newest_at", "created_at"):
        if moment := getattr(item, name, None):
            return moment  # type: ignore[no-any-return]
    raise AttributeError("published_at")


def _date(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _detail(item: Any, value: Validity) -> str:
    """Say on what the state of a topic or list row rests."""
    confirmed = getattr(getattr(item, "topic", item), "worked_count", 0)
    if value == Validity.FRESH and confirmed:
        return ngettext("%(count)d person confirms it", "%(count)d people confirm it", confirmed) % {"count": confirmed}
    if value == Validity.CHECK:
        return gettext("last word %(ago)s") % {"ago": ago(_confirmed_at(item))}
    if value == Validity.STALE:
        return gettext("not confirmed since %(day)s") % {"day": day(_confirmed_at(item))}
    return ""


@register.simple_tag(takes_context=True)
def state(context: Context, item: Any, detail: str = "") -> SafeString:
    """Show the validity of a topic, list row or post in words with its icon; `detail` (translated) replaces what it says of itself."""
    value = item.validity()
    drawing = icon(context, STATE_ICONS[value])
    return _state(value, drawing, detail or _detail(item, value), _language())


@lru_cache(maxsize=2_000)
def _state(value: Validity, drawing: SafeString, detail: str, language: str) -> SafeString:
    words = f"{value.label} · {detail}" if detail else str(value.label)
    return format_html('<p class="state {}">{}{}</p>', value.value, drawing, words)


@register.inclusion_tag("components/row.html", takes_context=True)
def row(context: Context, item: Any, places: bool = True, summary: bool = False) -> dict[str, Any]:
    """Show a list row with its topic; `places`: with the countries, `summary`: with its best sentence."""
    topic = item.topic
    return {
        "title": topic.title,
        "url": topic_path(topic.public_id, topic.slug, _language()),
        "lang": text_lang(topic.language),
        "stamp": stamp(context, item),
        "state": "" if topic.kind == Kind.QUESTION else state(context, item),
        "summary": topic.summary if summary else "",
        "about": _about(topic, places),
    }


def _about(topic: Any, places: bool) -> SafeString:
    """Write what stands below a topic in a list: when a question was asked, where, in which other language, how many replies."""
    asked = gettext("Asked %(ago)s") % {"ago": ago(topic.published_at)} if topic.kind == Kind.QUESTION else ""
    where = ", ".join(country_names(topic.country_codes)) if places else ""
    language = language_name(topic.language) if is_foreign(topic.language) else ""
    answers = replies(topic.reply_count) if topic.reply_count else ""
    return parts(("", asked), ("", where), (text_lang(topic.language), topic.place), ("", language), ("", answers))


def parts(*pairs: tuple[str, str]) -> SafeString:
    """Write the parts of a meta line from pairs of attributes and words; one without words is left out."""
    return format_html_join("", "<span{}>{}</span>", (pair for pair in pairs if pair[1]))


@register.filter
def replies(count: int) -> str:
    """Return "3 replies"."""
    return ngettext("%(n)s reply", "%(n)s replies", count) % {"n": count}


@register.simple_tag
def country_name(code: str) -> str:
    """Return the name of a country in the active language; the code itself when it is unknown."""
    return directory.name(code, _language()) if directory.known(code) else code


@register.simple_tag
def country_url(code: str) -> str:
    """Return the address of a country's page in the active language; empty when it is unknown."""
    language = _language()
    return address("country", language, directory.entry(code).slug(language)) if directory.known(code) else ""


@register.filter
def country_names(codes: Iterable[str]) -> list[str]:
    """Return the names of countries in the active language, in the order given."""
    language = _language()
    return [directory.name(code, language) for code in codes if directory.known(code)]


@register.filter
def need_label(code: str) -> str:
    """Return the words of a need."""
    return str(Need(code).label) if code in Need.values else code


@register.filter
def need_labels(codes: Iterable[str]) -> list[str]:
    """Return the words of needs."""
    return [need_label(code) for code in codes]


@register.filter
def kind_label(code: str) -> str:
    """Return the word of a kind."""
    return str(Kind(code).label) if code in Kind.values else code


@register.filter
def day(moment: datetime | date | None) -> str:
    """Return "18 mars"."""
    return dates.day(moment, _language()) if moment else ""


@register.filter
def full_day(value: date) -> str:
    """Return "1er mars 2026"."""
    return dates.full_day(value, _language())


@register.filter
def short_day(value: date) -> str:
    """Return "18 mars", "22 nov": for narrow columns."""
    return dates.short_day(value, _language())


@register.filter
def long_day(moment: datetime) -> str:
    """Return "jeudi 18 mars" in the zone that the moment stands in, with a capital as the first word of a line."""
    words = dates.long_day(moment.date(), _language())
    return words[:1].upper() + words[1:]


@register.filter
def clock_there(moment: datetime) -> str:
    """Return the time of day in the zone that the moment stands in."""
    return dates.clock(moment, _language())


@register.filter
def month(moment: datetime) -> str:
    """Return the month as it stands on a postmark."""
    return dates.short_month(_date(dates.local(moment)), _language())


@register.filter
def clock(moment: datetime | None) -> str:
    """Return "16h20", Brussels time unless the moment was put into another zone."""
    return dates.clock(dates.local(moment), _language()) if moment else ""  # type: ignore[arg-type]


@register.filter
def ago(moment: datetime | None) -> str:
    """Return "il y a 3 heures"."""
    return dates.ago(moment, _language()) if moment else ""


@register.simple_tag
def when(moment: datetime | date | None, with_time: bool = False) -> SafeString:
    """Show a date as a `time` element, with the time of day when asked."""
    if not moment:
        return SafeString()
    words = dates.day(moment, _language())
    if with_time and isinstance(moment, datetime):
        words = f"{words}, {clock(moment)}"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


_BULLETS = ("- ", "* ", "• ")


@register.filter
def lines(text: str) -> SafeString:
    """Show a text of the ministry: lines that begin with a dash as a list, the others as paragraphs. Everything is escaped."""
    parts = []
    for bullets, group in groupby(text.strip().splitlines(), key=lambda line: line.startswith(_BULLETS)):
        if bullets:
            parts.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line[2:],) for line in group))))
        else:
            parts.append(format_html_join("", "<p>{}</p>", ((line,) for line in group if line.strip())))
    return mark_safe("".join(parts))


@register.filter
def language_name(code: str) -> str:
    """Return the name of a language in the active one; empty when undetermined."""
    return dates.language_name(code, _language())


@register.simple_tag
def text_lang(code: str) -> SafeString:
    """Write `lang` and `dir` for a text that a person wrote (WCAG 3.1.2); goes inside a start tag."""
    return _text_lang(code)


@lru_cache(maxsize=500)
def _text_lang(code: str) -> SafeString:
    known = "" if code == "und" else code
    return format_html(' lang="{}" dir="{}"', known, dates.direction(code))


@register.simple_tag
def is_foreign(code: str) -> bool:
    """Say whether a text is in another language than the page."""
    return bool(code) and code != "und" and code.split("-", maxsplit=1)[0] != _language()


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """Return the page's query string with some parameters changed; None or "" takes one out."""
    request = _request(context)
    if request is None:
        return ""
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}" if parameters else "?"
