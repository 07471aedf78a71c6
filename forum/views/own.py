"""What an author sees of their own texts: the list, one text with its way so far, taking it back, choosing the answer that helped."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.identifiers import normalise_public_id
from forum.enums import PostStatus
from forum.extensions import AuthorStatus, author_status
from forum.filters import PAGE_SIZE
from forum.models import Post
from forum.paging import BadCursor, Cursor, after, parse_cursor
from forum.permissions import can_edit, can_withdraw
from forum.services import EditNotAllowed, accept_answer, withdraw_post
from forum.views.answers import person, sign_in
from forum.views.reading import load_first_post, refusal
from forum.views.writing import METHODS, own_post, redirect_to_own

# The ring of each status in a list of one's own posts: its class and icon of the design.
MARKS: dict[str, tuple[str, str]] = {
    PostStatus.UNCONFIRMED: ("stale", "mail"),
    PostStatus.DRAFT: ("stale", "edit"),
    PostStatus.PENDING: ("check", "clock"),
    PostStatus.CHANGES_REQUESTED: ("check", "edit"),
    PostStatus.PUBLISHED: ("fresh", "ok"),
    PostStatus.HIDDEN: ("gone", "no"),
    PostStatus.ARCHIVED: ("stale", "old"),
    PostStatus.WITHDRAWN: ("stale", "no"),
    PostStatus.REJECTED: ("gone", "no"),
    PostStatus.SPAM: ("gone", "no"),
    PostStatus.MERGED: ("stale", "copy"),
}
# What the page of one post says after an act (`?done=`).
DONE: dict[str, Any] = {
    "sent": gettext_lazy("Received. Somebody at the ministry reads it before it appears."),
    "draft": gettext_lazy("The draft is kept. Only you see it."),
    "withdrawn": gettext_lazy("Withdrawn. Your text stays here, seen by you alone."),
}
WRITE_AGAIN = frozenset({PostStatus.WITHDRAWN, PostStatus.REJECTED, PostStatus.HIDDEN})


@dataclass(frozen=True, slots=True)
class OwnPost:
    """One of the author's posts as the list shows it."""

    post: Post
    mark: str
    icon: str
    may_edit: bool
    may_withdraw: bool
    may_write_again: bool
    edit_waits: bool
    lines: list[AuthorStatus]


def present(post: Post, lines: list[AuthorStatus], author: Any) -> OwnPost:
    """Return what a page shows of one's own post."""
    mark, icon = MARKS[post.status]
    waits = post.status == PostStatus.PUBLISHED and post.live_version_id != post.latest_version_id
    again = post.status in WRITE_AGAIN and post.is_first
    return OwnPost(post, mark, icon, bool(can_edit(author, post)), bool(can_withdraw(author, post)), again, waits, lines)


@require_safe
def account_posts(request: HttpRequest) -> HttpResponse:
    """Every post of the author, newest first, with its status and reasons."""
    author = person(request)
    if author is None:
        return sign_in(request)
    own = Post.objects.by(author).select_related("topic", "latest_version").order_by("-created_at", "-pk")
    if page := request.GET.get("page", ""):
        try:
            start = parse_cursor(page[:40])
        except BadCursor:
            return HttpResponse(status=400)
        own = own.filter(after(start, moment="created_at", tie="pk", rows=Post.objects.by(author), newest_first=True))
    posts = list(own[: PAGE_SIZE + 1])
    shown = posts[:PAGE_SIZE]
    lines = author_status(shown)
    next_page = str(Cursor(shown[-1].created_at, shown[-1].public_id)) if len(posts) > PAGE_SIZE else ""
    context = {"rows": [present(post, lines.get(post.pk, []), author) for post in shown], "next_page": next_page}
    response = render(request, "forum/account_posts.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step of a post's way: done, where it stands now, or still to come."""

    icon: str
    title: Any
    at: datetime | None = None
    detail: Any = ""
    state: str = "done"


def trail(post: Post, lines: list[AuthorStatus]) -> list[TrailStep]:
    """Return the way of a post: what was done, where it is, what comes."""
    if post.status == PostStatus.DRAFT:
        return [
            TrailStep("edit", gettext_lazy("Draft, seen by you alone"), post.created_at, state="now"),
            TrailStep("clock", gettext_lazy("Read by the ministry"), state="next"),
            TrailStep("talk", gettext_lazy("Published"), state="next"),
        ]
    steps = [TrailStep("ok", gettext_lazy("Received"), post.created_at)]
    steps += [TrailStep("ok", line.title, line.at, line.detail) for line in lines]
    if post.status == PostStatus.CHANGES_REQUESTED:
        steps.append(TrailStep("edit", gettext_lazy("Your turn: change the text"), detail=gettext_lazy("Your text is kept."), state="now"))
    elif lines:
        # The last thing that moderation says is where it stands.
        steps[-1] = replace(steps[-1], icon=MARKS[post.status][1], state="now")
    elif post.status == PostStatus.PENDING:
        steps.append(TrailStep("clock", gettext_lazy("Waits for a reader at the ministry"), state="now"))
    elif post.status == PostStatus.PUBLISHED:
        steps.append(TrailStep("talk", gettext_lazy("Published"), post.published_at, state="now"))
    else:
        steps.append(TrailStep(MARKS[post.status][1], PostStatus(post.status).label, state="now"))
    if post.status in {PostStatus.PENDING, PostStatus.CHANGES_REQUESTED}:
        steps.append(TrailStep("talk", gettext_lazy("Published"), state="next"))
    return steps


@require_safe
def account_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """One own post: its text, where it stands and why, what can be done."""
    author = person(request)
    if author is None:
        return sign_in(request)
    post = own_post(author, public_id)
    lines = author_status([post]).get(post.pk, [])
    own = present(post, lines, author)
    context = {"own": own, "post": post, "version": post.latest_version, "trail": trail(post, lines), "done": DONE.get(request.GET.get("done", ""))}
    # An outcome that restricts the text, or sends a new version back, stands first; that it waits or is public is said by the trail.
    if lines and (post.status not in {PostStatus.PENDING, PostStatus.PUBLISHED} or own.edit_waits):
        context["outcome"] = lines[-1]
    response = render(request, "forum/account_post.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(METHODS)
def post_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once, then take the text off the site."""
    author = person(request)
    if author is None:
        return sign_in(request)
    post = own_post(author, public_id)
    if post.status != PostStatus.WITHDRAWN and not (verdict := can_withdraw(author, post)):
        return render(request, "forum/not_editable.html", {"post": post, "reason": getattr(verdict, "reason", "")}, status=403)
    if request.method != "POST":
        return render(request, "forum/withdraw.html", {"post": post, "version": post.latest_version})
    try:
        withdraw_post(actor=author, post=post)
    except EditNotAllowed as refused:
        return render(request, "forum/not_editable.html", {"post": post, "reason": refused.args[0]}, status=403)
    return redirect_to_own(post, "withdrawn")


@require_POST
def choose_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person who asked marks the reply that helped."""
    author = person(request)
    if author is None:
        return sign_in(request)
    first = load_first_post(public_id)
    if answer := refusal(request, first):
        return answer
    chosen = first.topic.posts.filter(public_id=normalise_public_id(request.POST.get("reply", "")[:10]), is_first=False).first()
    if chosen is None:
        raise Http404
    try:
        accept_answer(actor=author, answer=chosen)
    except EditNotAllowed:
        return HttpResponse(status=403)
    return redirect(reverse("topic", kwargs={"public_id": first.topic.public_id, "slug": first.topic.slug}) + "#answer")
