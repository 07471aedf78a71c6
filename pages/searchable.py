"""Editorial pages in the search: one document for a page in all its languages, known by the oldest page of the group."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from forum.texts import plain
from pages.models import NewsPage, StandingPage
from search.documents import OFFICIAL, SearchDocument
from search.extensions import SearchSource

PAGE = "page"
EDITORIAL = (StandingPage, NewsPage)
PREFERRED_LANGUAGE = "fr"


def _groups() -> QuerySet[Any, Any]:
    """Each editorial page with its translations: its oldest row, how many anybody may read, when one was published last."""
    pages = Page.objects.exact_type(*EDITORIAL).order_by().values("translation_key")
    readable = Q(pk__in=Page.objects.live().public().values("pk"))
    return pages.annotate(first=Min("pk"), shown=Count("pk", filter=readable), latest=Max("last_published_at"))


def revisions(after: int, limit: int) -> list[tuple[int, int]]:
    """The next groups with a page that anybody may read; the moment of the last publication, in seconds, is their revision."""
    rows = _groups().filter(first__gt=after, shown__gt=0).order_by("first").values_list("first", "latest")[:limit]
    return [(first, int(latest.timestamp()) if latest else 0) for first, latest in rows]


def documents(pks: Sequence[int]) -> list[SearchDocument]:
    """The documents of the groups with these oldest rows that have such a page. Three queries."""
    groups = {row["translation_key"]: row for row in _groups().filter(first__in=pks, shown__gt=0)}
    pages: dict[UUID, list[StandingPage | NewsPage]] = defaultdict(list)
    for model in EDITORIAL:
        for page in model._default_manager.live().public().filter(translation_key__in=groups).select_related("locale").order_by("pk"):
            pages[page.translation_key].append(page)
    made = [_document(groups[key], found) for key, found in pages.items()]
    return sorted(made, key=lambda document: document.pk)


def _document(group: dict[str, Any], pages: list[StandingPage | NewsPage]) -> SearchDocument:
    by_language = {page.locale.language_code: page for page in pages}
    texts = {code: (page.title, f"{page.summary}\n{plain(page.body)}") for code, page in by_language.items()}
    language = PREFERRED_LANGUAGE if PREFERRED_LANGUAGE in texts else min(texts)
    title, body = texts.pop(language)
    published = [page.first_published_at for page in pages if page.first_published_at]
    return SearchDocument(
        entity=OFFICIAL,
        source=PAGE,
        pk=group["first"],
        public_id=str(group["translation_key"]),
        revision=int(group["latest"].timestamp()) if group["latest"] else 0,
        title=title,
        body=body,
        language=language,
        # Slugs by language: the search stores an address as one text.
        url=" ".join(f"{code}={page.slug}" for code, page in sorted(by_language.items())),
        published_at=int(min(published).timestamp()) if published else 0,
        translations=tuple((code, *words) for code, words in sorted(texts.items())),
    )


def address(document: SearchDocument, language: str) -> str:
    """The path of the page in `language`, else in the language that the document is in."""
    slugs = dict(pair.split("=", 1) for pair in document.url.split())
    shown = language if language in slugs else document.language
    with override(shown):
        return reverse("wagtail_serve", args=[f"{slugs[shown]}/"])


def oldest(page: Page) -> int:
    """The row by which the search knows the group of `page`."""
    return int(page.get_translations(inclusive=True).order_by("pk").values_list("pk", flat=True)[0])


SOURCE = SearchSource(PAGE, documents, revisions, address)
