"""The search page: one box, one GET form, everything in the address."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rates import seconds_to_wait
from forum.emergency import danger_lines
from forum.enums import TITLE_MAX
from forum.permissions import standing
from forum.querysets import visible_regimes
from search import choices
from search.documents import SearchQuery
from search.forms import LONGEST_TEXT, PAGE_SIZE, PARAMETERS, Asked, read_request
from search.services import Answer, find

# The anonymous cache may keep a page for so long (ARCHITECTURE.md, Cache).
CACHE_SECONDS = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """GET /search/?q=…: results, or why the question can't be read (400, with the words still in the box)."""
    asked = read_request(request.GET)
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    context: dict[str, Any] = {"asked": asked, "longest": LONGEST_TEXT}
    if asked.errors:
        return render(request, "search/search.html", context, status=400)
    if asked.is_empty:
        return _cacheable(render(request, "search/search.html", context))
    if wait := seconds_to_wait(request, "search"):
        return _too_often(request, context, wait)
    answer = find(_query(request, asked, language))
    request.banner_countries = [answer.country] if answer.country else []  # type: ignore[attr-defined]
    context |= _found(request, asked, answer, language)
    response = render(request, "search/search.html", context)
    return response if answer.page.is_degraded else _cacheable(response)


def _too_often(request: HttpRequest, context: dict[str, Any], wait: int) -> HttpResponse:
    """Answer 429: the words stay in the box, and the reader learns when to ask again. Pages of the anonymous cache never come here."""
    message = ngettext(
        "You searched very often. Wait %(n)d second, then search again.", "You searched very often. Wait %(n)d seconds, then search again.", wait
    )
    context |= {
        "asked": replace(context["asked"], errors={"q": message % {"n": wait}}),
        "danger": danger_lines(context["asked"].chosen.get("country", ())),
    }
    response = render(request, "search/search.html", context, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def _query(request: HttpRequest, asked: Asked, language: str) -> SearchQuery:
    reader = request.user
    country = reader.country_id if isinstance(reader, User) else None
    return SearchQuery(
        text=asked.text,
        language=language,
        filters=asked.filters(visibilities=tuple(visible_regimes(**standing(reader))), now=timezone.now()),
        reader_countries=(country,) if country else (),
        limit=PAGE_SIZE,
        offset=asked.offset,
    )


def _found(request: HttpRequest, asked: Asked, answer: Answer, language: str) -> dict[str, Any]:
    following = answer.page.next_offset
    groups = choices.groups(asked, answer, language)
    return {
        "answer": answer,
        "results": [(result, result.address(language)) for result in answer.results],
        "groups": groups,
        "has_filters": bool(groups or asked.since),
        "periods": choices.periods(asked),
        "chips": choices.chips(asked, request.GET, language),
        "doubts": choices.doubts(answer, request.GET, language),
        "neighbours": [] if answer.results else choices.wider(answer, request.GET, language),
        "every_language": choices.changed(request.GET, "language") if "language" in asked.chosen else "",
        "without_filters": f"?{urlencode({'q': asked.text})}" if asked.text else "",
        "next": choices.changed(request.GET, "page", str(following)) if following else "",
        "danger": danger_lines([answer.country] if answer.country else []),
        "ask": _ask_address(asked, answer),
    }


def _ask_address(asked: Asked, answer: Answer) -> str:
    """The form for a question, with the words carried over."""
    parameters = {"kind": "question", "title": asked.text[:TITLE_MAX], "country": answer.country}
    return f"{reverse('write')}?{urlencode({name: value for name, value in parameters.items() if value})}"


def _cacheable(response: HttpResponse) -> HttpResponse:
    """Let the anonymous cache keep the page, for requests with our parameters only (it reads these two attributes)."""
    response.public_for = CACHE_SECONDS  # type: ignore[attr-defined]
    response.public_parameters = frozenset(PARAMETERS)  # type: ignore[attr-defined]
    return response
