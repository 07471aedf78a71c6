"""Addresses that pages write many times: asked of Django once a language, then filled in."""

from functools import cache, lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

_PUBLIC_ID, _SLUG = "000000", "x"


@lru_cache(maxsize=2_000)
def address(name: str, language: str, *args: str) -> str:
    """Return the path of a view in `language`; empty where there is none. For few arguments: none, a country, a standing page."""
    with override(language):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            return ""


@cache
def _topic_pattern(language: str) -> tuple[str, str]:
    """What stands before a topic's id and after its slug."""
    with override(language):
        before, _, after = reverse("topic", args=[_PUBLIC_ID, _SLUG]).partition(f"{_PUBLIC_ID}-{_SLUG}")
    return before, after


def topic_path(public_id: str, slug: str, language: str) -> str:
    """Return the path of a topic's page. Both parts are plain ASCII (`new_topic_id`, `make_slug`): nothing needs quoting."""
    before, after = _topic_pattern(language)
    return f"{before}{public_id}-{slug}{after}"
