"""Who may open the pages of the crisis desk, and how a refusal is said."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.permissions import Verdict

# A page shows no more rows; what is on, or waits, stands first.
MOST_LISTED = 100
View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request whose user is signed in: Wagtail lets nobody else come here."""

    user: User


def desk(view: View) -> View:
    """Answer a refusal with 403 and its reason: Wagtail would lead to its start page instead, as if all were well."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return render(request, "crisis/refused.html", {"reason": str(refusal)}, status=403)

    return guarded


def demand(verdict: Verdict) -> None:
    """Raise PermissionDenied with the verdict's reason when it is a refusal."""
    if not verdict:
        raise PermissionDenied(str(getattr(verdict, "reason", "")))
