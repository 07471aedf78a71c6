"""The crisis desk: which crises are on, open one, close one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countries import directory
from crisis.forms import CrisisForm, title_in
from crisis.models import Crisis
from crisis.permissions import can_open_crisis
from crisis.services import CrisisOpenAlready, close_crisis, open_crisis
from crisis.views.access import MOST_LISTED, StaffRequest, demand, desk

FIELDS = ("scope", "countries", "regions", "scope_name", "severity", "review_regime", "visibility_regime")


@require_safe
@desk
def crisis_list(request: StaffRequest) -> HttpResponse:
    """List crises, open ones first."""
    user = request.user
    crises = Crisis.objects.desk_order().prefetch_related("texts", "crisiscountry_set", "crisisregion_set")
    names = dict(directory.regions((get_language() or "fr")[:2]))
    rows = [
        (crisis, *title_in(crisis), [names.get(row.region, row.region) for row in crisis.crisisregion_set.all()]) for crisis in crises[:MOST_LISTED]
    ]
    return render(request, "crisis/crisis_list.html", {"crises": rows, "may_open": bool(can_open_crisis(user))})


@desk
def crisis_open(request: StaffRequest) -> HttpResponse:
    """Show the form; a complete one opens the crisis."""
    user = request.user
    demand(can_open_crisis(user))
    form, status = CrisisForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                open_crisis(actor=user, texts=form.texts(), **{name: form.cleaned_data[name] for name in FIELDS})
            except CrisisOpenAlready:
                form.add_error(None, _("A crisis with this title is open already. Look at the list before you open a second one."))
                status = 409
            else:
                messages.success(request, _("The crisis is open. Its banner is on every page that it concerns."))
                return redirect("crisis_list")
    return render(request, "crisis/crisis_form.html", {"form": form}, status=status)


@desk
def crisis_close(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask once, then end the crisis."""
    user = request.user
    crisis = get_object_or_404(Crisis.objects.prefetch_related("texts"), public_id=public_id)
    demand(can_open_crisis(user, crisis))
    if crisis.closed_at:
        messages.info(request, _("This crisis is closed already."))
        return redirect("crisis_list")
    if request.method == "POST":
        close_crisis(actor=user, crisis=crisis)
        messages.success(request, _("The crisis is closed. Tips tied to it are asked again."))
        return redirect("crisis_list")
    return render(request, "crisis/crisis_close.html", {"crisis": crisis})
