"""Readers' words: a small page that no cache keeps, with a token that is good once. No account, no cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.rates import seconds_to_wait
from forum.enums import ConfirmationKind
from forum.forms import ConfirmForm
from forum.models import Post, Topic
from forum.permissions import can_confirm
from forum.services import AlreadyConfirmed, EditNotAllowed, confirm_post
from forum.tokens import TokenRefused, TokenUsed, give_back, is_own_origin, new_token, spend
from forum.views.answers import person
from forum.views.reading import load_first_post, refusal


def _page(request: HttpRequest, topic: Topic, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"form": ConfirmForm(initial={"day": "today"}), "topic": topic, "token": new_token(topic.public_id)}
    response = render(request, "forum/confirm.html", shown | context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def shown_post(first: Post) -> Post:
    """Return the post whose validity the topic shows: the accepted answer of a question, else the first post."""
    answer = first.topic.answer
    return answer if answer is not None else first


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """ "Worked for me" and "no longer true": choose the day, send once. A token and the Origin stand in for the CSRF cookie."""
    first = load_first_post(public_id)
    if answer := refusal(request, first):
        return answer
    topic = first.topic
    if not can_confirm(topic):
        return render(request, "forum/closed.html", {"topic": topic}, status=409)
    if request.method != "POST":
        kind = request.GET.get("kind", ConfirmationKind.WORKED)
        if kind not in ConfirmationKind.values:
            return _page(request, topic, status=400, kind=ConfirmationKind.WORKED, problem=_("Choose what you want to say."))
        return _page(request, topic, kind=kind, done=request.GET.get("done") == "1")
    if not is_own_origin(request):
        return _page(request, topic, status=403, kind=ConfirmationKind.WORKED, problem=_("This form did not come from our page. Send it from here."))
    return _store(request, first, ConfirmForm(request.POST))


def _store(request: HttpRequest, first: Post, form: ConfirmForm) -> HttpResponse:
    topic = first.topic
    kind = form.data.get("kind", "")
    shown: dict[str, Any] = {"kind": kind if kind in ConfirmationKind.values else ConfirmationKind.WORKED, "form": form}
    if not form.is_valid():
        return _page(request, topic, status=400, problem="" if {"date", "day"} & set(form.errors) else _("Choose what you want to say."), **shown)
    if wait := seconds_to_wait(request, "confirm"):
        response = _page(request, topic, status=429, problem=_("That was a lot at once. Wait a little, then send it again."), **shown)
        response["Retry-After"] = str(wait)
        return response
    try:
        spent = spend(form.cleaned_data["token"], topic.public_id)
    except TokenRefused:
        return _page(request, topic, status=403, problem=_("This form is too old. Send it again from here."), **shown)
    except TokenUsed:
        return _page(request, topic, status=409, problem=_("This was counted already. Thank you."), **shown)
    cleaned = form.cleaned_data
    try:
        confirm_post(post=shown_post(first), kind=cleaned["kind"], happened_date=cleaned["happened_date"], actor=person(request))
    except AlreadyConfirmed:
        return _page(request, topic, status=409, problem=_("You said something about that day already. Thank you."), **shown)
    except EditNotAllowed as refused:
        give_back(spent)
        return _page(request, topic, status=409, problem=refused.args[0], **shown)
    address = reverse("topic_confirm", kwargs={"public_id": topic.public_id})
    return redirect(f"{address}?kind={cleaned['kind']}&done=1")
