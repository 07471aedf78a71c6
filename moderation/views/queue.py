"""The list of what waits, and the way to the next item."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from moderation.enums import ItemState
from moderation.forms import QueueFilters
from moderation.models import ReviewItem
from moderation.permissions import reviewable_by
from moderation.queue import WAITING, Figures, figures, page_of, rows_of
from moderation.views.access import StaffRequest, frame, reader_language, reviewers_only, undo_offer


@require_safe
@reviewers_only
def queue(request: StaffRequest) -> HttpResponse:
    """List what waits on the user's desks."""
    form, now = QueueFilters(request.GET, reader=reader_language()), timezone.now()
    chosen = form.cleaned_data if form.is_valid() else {}
    items, following = page_of(request.user, chosen, after=request.GET.get("after", ""), now=now)
    counted = figures(request.user, now)
    setattr(request, WAITING, counted.waiting)
    kept = {name: value for name, value in chosen.items() if value}
    context = {
        **frame(_("To review")),
        "form": form,
        "rows": rows_of(items, reader_language(), now),
        "figures": counted,
        "waiting_shown": Figures.shown(counted.waiting),
        "late_shown": Figures.shown(counted.late),
        "here": chosen.get("state") or ItemState.OPEN.value,
        "filters": len(kept),
        "next_page": urlencode(kept | {"after": following}) if following else "",
        "is_first": "after" not in request.GET,
        "undo": undo_offer(request.user, request.GET.get("undo", "")),
    }
    return render(request, "moderation/queue.html", context, status=200 if form.is_valid() else 400)


@require_safe
@reviewers_only
def next_item(request: StaffRequest) -> HttpResponse:
    """Lead to the item that comes first in the order of the user's desks."""
    item = reviewable_by(request.user).waiting().exclude(author_id=request.user.pk).in_order().first()
    return redirect("moderation:item", item.public_id) if item else redirect("moderation:queue")


@require_safe
@reviewers_only
def of_post(request: StaffRequest, public_id: str) -> HttpResponse:
    """Lead from a post to its newest item: to hide, archive or restore what is public."""
    item: ReviewItem | None = reviewable_by(request.user).filter(post__public_id=public_id).order_by("-pk").first()
    if item is None:
        raise Http404
    return redirect("moderation:item", item.public_id)
