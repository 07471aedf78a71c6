"""Short addresses that lead on by `Accept-Language`, without a cookie: `/`, `/c/pe`, `/pe`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from countries import directory


def redirect_by_language(request: HttpRequest, name: str, query: str = "", **kwargs: str) -> HttpResponse:
    """Lead to a page in the reader's language."""
    with override(get_language_from_request(request)):
        address = reverse(name, kwargs=kwargs)
    response = HttpResponseRedirect(f"{address}?{query}" if query else address)
    patch_vary_headers(response, ["Accept-Language"])
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the reader's language."""
    return redirect_by_language(request, "home")


@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """Lead Wagtail's sign-in to the site's own: one door, with the second factor behind it."""
    query = request.META.get("QUERY_STRING", "")
    return redirect_by_language(request, "account_login", query=query)


def admin_logout(request: HttpRequest) -> HttpResponse:
    """Lead Wagtail's sign-out to the site's own, form and all."""
    with override(get_language_from_request(request)):
        return HttpResponse(status=307, headers={"Location": reverse("account_logout"), "Cache-Control": "no-store"})


@require_safe
def short_country(request: HttpRequest, code: str) -> HttpResponse:
    """Lead `/c/pe` to the country's page; 404 for a code that is no country."""
    code = code.upper()
    if not directory.known(code):
        raise Http404
    language = get_language_from_request(request)
    return redirect_by_language(request, "country", slug=directory.entry(code).slug(language))


@require_safe
def two_letters(request: HttpRequest, code: str) -> HttpResponse:
    """Lead `/pe` like `/c/pe`; the code of a language in capitals (`/DE`) is that language's home page."""
    if code.lower() in dict(settings.LANGUAGES):
        with override(code.lower()):
            return HttpResponseRedirect(reverse("home"))
    return short_country(request, code)
