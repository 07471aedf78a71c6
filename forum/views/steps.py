"""The two steps of every form with a person's text: write, look at it as others will, then send. Works without JavaScript."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.models import User
from accounts.rates import seconds_to_wait
from forum.emergency import danger_lines
from forum.enums import BODY_MAX, Kind
from forum.extensions import PREVIEW_FINDINGS, collect
from forum.forms import ReplyForm, TopicForm, language_choices
from forum.language import UNDETERMINED, detect
from forum.texts import PostText
from forum.texts import render as render_text
from forum.views.answers import person, sign_in

CHECK, SEND, DRAFT, BACK = "check", "send", "draft", "back"
STEPS = frozenset({CHECK, SEND, DRAFT, BACK})
KEPT = "kept_texts"
# Attribute of a request whose form token was refused: the form says that nothing was sent.
REFUSED = "form_token_refused"
MOST_KEPT = 3
# A text that is too long comes back too, to be shortened.
LONGEST_KEPT = {"body": 2 * BODY_MAX}
# Of every other field: what a page can have sent, not what a program makes up. A visitor's session must not fill the disk.
LONGEST_OTHER, MOST_VALUES = 1_000, 20


def step_of(request: HttpRequest) -> str:
    """Return which button was pressed; anything else shows the review step, which writes nothing."""
    step = request.POST.get("step", CHECK)
    return step if step in STEPS else CHECK


def keep_text(request: HttpRequest, names: Iterable[str]) -> HttpResponse:
    """Keep what a visitor wrote in the fields `names` in the session, and ask to sign in: it comes back at this address afterwards."""
    if wait := seconds_to_wait(request, "keep"):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    kept: dict[str, Any] = request.session.get(KEPT, {})
    kept[request.path] = {name: _kept_values(request.POST, name) for name in names if name in request.POST}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return sign_in(request)


def _kept_values(sent: QueryDict, name: str) -> list[str]:
    longest = LONGEST_KEPT.get(name, LONGEST_OTHER)
    return [value[:longest] for value in sent.getlist(name)[:MOST_VALUES]]


def kept_text(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was kept for this address before the person signed in."""
    if person(request) is None or KEPT not in request.session:
        return None
    kept: dict[str, Any] = request.session[KEPT]
    values = kept.pop(request.path, None)
    request.session[KEPT] = kept
    if values is None:
        return None
    data = QueryDict(mutable=True)
    for name, texts in values.items():
        data.setlist(name, texts)
    return data


def look(text: PostText, request: HttpRequest) -> dict[str, Any]:
    """Return what the review step shows: the text as others will read it, what was found in it, its language."""
    detected, _confidence = detect(f"{text.title}\n{text.body}")
    language = text.language or detected
    listed = {code for code, _label in language_choices()} | {UNDETERMINED}
    return {
        "text": text,
        "html": render_text(text.body),
        "findings": collect(PREVIEW_FINDINGS, text, person(request) or User()),
        "language": language,
        "extra": "" if language in listed else language,
        "danger": danger_lines(text.countries),
    }


def show(request: HttpRequest, template: str, form: TopicForm | ReplyForm, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a form: as it is, or with the errors of what was typed (then status 400), everything typed in place."""
    if form.is_bound and not form.is_valid():
        form.give_back()
    context |= {"form": form, "languages": language_choices(), "danger": context.get("danger", []), "refused": getattr(request, REFUSED, False)}
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def review(request: HttpRequest, form: TopicForm | ReplyForm, **context: Any) -> HttpResponse:
    """Show the review step of a valid form; the typed values travel in hidden fields. Nothing is stored."""
    seen = look(form.text(), request)
    typed = QueryDict(mutable=True)
    typed.update(form.data)
    typed["key"] = form.cleaned_data["key"]
    hidden = [(name, value) for name in form.fields if name != "language" for value in typed.getlist(name)]
    if isinstance(form, TopicForm):
        # Names that were understood, or chosen, become codes: the question is not asked twice.
        hidden = [(name, value) for name, value in hidden if name not in {"country", "countries", "choice", "where"}]
        hidden += [("country" if n == 0 else "countries", code) for n, code in enumerate(form.cleaned_data["codes"])]
    context |= seen | {"form": form, "hidden": hidden, "languages": language_choices(), "kinds": dict(Kind.choices)}
    response = render(request, "forum/review.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
