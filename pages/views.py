"""The home page, the list of countries, the page of a country. Plain views: these are what most readers open first (docs/adr/0008)."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from countries import directory
from countries.enums import MatchReason
from countries.folding import fold
from countries.places import resolve_place
from crisis.banner import open_crises
from forum.addresses import address
from forum.lively import lively_countries
from forum.permissions import standing
from pages import listings, notices
from pages.caching import public_page
from pages.local_time import in_capital

LONGEST_PLACE = 100
CHIPS = 14


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


@require_safe
@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box first, then crises, countries, what was confirmed lately, open questions. Reads only list rows."""
    language = _language()
    reader = standing(request.user)
    crises = open_crises(language)
    in_crisis = {code for crisis in crises for code in crisis.countries}
    codes = [*sorted(in_crisis), *lively_countries()][:CHIPS]
    context = {
        "crises": crises,
        "in_crisis": in_crisis,
        "notices": notices.for_everybody(language),
        "countries": listings.by_name(codes, language),
        "tips": listings.fresh_tips(limit=4, reader=reader),
        "questions": listings.open_questions(limit=3, reader=reader),
        "now": timezone.now(),
    }
    return render(request, "pages/home.html", context)


@require_safe
@public_page()
def country_list(request: HttpRequest) -> HttpResponse:
    """List all countries by name; `q` finds one by any name in four languages, a capital or an airport, with typos.

    One exact meaning leads straight to the country; several are offered; none leads on to the search."""
    language = _language()
    query = request.GET.get("q", "").strip()[:LONGEST_PLACE]
    found = _places(query, language)
    if len(found) == 1 and found[0]["reason"] == MatchReason.EXACT:
        return HttpResponseRedirect(reverse("country", args=[found[0]["entry"].slug(language)]))
    context = {
        "query": query,
        "found": found,
        "letters": _by_letter(language),
        "in_crisis": {code for crisis in open_crises(language) for code in crisis.countries},
    }
    return render(request, "pages/country_list.html", context)


def _places(query: str, language: str) -> list[dict[str, Any]]:
    """Return one meaning for each country that `query` may mean, the strongest first."""
    once: dict[str, dict[str, Any]] = {}
    for candidate in resolve_place(query, language) if query else ():
        if directory.known(candidate.country_code):
            entry = directory.entry(candidate.country_code)
            once.setdefault(entry.code, {"entry": entry, "label": candidate.label, "reason": candidate.reason})
    return list(once.values())


def _by_letter(language: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return code, name and address of the countries under the first letter of their name, without accents."""
    groups = groupby(directory.entries(language), lambda entry: fold(entry.name(language))[:1].upper())
    return [
        (letter, [(entry.code, entry.name(language), address("country", language, entry.slug(language))) for entry in entries])
        for letter, entries in groups
    ]


@require_safe
@public_page()
def country(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one country: the official word, whom to call, tips by need, questions, offers, neighbours. 404 for an unknown name;
    a name in another language of the site leads to the right address."""
    language = _language()
    entry = directory.by_slug(slug, language)
    if entry is None:
        return _right_address(slug, language)
    request.banner_countries = [entry.code]  # type: ignore[attr-defined]
    request.alternates = _alternates(entry)  # type: ignore[attr-defined]
    reader = standing(request.user)
    context = {
        "country": entry,
        "name": entry.name(language),
        "capital": entry.capital_name(language),
        "time": in_capital(entry),
        "now": timezone.now(),
        "notices": notices.of_country(entry.code, language),
        "groups": listings.tips_by_need(entry.code, reader),
        "questions": listings.open_questions(entry.code, reader=reader),
        "offers": listings.open_offers(entry.code, reader=reader),
        "emergency": _emergency(entry),
        "neighbours": listings.by_name(entry.neighbours, language),
        "short_address": f"{settings.BASE_URL.partition('//')[2]}/c/{entry.code.lower()}",
        "feed": f"{reverse('topic_feed')}?country={entry.code}",
    }
    return render(request, "pages/country.html", context)


def _right_address(slug: str, language: str) -> HttpResponse:
    for code, _name in settings.LANGUAGES:
        if entry := directory.by_slug(slug, code):
            return HttpResponseRedirect(reverse("country", args=[entry.slug(language)]))
    raise Http404


def _alternates(entry: directory.CountryEntry) -> dict[str, str]:
    """Return the page's path in each language: the name of a country differs from one to the other."""
    return {code: address("country", code, entry.slug(code)) for code, _name in settings.LANGUAGES}


def _emergency(entry: directory.CountryEntry) -> list[tuple[str, tuple[str, ...]]]:
    """Return the services with their numbers, in the order in which people need them; one without a number is "not known"."""
    if entry.emergency.get("any") and not any(entry.emergency.get(service) for service in ("police", "ambulance", "fire")):
        return [("any", entry.emergency["any"])]
    return [(service, entry.emergency.get(service) or entry.emergency.get("any", ())) for service in ("police", "ambulance", "fire")]


@require_safe
@public_page()
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one official notice at an address of its own. 404 unless it is published."""
    shown = notices.one(public_id, _language())
    if shown is None:
        raise Http404
    request.banner_countries = list(shown.countries)  # type: ignore[attr-defined]
    about = listings.by_name(shown.countries, _language())
    return render(request, "pages/notice.html", {"notice": shown, "countries": about})
