"""One item: read it, decide about it. A POST makes one call of `decide`; whatever it refuses comes back with what was typed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from forum.models import Topic
from moderation.casefile import CaseFile, actor_label, decisions_about, load_item, read_case
from moderation.charter import TEXTS, number_of
from moderation.differences import difference
from moderation.enums import Ground
from moderation.forms import DecisionForm
from moderation.grounds import statement_of
from moderation.marks import label_of
from moderation.models import Decision, ReviewItem
from moderation.permissions import reviewable_by
from moderation.queue import WAITING, title_of, upcoming
from moderation.services import DecisionNotAllowed, MarksUnanswered, ReasonMissing, ReviewConflict, decide
from moderation.views.access import StaffRequest, frame, reader_language, reviewers_only, undo_offer
from moderation.workflow import TRANSITIONS

LOG = 200
# The three that stand first on a phone; the others follow under "Others".
FIRST = {"approve", "approve_edit", "request_changes", "return_edit", "reject", "reject_edit"}


def _load(request: StaffRequest, public_id: str) -> ReviewItem:
    """Return an item of the user's desks; that of another desk does not exist for them (404)."""
    item = load_item(reviewable_by(request.user), public_id)
    if item is None:
        raise Http404
    return item


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def item(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show an item, or take a decision about it and go on to the next."""
    found = _load(request, public_id)
    if request.method == "POST":
        return _decide(request, found)
    return _page(request, found, DecisionForm(initial={"revision": found.revision}))


def _decide(request: StaffRequest, found: ReviewItem) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    data = form.cleaned_data
    target = Topic.objects.filter(public_id=data["merge_into"]).first() if data["merge_into"] and data["action"] == "merge" else None
    words = {name: data[name] for name in ("ground", "facts", "note", "internal_note")}
    try:
        decision = decide(
            found.pk,
            data["action"],
            actor=request.user,
            revision=data["revision"],
            merged_into=target,
            answered_marks=data["answered"],
            **words,
        )
    except ReviewConflict:
        if sent := _sent_already(request, found, data):
            return redirect(f"{_after(request, found, sent)}?undo={sent.public_id}")
        return _page(request, _load(request, found.public_id), form, status=409)
    except ReasonMissing:
        form.add_error("facts" if data["ground"] else "ground", _("This decision needs a ground of the charter and the facts."))
    except MarksUnanswered as error:
        marks = ", ".join(label_of(code) for code in error.codes)
        form.add_error("answered", _("Answer each mark before you approve: %(marks)s") % {"marks": marks})
    except DecisionNotAllowed as error:
        form.add_error("merge_into" if data["action"] == "merge" else None, str(error.args[0]))
        return _page(request, found, form, status=400 if data["action"] == "merge" else 403)
    else:
        return redirect(f"{_after(request, found, decision)}?undo={decision.public_id}")
    return _page(request, found, form, status=400)


def _sent_already(request: StaffRequest, found: ReviewItem, data: dict[str, Any]) -> Decision | None:
    """Return the decision that this form has taken before, word for word: a button was pressed twice, and that is no conflict."""
    words = {f"text__{name}": data[name] for name in ("facts", "note", "internal_note")}
    same = {"action": data["action"], "item_revision": data["revision"], "ground": data["ground"], "actor_ref": request.user.audit_ref}
    decision: Decision | None = Decision.objects.filter(item=found, reverted_by__isnull=True, **same, **words).first()
    return decision


def _after(request: StaffRequest, found: ReviewItem, decision: Decision) -> str:
    """Return where to go after a decision: on to the next item; back to the same one after an undo or a remark."""
    if decision.action in {"undo", "note", "lift_danger", "mark_dangerous"}:
        return reverse("moderation:item", args=[found.public_id])
    following = upcoming(request.user, found)
    return reverse("moderation:item", args=[following[0].public_id]) if following else reverse("moderation:queue")


def _buttons(case: CaseFile) -> list[dict[str, Any]]:
    """Return what the form offers. Approve is the main button only when no mark asks to be answered first."""
    return [
        {
            "value": action.value,
            "label": action.label,
            "key": TRANSITIONS[action].key,
            "main": action.value in {"approve", "approve_edit"} and not case.open_marks,
            "refuses": action.value in {"reject", "reject_edit", "spam", "hide", "mark_dangerous"},
            "first": action.value in FIRST,
        }
        for action in case.actions
        if action.value != "undo"
    ]


def _grounds(language: str) -> list[dict[str, Any]]:
    """Return the grounds with their keys, and how the facts begin in the author's language."""
    with override(language):
        begins = {ground: str(TEXTS[ground].facts) for ground in Ground}
    return [{"value": g.value, "label": g.label, "key": n if (n := number_of(g)) <= 9 else "", "facts": begins[g]} for g in Ground]


def _conflict(found: ReviewItem, form: DecisionForm) -> dict[str, Any]:
    """Return what happened since the page was read: decisions, and what the author changed in the text."""
    read = form.cleaned_data["revision"]
    since = [d for d in decisions_about(found) if d.item_id == found.pk and d.item_revision >= read]
    number, pieces = form.cleaned_data.get("version"), []
    if found.post and found.version and number and number != found.version.number:
        before = found.post.versions.filter(number=number).first()
        pieces = difference(before.body, found.version.body) if before else []
    return {"decisions": [{"decision": d, "actor": actor_label(d)} for d in since], "difference": pieces}


def _typed(form: DecisionForm, grounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the fields show: what was typed; facts that are missing begin with the sentence of their ground."""
    typed = {name: form[name].value() or "" for name in ("ground", "facts", "note", "internal_note", "merge_into")}
    typed["answered"] = form.data.getlist("answered") if hasattr(form.data, "getlist") else []
    if typed["ground"] and not typed["facts"].strip():
        typed["facts"] = next((ground["facts"] for ground in grounds if ground["value"] == typed["ground"]), "")
    return typed


def _page(request: StaffRequest, found: ReviewItem, form: DecisionForm, status: int = 200) -> HttpResponse:
    language = reader_language()
    case = read_case(request.user, found, language, timezone.now())
    setattr(request, WAITING, case.waiting)
    grounds = _grounds(case.author_language)
    title, spoken = title_of(found)
    buttons = _buttons(case)
    context = {
        **frame(title, (reverse("moderation:item", args=[found.public_id]), found.public_id)),
        "case": case,
        "title_language": spoken,
        "form": form,
        "typed": _typed(form, grounds),
        "grounds": grounds,
        "buttons": buttons,
        "needs_words": any(TRANSITIONS[action].needs_reason for action in case.actions),
        "can_merge": any(button["value"] == "merge" for button in buttons),
        "can_endanger": any(button["value"] == "mark_dangerous" for button in buttons),
        "can_undo": "undo" in case.actions,
        "is_own": found.author_id == request.user.pk,
        "marks": [{"code": code, "label": label_of(code)} for code in case.open_marks],
        "history": [{"decision": d, "actor": actor_label(d)} for d in case.decisions],
        "conflict": _conflict(found, form) if status == 409 else None,
        "undo": undo_offer(request.user, request.GET.get("undo", "")),
    }
    return render(request, "moderation/item.html", context, status=status)


@require_safe
@reviewers_only
def log(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show every decision about a thing, with the statement that its author received, in the reader's language."""
    found = _load(request, public_id)
    title, _spoken = title_of(found)
    decisions = [{"decision": d, "actor": actor_label(d), "statement": statement_of(d, reader_language())} for d in decisions_about(found, LOG)]
    trail = (reverse("moderation:item", args=[found.public_id]), found.public_id)
    context = {**frame(_("Log"), trail), "item": found, "title": title, "decisions": decisions}
    return render(request, "moderation/log.html", context)
