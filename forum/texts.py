"""From what a person typed to what the world reads: Markdown subset, sanitised once on save, with summary, slug and hash."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

import mistune
import nh3
from django.utils.text import slugify

ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code"}
# "*" empty: the sanitiser would let `title` and `lang` through everywhere.
ALLOWED_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
LINK_REL = "nofollow ugc noopener"
SUMMARY_LENGTH = 240
# French sets these signs apart by a space at which no line may end (docs/words.md); other languages have no space there.
_SET_APART = re.compile(r" (?=[:;!?»](?!\w))|(?<=«) ")


@dataclass(frozen=True, slots=True)
class PostText:
    """What an author wrote, complete: the input of every writing service. Language None asks for detection."""

    body: str
    title: str = ""
    kind: str = ""
    language: str | None = None
    countries: Sequence[str] = ()
    place: str = ""
    needs: Sequence[str] = ()
    tags: Sequence[str] = ()
    crisis_id: int | None = None
    validity_until: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def content_hash(self) -> str:
        """Return the SHA-256 of all that a reader would see, in a canonical form."""
        parts: list[Any] = [self.title, self.body, self.kind, list(self.countries), self.place, list(self.needs), sorted(self.tags)]
        parts.append(self.validity_until.isoformat() if self.validity_until else None)
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class _Renderer(mistune.HTMLRenderer):
    """Headings become bold paragraphs (the page owns its outline), pictures become links."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f"<p><strong>{text}</strong></p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return self.link(text or url, url, title)

    def thematic_break(self) -> str:
        return ""

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<p>{mistune.escape(code)}</p>\n"


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["url"], hard_wrap=True)


def unbroken(text: str) -> str:
    """Return a line or HTML whose signs set apart in the French way never begin a line: their spaces become narrow no-break ones."""
    return _SET_APART.sub("\u202f", text)


def render(body: str) -> str:
    """Return sanitised HTML of a Markdown text. What is not on the allow-list does not come out, whatever went in."""
    html = unbroken(str(_markdown(body)))
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        # A relative address would make a citizen's link look like one of the site.
        url_relative="deny",
        link_rel=LINK_REL,
    ).strip()


def plain(html: str) -> str:
    """Return the words of rendered HTML on one line, for summaries, feeds, mails and the index."""
    spaced = re.sub(r"</(p|li|blockquote)>|<br\s*/?>", " ", html)
    return re.sub(r"\s+", " ", unescape(nh3.clean(spaced, tags=set()))).strip()


def summarise(html: str) -> str:
    """Return the first words of a text, cut at a word."""
    text = unbroken(plain(html))
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[:SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def make_slug(title: str) -> str:
    """Return the words of a title for an address; never empty."""
    return slugify(title)[:80].strip("-") or "x"
