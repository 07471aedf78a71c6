"""Who may open the pages of the queue, and what every page shows around its content."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.models import User
from moderation.enums import Action
from moderation.models import Decision
from moderation.permissions import is_reviewer
from moderation.queue import title_of
from moderation.workflow import UNDOABLE

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request whose user is signed in: Wagtail lets nobody else come here."""

    user: User


def reviewers_only(view: View) -> View:
    """Answer 403 to staff without a review right; Wagtail asked for the sign-in already."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_reviewer(request.user):
            return render(request, "moderation/denied.html", frame(gettext("To review")), status=403)
        return view(request, *args, **kwargs)

    return checked


def reader_language() -> str:
    """Return the language of the interface in two letters."""
    return (get_language() or "fr")[:2]


def frame(title: str, *trail: tuple[str, str]) -> dict[str, Any]:
    """Return what the admin's furniture asks for: title and breadcrumbs from the queue down."""
    crumbs = [(reverse("wagtailadmin_home"), gettext("Home")), (reverse("moderation:queue"), gettext("To review")), *trail]
    return {"page_title": title, "crumbs": [{"url": url, "label": label} for url, label in crumbs]}


def undo_offer(user: User, reference: str) -> dict[str, Any] | None:
    """Return what the bar "decided, undo" shows for the decision just taken; None when it is not theirs or its time is over.

    `seconds` is 0 for what nobody can undo: a note, a word to colleagues, an undo.
    """
    if not reference:
        return None
    rows = Decision.objects.select_related("item__version", "item__profile", "item__post__topic")
    decision = rows.filter(public_id=reference, actor_ref=user.audit_ref, reverted_by__isnull=True).first()
    if decision is None:
        return None
    left = (decision.effective_at - timezone.now()).total_seconds()
    if left <= 0:
        return None
    title, _language = title_of(decision.item)
    return {
        "decision": decision,
        "label": Action(decision.action).label,
        "title": title,
        "seconds": int(left) + 1 if decision.action in UNDOABLE else 0,
    }
