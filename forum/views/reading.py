"""What everybody reads: lists of topics, one topic, its short address."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.enums import Language
from accounts.identifiers import normalise_public_id
from countries import directory
from forum.emergency import danger_lines
from forum.enums import Kind, Need, PostStatus, Validity
from forum.extensions import TOPIC_ASIDES, collect
from forum.filters import PAGE_SIZE, PARAMETERS, read_filter
from forum.lively import lively_countries
from forum.models import Post, Topic
from forum.paging import BadCursor
from forum.permissions import can_confirm, can_read, can_reply, is_restricted_to_members, standing
from forum.prepared import Place, Prepared
from forum.thread import SHOWN, Thread, read_thread
from forum.views.answers import cacheable, gone, in_every_language, person, sign_in

# Countries that the filter of the list offers.
MOST_COUNTRIES = 40
# Who speaks, in the words that a shared link begins with (CONTRACT.md, Addresses).
SPEAKERS = {Kind.TIP: _("Citizen's tip"), Kind.OFFER: _("Offer of a citizen"), Kind.QUESTION: _("Question of a citizen")}


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Topics by country, need, kind, language, state and age; 400 with the reason at the field when a parameter is wrong."""
    asked = read_filter(request.GET.dict())
    rows = [] if asked.errors else asked.page(**standing(request.user))
    request.banner_countries = [asked.country] if asked.country else []  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "rows": rows[:PAGE_SIZE],
        "next_page": asked.cursor_after(rows[PAGE_SIZE - 1]) if len(rows) > PAGE_SIZE else "",
        "choices": list_choices(request.LANGUAGE_CODE, asked.country),
        "danger": danger_lines([asked.country] if asked.country else []),
    }
    response = render(request, "forum/topic_list.html", context, status=400 if asked.errors else 200)
    return cacheable(response, *PARAMETERS)


def list_choices(language: str, chosen: str) -> dict[str, list[tuple[str, Any]]]:
    """Return what the filter form offers, by parameter. Of the countries those that people write about now, and the chosen one:
    all 250 would be a third of the page. The others are one link away, on the page of countries."""
    codes = {*lively_countries()[:MOST_COUNTRIES], chosen}
    return {
        "country": [(entry.code, entry.name(language)) for entry in directory.entries(language) if entry.code in codes],
        **_fixed_choices(language),
    }


@cache
def _fixed_choices(_language: str) -> dict[str, list[tuple[str, Any]]]:
    """The words of the active language, looked up once."""
    return {
        "need": [(need.value, str(need.label)) for need in Need],
        "kind": [(kind.value, str(kind.label)) for kind in Kind],
        "state": [(state.value, str(state.label)) for state in Validity],
        "language": [(code.value, str(code.label)) for code in Language],
    }


def _first_post() -> QuerySet[Post]:
    posts = Post.objects.filter(topic__public_id=Place("public_id", CharField()), is_first=True)
    return posts.select_related("topic", "live_version", "author").only(*SHOWN, "merged_into")


FIRST_POST = Prepared(_first_post)


def load_first_post(public_id: str) -> Post:
    """Return the first post of a topic with topic, text and author in one query. Raises Http404."""
    for post in FIRST_POST(public_id=normalise_public_id(public_id)):
        return post
    raise Http404


def refusal(request: HttpRequest, first: Post) -> HttpResponse | None:
    """Return the answer for a topic that this reader may not see now, else None. Raises Http404 where even its existence is secret."""
    topic = first.topic
    if first.status == PostStatus.MERGED and first.merged_into:
        target = first.merged_into
        if not target.slug:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("topic", kwargs={"public_id": target.public_id, "slug": target.slug}))
    if topic.published_at is None:
        raise Http404
    if topic.status in {PostStatus.HIDDEN, PostStatus.WITHDRAWN}:
        return gone(request)
    if not can_read(request.user, topic):
        if person(request) is None and topic.status in {PostStatus.PUBLISHED, PostStatus.ARCHIVED} and is_restricted_to_members(topic):
            return sign_in(request)
        raise Http404
    return None


@require_safe
def topic(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One topic: first post, official answers, replies by page. A wrong slug leads to the right one."""
    first = load_first_post(public_id)
    if answer := refusal(request, first):
        return answer
    found = first.topic
    if (public_id, slug) != (found.public_id, found.slug):
        return _canonical(request, found)
    request.alternates = in_every_language(found)  # type: ignore[attr-defined]
    request.banner_countries = list(found.country_codes)  # type: ignore[attr-defined]
    if found.gone_at:
        return gone(request, {"topic": found, "danger": danger_lines(found.country_codes)})
    try:
        thread = read_thread(first, cursor=request.GET.get("page", ""))
    except BadCursor:
        return render(request, "forum/topic_page_unknown.html", {"topic": found}, status=400)
    response = render(request, "forum/topic.html", topic_context(request, first, thread))
    return cacheable(response, "page")


def _canonical(request: HttpRequest, found: Topic) -> HttpResponseRedirectBase:
    address = reverse("topic", kwargs={"public_id": found.public_id, "slug": found.slug})
    page = request.GET.get("page", "")
    return HttpResponsePermanentRedirect(f"{address}?page={page}" if page.replace(".", "").isalnum() and page.isascii() else address)


def topic_context(request: HttpRequest, first: Post, thread: Thread) -> dict[str, Any]:
    """Return what the topic page shows."""
    found = first.topic
    return {
        "topic": found,
        "post": first,
        "version": first.live_version,
        "thread": thread,
        "asides": collect(TOPIC_ASIDES, found, request.LANGUAGE_CODE),
        "speaker": SPEAKERS[Kind(found.kind)],
        "state": found.validity(),
        "may_confirm": bool(can_confirm(found)),
        "may_reply": found.status == PostStatus.PUBLISHED and (person(request) is None or bool(can_reply(request.user, found))),
        "own_question": found.kind == Kind.QUESTION and person(request) is not None and found.author_id == request.user.pk,
        "danger": danger_lines(found.country_codes),
        "short_address": f"{settings.BASE_URL}/t/{found.public_id}",
        "noindex": is_noindex(found),
    }


def is_noindex(found: Topic) -> bool:
    """Say whether search engines must leave a topic out: outdated, withdrawn, archived, or an open offer or request (CONTRACT.md)."""
    if found.validity() in {Validity.STALE, Validity.GONE} or found.status != PostStatus.PUBLISHED:
        return True
    return found.kind == Kind.OFFER or (found.kind == Kind.QUESTION and found.answer_id is None)


@require_safe
def short_topic(request: HttpRequest, code: str) -> HttpResponse:
    """`/t/<id>`: the topic in the language that the browser prefers. For SMS, print and speech; sets no cookie."""
    first = load_first_post(code)
    if first.topic.published_at is None and first.status != PostStatus.MERGED:
        raise Http404
    language = get_language_from_request(request)
    with override(language):
        address = reverse("topic_bare", kwargs={"public_id": first.topic.public_id})
    response = redirect(address)
    patch_vary_headers(response, ["Accept-Language"])
    return response
