"""Answers when something is wrong: a page with one way on for people, `application/problem+json` (RFC 9457) for programs. Never a database query."""

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, gettext_lazy, override
from django.utils.translation import gettext_lazy as _

from forum.views.giving_back import give_back

JSON_TYPES = ("application/problem+json", "application/json")
RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Wording:
    """What a page says about a status: what happened, and what to do now."""

    title: Any
    advice: Any


WORDING: dict[int, Wording] = {
    400: Wording(_("We cannot read this request"), _("Go back and try again. If you typed the address, look for a mistake in it.")),
    401: Wording(_("Sign in first"), _("This page is for people who are signed in.")),
    403: Wording(_("You may not open this"), _("Your account has no right to see or do this.")),
    404: Wording(_("There is nothing at this address"), _("It may have moved, or have been taken away. Search for it, or choose a country.")),
    405: Wording(_("This address does not accept that"), _("Go back and use the form of the page.")),
    409: Wording(_("Somebody changed this in the meantime"), _("Nothing was stored. Read the newer version, then decide again.")),
    410: Wording(_("This was taken away"), _("It is no longer true, or dangerous. Look for something newer.")),
    413: Wording(_("This is too large"), _("A form holds at most 1 MB, an upload at most 12 MB. Nothing was stored.")),
    415: Wording(_("We do not know this kind of file"), _("Send it in another form.")),
    429: Wording(_("That was a lot at once"), _("Wait a little, then try again. Reading goes on without a limit.")),
    500: Wording(_("This is our fault"), _("Something broke here, and we are told of it. Try again in a few minutes.")),
    503: Wording(_("The site is busy"), _("Try again in half a minute.")),
}
# A form's reload sends it again, and its hidden key makes two of it one.
SENT_AGAIN = _("Nothing was stored. Wait half a minute, then load this page again: what you typed is sent once more and kept once.")
CSRF_TITLE = gettext_lazy("This form is too old")
CSRF_ADVICE = gettext_lazy("Go back, load the page again and send it once more. Your text is still in the form.")


def wants_json(request: HttpRequest) -> bool:
    """Say whether the client asks for JSON rather than a page."""
    accept = request.META.get("HTTP_ACCEPT", "")
    return any(kind in accept for kind in JSON_TYPES) and "text/html" not in accept


def problem(request: HttpRequest, status: int, title: str = "", detail: str = "") -> HttpResponse:
    """Return the answer for `status`: JSON or a page, in the reader's language, never cached."""
    with override(_language(request)):
        words = WORDING.get(status) or WORDING[400 if status < 500 else 500]
        advice = SENT_AGAIN if status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == "POST" else words.advice
        title, detail = title or str(words.title), detail or str(advice)
        response = _json(status, title, detail) if wants_json(request) else _page(request, status, title, detail)
    response["Cache-Control"] = "no-store"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return response


def _language(request: HttpRequest) -> str:
    try:
        return get_language_from_request(request, check_path=True)
    except (UnicodeError, ValueError):
        return str(settings.LANGUAGE_CODE)


def _json(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def _page(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    return render(request, "pages/error.html", {"status": status, "heading": title, "advice": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: broken input; 413 where a form was larger than Django reads."""
    return problem(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: the reason that a permission gave, else the general one."""
    return problem(request, 403, detail=str(exception) if exception and str(exception) else "")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return problem(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: expired, or not ours. A text that somebody wrote comes back in its form, other forms are to be opened again."""
    with override(_language(request)):
        if form := give_back(request, reason):
            return form
        return problem(request, 403, str(CSRF_TITLE), str(CSRF_ADVICE))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: the plain page of `500.html`, rendered without the request when even the frame is broken.

    503 when the database was away or locked before a view or after it (a session, a grant): the middleware of problems sees views alone."""
    away = isinstance(sys.exc_info()[1], OperationalError)
    try:
        return problem(request, 503 if away else 500)
    except Exception:
        return HttpResponse(PLAIN_500, status=500, content_type="text/html; charset=utf-8")


PLAIN_500 = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>BelgesSolidaires</title>'
    "<p>Une erreur est survenue chez nous. Réessayez dans quelques minutes."
    '<p lang="nl">Er ging iets mis bij ons. Probeer het over enkele minuten opnieuw.'
    '<p lang="de">Bei uns ist ein Fehler aufgetreten. Versuchen Sie es in einigen Minuten noch einmal.'
    '<p lang="en">Something broke on our side. Try again in a few minutes.</html>'
)
