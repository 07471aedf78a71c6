"""A form whose token was refused comes back with all that was typed: nothing is stored, one press sends it (PRODUCT.md, "work that vanishes")."""

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from forum.views.answers import person
from forum.views.steps import BACK, REFUSED

# Forms with a person's text; a change needs somebody who is signed in, everything else would only lead to the sign-in.
WRITING = frozenset({"write", "topic_reply", "post_edit"})
# What Django says of a token that is missing or of another sign-in; a request of another site is refused for its origin and gets nothing back.
OF_THE_TOKEN = ("CSRF token", "CSRF cookie")


def give_back(request: HttpRequest, reason: str) -> HttpResponse | None:
    """Return the form of writing, filled as it was sent, under a new token (403); None for other forms and other sites' requests.

    `reason` is what Django says of the refusal. Signing in gives a browser a new token, so a form in another tab is refused once.
    """
    if not reason.startswith(OF_THE_TOKEN) or "body" not in request.POST:
        return None
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return None
    if found.url_name not in WRITING or (found.url_name == "post_edit" and person(request) is None):
        return None
    typed = request.POST.copy()
    typed["step"] = BACK
    request.POST = typed  # type: ignore[assignment]
    setattr(request, REFUSED, True)
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    if response.status_code == 200:
        response.status_code = 403
    return response
