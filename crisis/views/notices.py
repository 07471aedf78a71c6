"""The desk of the official word: write a notice, hand it over, read it as the second person, publish, withdraw, correct."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Language, Role
from accounts.models import User
from accounts.permissions import colleague, first_role, has_role, scopes
from crisis.enums import EDITABLE_STATUSES, NoticeStatus
from crisis.forms import NoticeForm, copy_of, initial_of, title_in, title_of
from crisis.models import OfficialNotice
from crisis.permissions import WRITER_ROLES, can_approve_notice, can_write_notice
from crisis.querysets import NoticeQuerySet
from crisis.services import (
    CrisisNotAllowed,
    NoticeConflict,
    NoticeIncomplete,
    approve_notice,
    return_notice,
    save_notice,
    submit_notice,
    withdraw_notice,
)
from crisis.views.access import MOST_LISTED, StaffRequest, demand, desk


@dataclass(frozen=True, slots=True)
class Row:
    """One notice as the list shows it: its title in the reader's language, the languages that it has, who worked on it."""

    notice: OfficialNotice
    title: str
    language: str
    languages: list[str]
    writer: str
    second: str


def _with_people(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Load who wrote and who approved, with their roles: by those staff know one another."""
    roles = {"writer_role": first_role(user=OuterRef("written_by")), "second_role": first_role(user=OuterRef("approved_by"))}
    return notices.select_related("written_by", "approved_by").prefetch_related("texts").annotate(**roles)


def _people(notice: Any) -> tuple[str, str]:
    """Return the writer and the second reader ("" when there is none yet) of a notice from `_with_people`."""
    writer, second = notice.written_by, notice.approved_by
    return (
        colleague(writer.pseudonym, notice.writer_role, writer.member_code),
        colleague(second.pseudonym, notice.second_role, second.member_code) if second else "",
    )


def _row(notice: OfficialNotice) -> Row:
    return Row(notice, *title_in(notice), sorted((text.language for text in notice.texts.all()), key=Language.values.index), *_people(notice))


def _notice(public_id: str) -> OfficialNotice:
    notices = _with_people(OfficialNotice.objects.select_related("crisis").prefetch_related("crisis__texts"))
    notice: OfficialNotice | None = notices.filter(public_id=public_id).first()
    if notice is None:
        raise Http404
    return notice


@require_safe
@desk
def notice_list(request: StaffRequest) -> HttpResponse:
    """List notices: those that wait for a second reader first, then drafts, then published ones."""
    user = request.user
    notices = _with_people(OfficialNotice.objects.desk_order())
    return render(request, "crisis/notice_list.html", {"rows": map(_row, notices[:MOST_LISTED]), "may_write": has_role(user, *WRITER_ROLES)})


def _own_countries(user: User) -> list[str] | None:
    """Return the countries that a notice of this writer may be about; None: any, or none at all."""
    if can_write_notice(user, None):
        return None
    return [code for code, _language in scopes(user, [Role.EMBASSY]) if code]


@desk
def notice_new(request: StaffRequest) -> HttpResponse:
    """Write a notice, empty or with the words of an earlier one (`?from=`): what was public is corrected by a new notice."""
    user = request.user
    if not has_role(user, *WRITER_ROLES):
        raise PermissionDenied
    earlier = _notice(request.GET["from"]) if "from" in request.GET else None
    form = NoticeForm(request.POST or None, initial=copy_of(earlier) if earlier else None, countries=_own_countries(user))
    return _store(request, user, form, None) if request.method == "POST" else _notice_page(request, user, form, None)


@desk
def notice_edit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a notice: as a form while it is not published and the reader writes it, else as the world reads it."""
    user, notice = request.user, _notice(public_id)
    if request.method == "POST":
        demand(can_write_notice(user, notice.country_id))
    form = NoticeForm(request.POST or None, initial=initial_of(notice), countries=_own_countries(user), own_crisis=notice.crisis_id)
    return _store(request, user, form, notice) if request.method == "POST" else _notice_page(request, user, form, notice)


def _store(request: StaffRequest, user: User, form: NoticeForm, notice: OfficialNotice | None) -> HttpResponse:
    """Store the form; what it refuses comes back with what was typed."""
    if not form.is_valid():
        return _notice_page(request, user, form, notice, status=400)
    data = form.cleaned_data
    try:
        saved = save_notice(
            actor=user,
            notice=notice,
            texts=form.texts(),
            country=data["country"] or None,
            crisis=data["crisis"],
            # A form without its revision says nothing about what was read.
            revision=data["revision"] or 0,
        )
    except CrisisNotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except NoticeConflict:
        return _conflict(request, user, form, notice)
    messages.success(request, _("The notice is stored. It is not published yet."))
    return redirect("notice_edit", public_id=saved.public_id)


def _conflict(request: StaffRequest, user: User, form: NoticeForm, notice: OfficialNotice | None) -> HttpResponse:
    """Show both texts; sent again, the form replaces the one that it now stands above. What is public is never replaced."""
    assert notice is not None  # noqa: S101 - a new notice conflicts with nothing
    present = _notice(notice.public_id)
    if present.status in EDITABLE_STATUSES:
        form.add_error(None, _("Somebody changed this notice meanwhile. Your text is in the form, theirs stands below it."))
        form.data = request.POST.copy()
        form.data["revision"] = str(present.revision)
    else:
        form.add_error(None, _("This notice was published or withdrawn: it no longer changes. Your text is in the form; write a correction."))
    return _notice_page(request, user, form, present, status=409)


def _notice_page(request: StaffRequest, user: User, form: NoticeForm, notice: OfficialNotice | None, status: int = 200) -> HttpResponse:
    """Render a notice with what its reader may do. A second reader reads first; the form is one step further (`?change`)."""
    if notice is None:
        return render(request, "crisis/notice_edit.html", {"form": form, "notice": None, "as_form": True}, status=status)
    writes, at = bool(can_write_notice(user, notice.country_id)), notice.status
    editable = writes and at in EDITABLE_STATUSES
    approves = at == NoticeStatus.SUBMITTED and bool(can_approve_notice(user, notice))
    texts = {text.language: text for text in notice.texts.all()}
    writer, second = _people(notice)
    context = {
        "form": form,
        "notice": notice,
        "as_form": (editable and (not approves or "change" in request.GET)) or form.is_bound,
        "is_conflict": form.is_bound and status == 409,
        "writer": writer,
        "second": second,
        "crisis_title": title_of(notice.crisis) if notice.crisis else "",
        "texts": [(language, texts.get(language.value)) for language in Language],
        "may_change": editable,
        "may_submit": editable and at == NoticeStatus.DRAFT,
        "may_approve": approves,
        "may_return": at == NoticeStatus.SUBMITTED and (approves or writes),
        "may_withdraw": writes and at != NoticeStatus.WITHDRAWN,
        "may_copy": has_role(user, *WRITER_ROLES) and at not in EDITABLE_STATUSES,
    }
    return render(request, "crisis/notice_edit.html", context, status=status)


def _act(request: StaffRequest, public_id: str, act: Callable[[User, OfficialNotice], Any], done: str) -> HttpResponse:
    """Run one step of a notice and say how it ended."""
    user = request.user
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
        return _as_it_is(request, public_id)
    else:
        messages.success(request, done)
    return redirect("notice_edit", public_id=public_id)


def _as_it_is(request: StaffRequest, public_id: str) -> HttpResponse:
    """Answer a step that came too late with the notice as it is now (409)."""
    notice = _notice(public_id)
    form = NoticeForm(initial=initial_of(notice), countries=_own_countries(request.user), own_crisis=notice.crisis_id)
    return _notice_page(request, request.user, form, notice, status=409)


def _revision(request: StaffRequest) -> int:
    """Return the revision that the reader saw; 0, which no notice has, when the form does not say."""
    try:
        return int(request.POST.get("revision", ""))
    except ValueError:
        return 0


@require_POST
@desk
def notice_submit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask for the second reader."""
    read = _revision(request)
    return _act(
        request,
        public_id,
        lambda user, notice: submit_notice(actor=user, notice=notice, revision=read),
        _("A second reader is asked."),
    )


@require_POST
@desk
def notice_return(request: StaffRequest, public_id: str) -> HttpResponse:
    """Give a notice back to whoever writes it."""
    return _act(request, public_id, lambda user, notice: return_notice(actor=user, notice=notice), _("The notice is a draft again."))


@require_POST
@desk
def notice_approve(request: StaffRequest, public_id: str) -> HttpResponse:
    """Publish, as the second reader, exactly the revision that was read."""
    read = _revision(request)
    return _act(
        request,
        public_id,
        lambda user, notice: approve_notice(actor=user, notice=notice, revision=read),
        _("The notice is published."),
    )


@require_POST
@desk
def notice_withdraw(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take a published notice off every page."""
    return _act(request, public_id, lambda user, notice: withdraw_notice(actor=user, notice=notice), _("The notice is withdrawn."))
