"""Small answers that several views of the forum give."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.enums import Language
from accounts.models import User
from forum.addresses import topic_path
from forum.models import Topic

ANONYMOUS_SECONDS = 30


def cacheable(response: HttpResponse, *parameters: str) -> HttpResponse:
    """Let the anonymous cache keep this page, for requests with these query parameters only (docs/adr/0009)."""
    response.public_for = ANONYMOUS_SECONDS  # type: ignore[attr-defined]
    response.public_parameters = frozenset(parameters)  # type: ignore[attr-defined]
    return response


def gone(request: HttpRequest, context: dict[str, Any] | None = None) -> HttpResponse:
    """Answer 410: the address held something. With a `topic` its title and reason are shown (marked dangerous), else nothing of it."""
    response = render(request, "forum/gone.html", context or {}, status=410)
    response["Cache-Control"] = "no-store"
    return response


def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back to this address."""
    return HttpResponse(status=302, headers={"Location": redirect_to_login(request.get_full_path(), "account_login").url})


def person(request: HttpRequest) -> User | None:
    """Return who is signed in, or None."""
    return request.user if isinstance(request.user, User) else None


def in_every_language(topic: Topic) -> dict[str, str]:
    """Return the path of a topic's page in the four languages, for `request.alternates`."""
    return {code: topic_path(topic.public_id, topic.slug, code) for code in Language.values}
