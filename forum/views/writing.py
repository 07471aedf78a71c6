"""Writing: a new topic, a reply, a change. A visitor may type everything; sending asks for a sign-in and gives the text back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.enums import Language, Role
from accounts.identifiers import normalise_public_id
from accounts.models import User
from accounts.permissions import Denied, Verdict, has_role
from countries import directory
from forum.emergency import danger_lines
from forum.enums import TITLE_MAX, Kind, PostStatus
from forum.forms import ReplyForm, TopicForm, initial_of, new_key
from forum.models import Post, Topic
from forum.permissions import POSTS_WINDOW, can_answer_officially, can_edit, can_post_now, can_reply
from forum.services import EditConflict, EditNotAllowed, create_reply, create_topic, edit_post, save_draft, submit_draft
from forum.texts import PostText
from forum.views.answers import person, sign_in
from forum.views.reading import load_first_post, refusal
from forum.views.steps import BACK, CHECK, DRAFT, keep_text, kept_text, review, show, step_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def write(request: HttpRequest) -> HttpResponse:
    """A new tip, offer or question."""
    if request.method != "POST":
        return _blank_topic(request)
    step = step_of(request)
    form = TopicForm(request.POST, draft=step == DRAFT)
    if step == BACK:
        return show(request, "forum/write.html", form)
    if not form.is_valid():
        return show(request, "forum/write.html", form, status=400)
    if step == CHECK:
        return review(request, form, mode="topic")
    author = person(request)
    if author is None:
        return keep_text(request, form.fields)
    if not (verdict := can_post_now(author)):
        return too_many(request, "forum/write.html", form, verdict)
    post = create_topic(actor=author, text=form.text(), submit=step != DRAFT, submission_key=form.cleaned_data["key"])
    return _stored(post)


def _blank_topic(request: HttpRequest) -> HttpResponse:
    """Show the empty form; after a sign-in the kept text; for `from=` the author's own refused or withdrawn text again."""
    if kept := kept_text(request):
        form = TopicForm(kept)
        if form.is_valid():
            return review(request, form, mode="topic", came_back=True)
        return show(request, "forum/write.html", form)
    initial: dict[str, Any] = {"key": new_key()}
    kind, country = request.GET.get("kind", ""), request.GET.get("country", "").upper()[:2]
    if again := _own_text(request):
        initial |= initial_of(again.latest_version) | {"version": None} if again.latest_version else {}
    if kind in Kind.values:
        initial["kind"] = kind
    if directory.known(country):
        initial["country"] = country
    # Words of a search that found nothing; what an author wrote before goes first.
    if title := " ".join(request.GET.get("title", "")[:TITLE_MAX].split()):
        initial.setdefault("title", title)
    return show(request, "forum/write.html", TopicForm(initial=initial), danger=danger_lines([country]))


def _own_text(request: HttpRequest) -> Post | None:
    author, public_id = person(request), request.GET.get("from", "")
    if author is None or not public_id:
        return None
    own = Post.objects.by(author).first_posts().filter(public_id=normalise_public_id(public_id[:10]))
    return own.select_related("latest_version").first()  # type: ignore[no-any-return]


def _stored(post: Post) -> HttpResponse:
    """Lead to the author's page of what was stored, which says so."""
    return redirect_to_own(post, "draft" if post.status == PostStatus.DRAFT else "sent")


def redirect_to_own(post: Post, done: str) -> HttpResponse:
    """Lead to the author's page of a post; `done` names what it says there was done (no message cookie, no session write)."""
    return redirect(reverse("account_post", kwargs={"public_id": post.public_id}) + f"?done={done}")


@require_http_methods(METHODS)
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """An answer under a topic, on its own page."""
    first = load_first_post(public_id)
    if answer := refusal(request, first):
        return answer
    found, author = first.topic, person(request)
    context: dict[str, Any] = {"topic": found, "may_answer_officially": bool(author and can_answer_officially(author, found)), "mode": "reply"}
    if found.status != PostStatus.PUBLISHED or found.gone_at:
        return render(request, "forum/closed.html", {"topic": found}, status=409)
    if request.method != "POST":
        kept = kept_text(request)
        form = ReplyForm(kept) if kept else ReplyForm(initial={"key": new_key()})
        return review(request, form, came_back=True, **context) if kept and form.is_valid() else show(request, "forum/reply.html", form, **context)
    step, form = step_of(request), ReplyForm(request.POST)
    if step == BACK:
        return show(request, "forum/reply.html", form, **context)
    if not form.is_valid():
        return show(request, "forum/reply.html", form, status=400, **context)
    if step in {CHECK, DRAFT}:
        return review(request, form, **context)
    return _send_reply(request, form, found, author)


def _send_reply(request: HttpRequest, form: ReplyForm, found: Topic, author: User | None) -> HttpResponse:
    if author is None:
        return keep_text(request, form.fields)
    if not can_reply(author, found):
        return render(request, "forum/closed.html", {"topic": found}, status=403)
    if not (verdict := can_post_now(author)):
        return too_many(request, "forum/reply.html", form, verdict, topic=found, mode="reply")
    signed_as = ""
    if form.cleaned_data["official"]:
        if not can_answer_officially(author, found):
            return render(request, "forum/closed.html", {"topic": found}, status=403)
        signed_as = signature(author, found)
    try:
        post = create_reply(actor=author, topic=found, text=form.text(), submission_key=form.cleaned_data["key"], signed_as=signed_as)
    except EditNotAllowed:
        return render(request, "forum/closed.html", {"topic": found}, status=409)
    return _stored(post)


def too_many(request: HttpRequest, template: str, form: TopicForm | ReplyForm, verdict: Verdict, **context: Any) -> HttpResponse:
    """Answer 429: nothing was stored, everything typed is in place, and when to come again."""
    assert isinstance(verdict, Denied)  # noqa: S101 - asked before
    form.add_error(None, verdict.reason)
    response = show(request, template, form, status=429, **context)
    response["Retry-After"] = str(int(POSTS_WINDOW.total_seconds()))
    return response


def signature(author: User, found: Topic) -> str:
    """Return the function that an official answer is signed by, in the language of the topic; never a typed text."""
    language = found.language if found.language in Language.values else Language.EN.value
    with override(language):
        for code in found.country_codes:
            if has_role(author, Role.EMBASSY, country=code):
                return _("Belgian embassy or consulate for %(country)s") % {"country": directory.name(code, language)}
        return _("Federal Public Service Foreign Affairs")


@require_http_methods(METHODS)
def post_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change one's own text, or go on with a draft. Others' posts do not exist here."""
    author = person(request)
    if author is None:
        return keep_text(request, TopicForm.base_fields) if request.method == "POST" else sign_in(request)
    post = own_post(author, public_id)
    if not can_edit(author, post):
        return render(request, "forum/not_editable.html", {"post": post}, status=403)
    form_class = TopicForm if post.is_first else ReplyForm
    context: dict[str, Any] = {"post": post, "topic": post.topic, "mode": "edit", "is_draft": post.status == PostStatus.DRAFT}
    template = "forum/write.html" if post.is_first else "forum/reply.html"
    if request.method != "POST":
        if kept := kept_text(request):
            return show(request, template, form_class(kept), **context)
        assert post.latest_version is not None  # noqa: S101 - written with the post
        initial = initial_of(post.latest_version) | {"key": new_key()}
        return show(request, template, form_class(initial=initial), **context)
    step = step_of(request)
    form = form_class(request.POST, draft=step == DRAFT)
    if step == BACK:
        return show(request, template, form, **context)
    if not form.is_valid():
        return show(request, template, form, status=400, **context)
    if step == CHECK:
        return review(request, form, **context)
    return _store_edit(request, author, post, form, step)


def _store_edit(request: HttpRequest, author: User, post: Post, form: TopicForm | ReplyForm, step: str) -> HttpResponse:
    number = form.cleaned_data["version"] or 0
    try:
        if post.status == PostStatus.DRAFT and step == DRAFT:
            save_draft(actor=author, post=post, text=form.text(), version_number=number)
        elif post.status == PostStatus.DRAFT:
            submit_draft(actor=author, post=post, text=form.text(), version_number=number)
        else:
            edit_post(actor=author, post=post, text=form.text(), version_number=number)
    except EditConflict:
        return conflict(request, post, form.text())
    except EditNotAllowed as refused:
        return render(request, "forum/not_editable.html", {"post": post, "reason": refused.args[0]}, status=403)
    post.refresh_from_db(fields=["status"])
    return _stored(post)


def conflict(request: HttpRequest, post: Post, mine: PostText) -> HttpResponse:
    """Answer 409: a newer version was stored meanwhile. Both texts are given back in full; nothing was lost, nothing stored."""
    present = Post.objects.select_related("latest_version").get(pk=post.pk).latest_version
    return render(request, "forum/conflict.html", {"post": post, "present": present, "mine": mine}, status=409)


def own_post(author: User, public_id: str) -> Post:
    """Return one's own post. Raises Http404 for others', whose existence is secret."""
    own = Post.objects.by(author).select_related("topic", "latest_version", "live_version", "merged_into")
    try:
        post: Post = own.get(public_id=normalise_public_id(public_id))
    except Post.DoesNotExist:
        raise Http404 from None
    return post
