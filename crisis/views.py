"""The crisis desk inside Wagtail's admin: open and close crises; write, hand over, approve and withdraw official notices."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Language, Role
from accounts.models import User
from accounts.permissions import Verdict, has_role, scopes
from crisis.enums import NoticeStatus
from crisis.forms import CrisisForm, NoticeForm, initial_of
from crisis.models import Crisis, OfficialNotice
from crisis.permissions import WRITER_ROLES, can_approve_notice, can_open_crisis, can_write_notice
from crisis.services import (
    CrisisNotAllowed,
    NoticeConflict,
    NoticeIncomplete,
    approve_notice,
    close_crisis,
    open_crisis,
    save_notice,
    submit_notice,
    withdraw_notice,
)

MOST_LISTED = 100
View = Callable[..., HttpResponse]


def _desk(view: View) -> View:
    """Answer a refusal with 403 and its reason: Wagtail would lead to its start page instead, as if all were well."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return render(request, "crisis/refused.html", {"reason": str(refusal)}, status=403)

    return guarded


def _staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _demand(verdict: Verdict) -> None:
    if not verdict:
        raise PermissionDenied(str(getattr(verdict, "reason", "")))


def _crisis(public_id: str) -> Crisis:
    crisis = Crisis.objects.prefetch_related("texts").filter(public_id=public_id).first()
    if crisis is None:
        raise Http404
    return crisis


def _notice(public_id: str) -> OfficialNotice:
    notice = OfficialNotice.objects.select_related("crisis", "written_by", "approved_by").prefetch_related("texts")
    found = notice.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
@_desk
def crisis_list(request: HttpRequest) -> HttpResponse:
    """List crises, open ones first."""
    user = _staff(request)
    crises = Crisis.objects.prefetch_related("texts", "crisiscountry_set").order_by("closed_at", "severity", "-opened_at")
    rows = sorted(crises[:MOST_LISTED], key=lambda crisis: crisis.closed_at is not None)
    return render(request, "crisis/crisis_list.html", {"crises": rows, "may_open": bool(can_open_crisis(user))})


@_desk
def crisis_open(request: HttpRequest) -> HttpResponse:
    """Show the form; a complete one opens the crisis."""
    user = _staff(request)
    _demand(can_open_crisis(user))
    form = CrisisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = ("scope", "countries", "regions", "scope_name", "severity", "review_regime", "visibility_regime")
        open_crisis(actor=user, texts=form.texts(), **{name: data[name] for name in names})
        messages.success(request, _("The crisis is open. Its banner is on every page that it concerns."))
        return redirect("crisis_list")
    return render(request, "crisis/crisis_form.html", {"form": form}, status=400 if form.errors else 200)


@_desk
def crisis_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once, then end the crisis."""
    user = _staff(request)
    crisis = _crisis(public_id)
    _demand(can_open_crisis(user, crisis))
    if request.method == "POST":
        close_crisis(actor=user, crisis=crisis)
        messages.success(request, _("The crisis is closed. Tips tied to it are asked again."))
        return redirect("crisis_list")
    return render(request, "crisis/crisis_close.html", {"crisis": crisis})


@require_safe
@_desk
def notice_list(request: HttpRequest) -> HttpResponse:
    """List notices: those that wait for a second reader first, then drafts, then published ones."""
    user = _staff(request)
    order = [NoticeStatus.SUBMITTED, NoticeStatus.DRAFT, NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN]
    notices = OfficialNotice.objects.select_related("written_by", "approved_by").prefetch_related("texts").order_by("-created_at")
    rows = sorted(notices[:MOST_LISTED], key=lambda notice: order.index(NoticeStatus(notice.status)))
    return render(request, "crisis/notice_list.html", {"notices": rows, "may_write": has_role(user, *WRITER_ROLES)})


def _own_countries(user: User) -> list[str] | None:
    """Return the countries that a notice of this writer may be about; None: any, or none at all."""
    if can_write_notice(user, None):
        return None
    return [code for code, _language in scopes(user, [Role.EMBASSY]) if code]


@_desk
def notice_edit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Show a notice: as a form while it is not published and the reader may write it, else as the world reads it."""
    user = _staff(request)
    notice = _notice(public_id) if public_id else None
    if not has_role(user, *WRITER_ROLES) and notice is None:
        raise PermissionDenied
    writable = notice is None or (notice.status != NoticeStatus.PUBLISHED and bool(can_write_notice(user, notice.country_id)))
    if request.method == "POST" and not writable:
        raise PermissionDenied
    form = NoticeForm(request.POST or None, initial=initial_of(notice) if notice else None, countries=_own_countries(user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            saved = _save(request, user, form, notice)
            if saved is not None:
                return redirect("notice_edit", public_id=saved.public_id)
            status = 409
    return render(request, "crisis/notice_edit.html", _notice_context(user, form, notice, writable), status=status)


def _save(request: HttpRequest, user: User, form: NoticeForm, notice: OfficialNotice | None) -> OfficialNotice | None:
    """Store the form; None when somebody else was faster (said in the form)."""
    data = form.cleaned_data
    try:
        saved = save_notice(
            actor=user,
            notice=notice,
            texts=form.texts(),
            country=data["country"] or None,
            crisis=data["crisis"],
            revision=data["revision"],
        )
    except CrisisNotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except NoticeConflict:
        form.add_error(None, _("Somebody changed this notice meanwhile. Your text is below; open the notice again to see theirs."))
        return None
    messages.success(request, _("The notice is stored. It is not published yet."))
    return saved


def _notice_context(user: User, form: NoticeForm, notice: OfficialNotice | None, writable: bool) -> dict[str, Any]:
    texts = {text.language: text for text in notice.texts.all()} if notice else {}
    return {
        "form": form,
        "notice": notice,
        "writable": writable,
        "texts": [(language, texts.get(language.value)) for language in Language],
        "may_submit": notice is not None and notice.status == NoticeStatus.DRAFT and writable,
        "may_approve": notice is not None and notice.status == NoticeStatus.SUBMITTED and bool(can_approve_notice(user, notice)),
        "may_withdraw": notice is not None and notice.status == NoticeStatus.PUBLISHED and bool(can_write_notice(user, notice.country_id)),
    }


def _act(request: HttpRequest, public_id: str, act: Callable[[User, OfficialNotice], Any], done: str) -> HttpResponse:
    """Run one step of a notice and say how it ended."""
    user = _staff(request)
    notice = _notice(public_id)
    try:
        act(user, notice)
    except CrisisNotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except NoticeIncomplete as lack:
        names = ", ".join(str(Language(code).label) for code in lack.languages)
        messages.error(request, _("Not published: the text in %(languages)s is missing.") % {"languages": names})
    except NoticeConflict:
        messages.error(request, _("Somebody changed this notice meanwhile. Read it again before you decide."))
    else:
        messages.success(request, done)
    return redirect("notice_edit", public_id=public_id)


@require_POST
@_desk
def notice_submit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for the second reader."""
    return _act(request, public_id, lambda user, notice: submit_notice(actor=user, notice=notice), _("A second reader is asked."))


@require_POST
@_desk
def notice_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish, as the second reader, exactly the revision that was read."""
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = 0
    return _act(
        request,
        public_id,
        lambda user, notice: approve_notice(actor=user, notice=notice, revision=revision),
        _("The notice is published."),
    )


@require_POST
@_desk
def notice_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a published notice off every page."""
    return _act(request, public_id, lambda user, notice: withdraw_notice(actor=user, notice=notice), _("The notice is withdrawn."))
