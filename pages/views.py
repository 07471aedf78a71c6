"""The home page, the list of countries, the page of a country. Plain views: these are what most readers open first (docs/adr/0008)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from countries import directory
from pages.caching import public_page


@require_safe
@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box first, then crises, countries, what was confirmed lately, open questions."""
    return render(request, "pages/home.html")


@require_safe
@public_page()
def country_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


@require_safe
@public_page()
def country(request: HttpRequest, slug: str) -> HttpResponse:
    entry = directory.by_slug(slug, get_language() or "fr")
    if entry is None:
        raise Http404
    return render(request, "pages/home.html")
