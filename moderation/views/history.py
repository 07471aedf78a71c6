"""What was decided, by whom, when; newest first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from moderation.casefile import actor_label, with_actors
from moderation.forms import HistoryFilters
from moderation.models import Decision
from moderation.permissions import decisions_seen_by
from moderation.queue import title_of
from moderation.views.access import StaffRequest, frame, reader_language, reviewers_only

PAGE = 50


def _filtered(request: StaffRequest, chosen: Mapping[str, Any], after: str) -> Any:
    decisions = decisions_seen_by(request.user)
    for name, column in {"action": "action", "ground": "ground", "language": "item__language"}.items():
        if value := chosen.get(name):
            decisions = decisions.filter(**{column: value})
    if country := chosen.get("country"):
        decisions = decisions.filter(item__country_id=None if country == "-" else country)
    if by := chosen.get("by"):
        whose: dict[str, dict[str, Any]] = {
            "me": {"actor_ref": request.user.audit_ref},
            "people": {"automated": False},
            "system": {"automated": True},
        }
        decisions = decisions.filter(**whose[by])
    if last := Decision.objects.filter(public_id=after).values_list("pk", flat=True).first() if after else None:
        decisions = decisions.filter(pk__lt=last)
    return with_actors(decisions).select_related("item__version", "item__profile", "item__post__topic", "reverted_by").order_by("-pk")


@require_safe
@reviewers_only
def history(request: StaffRequest) -> HttpResponse:
    """List the decisions about items of the user's desks."""
    form = HistoryFilters(request.GET, reader=reader_language())
    chosen = form.cleaned_data if form.is_valid() else {}
    heavy = ("item__version__body", "item__version__html", "item__profile__about")
    found = list(_filtered(request, chosen, request.GET.get("after", "")).defer(*heavy)[: PAGE + 1])
    kept = {name: value for name, value in chosen.items() if value}
    context = {
        **frame(_("History"), (reverse("moderation:history"), _("History"))),
        "form": form,
        "filters": len(kept),
        "decisions": [{"decision": d, "actor": actor_label(d), "title": title_of(d.item)[0]} for d in found[:PAGE]],
        "next_page": urlencode(kept | {"after": found[PAGE - 1].public_id}) if len(found) > PAGE else "",
    }
    return render(request, "moderation/history.html", context, status=200 if form.is_valid() else 400)
