"""The sitemap: only what is fresh or official (CONTRACT.md, Addresses), each page with its address in the four languages."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from countries import directory
from forum.enums import Validity
from forum.lively import lively_countries
from forum.models import ForumListing
from pages.models import StandingPage

# The protocol allows 50,000 addresses; each topic has four.
MOST_TOPICS = 10_000
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def entries() -> Iterator[str]:
    """Yield the file piece by piece."""
    yield HEAD
    yield from _page(lambda _code: reverse("home"))
    yield from _page(lambda _code: reverse("country_list"))
    for code in lively_countries():
        entry = directory.entry(code)
        yield from _page(lambda language, entry=entry: reverse("country", args=[entry.slug(language)]))  # type: ignore[misc]
    yield from _standing()
    for public_id, slug in _fresh_topics():
        address = {"public_id": public_id, "slug": slug}
        yield from _page(lambda _code, address=address: reverse("topic", kwargs=address))  # type: ignore[misc]
    yield "</urlset>\n"


def _fresh_topics() -> Iterator[tuple[str, str]]:
    rows = ForumListing.objects.for_filters().in_state(Validity.FRESH, now=timezone.now()).visible_to()
    newest = rows.order_by("-newest_at", "-topic_id").values_list("topic__public_id", "topic__slug")
    return newest[:MOST_TOPICS].iterator(chunk_size=500)


def _standing() -> Iterator[str]:
    pages: dict[str, dict[str, str]] = {}
    rows = StandingPage.objects.live().exclude(key="").order_by("position", "pk").values_list("key", "locale__language_code", "slug")
    for key, language, slug in rows:
        pages.setdefault(key, {})[language] = slug
    for slugs in pages.values():
        if set(slugs) >= set(LANGUAGES):
            yield from _page(lambda language, slugs=slugs: reverse("wagtail_serve", args=[f"{slugs[language]}/"]))  # type: ignore[misc]


def _page(address_in: Callable[[str], str]) -> Iterator[str]:
    """Yield one entry for each language, each naming all four."""
    addresses = {}
    for code in LANGUAGES:
        with override(code):
            addresses[code] = escape(settings.BASE_URL + address_in(code))
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in addresses.items())
    for address in addresses.values():
        yield f"<url><loc>{address}</loc>{links}</url>\n"
