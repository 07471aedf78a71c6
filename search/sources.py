"""Documents of the forum and of the official notices: built from what is public now, never from a text under review."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from crisis.models import OfficialNotice, OfficialNoticeText
from forum.addresses import topic_path
from forum.models import Post, Topic
from forum.texts import make_slug, plain, render
from search.documents import OFFICIAL, TOPIC, SearchDocument, epoch_seconds
from search.extensions import SearchSource
from search.shown import NOTICE, present_notices, present_topics

NOTICE_LANGUAGE = "fr"


def _revisions(eligible: Callable[[], QuerySet[Any, Any]]) -> Callable[[int, int], list[tuple[int, int]]]:
    """`SearchSource.revisions` for rows with a column `revision`."""

    def revisions(after: int, limit: int) -> list[tuple[int, int]]:
        return list(eligible().filter(pk__gt=after).order_by("pk").values_list("pk", "revision")[:limit])

    return revisions


# -- topics ------------------------------------------------------------------------------------------------------------------


def topic_documents(pks: Sequence[int]) -> list[SearchDocument]:
    """The documents of the searchable topics among `pks`: two queries."""
    topics = list(Topic.objects.searchable().filter(pk__in=pks).order_by("pk"))
    posts: dict[int, list[Post]] = defaultdict(list)
    live = Post.objects.published().filter(topic__in=topics, gone_at__isnull=True).select_related("live_version")
    for post in live.order_by("topic", "-is_first", "created_at", "pk"):
        posts[post.topic_id].append(post)
    externals = {post.topic_id: post.external_id for found in posts.values() for post in found if post.is_first}
    return [topic_document(topic, posts[topic.pk], externals.get(topic.pk) or "") for topic in topics]


def topic_document(topic: Topic, posts: Iterable[Post], external_id: str = "") -> SearchDocument:
    """The document of a searchable topic. `posts`: its published posts with their live versions, the first post first."""
    is_gone = topic.gone_at is not None
    texts = [] if is_gone else [plain(post.live_version.html) for post in posts if post.live_version]
    return SearchDocument(
        entity=TOPIC,
        pk=topic.pk,
        public_id=topic.public_id,
        revision=topic.revision,
        external_id=external_id,
        title=topic.title,
        body="\n".join(texts),
        language=topic.language,
        countries=tuple(topic.country_codes),
        place="" if is_gone else topic.place,
        needs=tuple(topic.needs),
        kind=topic.kind,
        tags=tuple(topic.tag_slugs),
        visibility=topic.visibility,
        published_at=epoch_seconds(topic.published_at) or 0,
        check_from=epoch_seconds(topic.check_from),
        stale_from=epoch_seconds(topic.stale_from),
        gone_at=epoch_seconds(topic.gone_at),
        gone_reason=topic.gone_reason,
        confirmed_count=topic.worked_count,
        disputed_count=topic.not_true_count,
        reply_count=topic.reply_count,
        is_answered=topic.answer_id is not None,
    )


def topic_address(document: SearchDocument, language: str) -> str:
    """The path of the topic's page."""
    return topic_path(document.public_id, make_slug(document.title), language)


# -- official notices ----------------------------------------------------------------------------------------------------------


def notice_documents(pks: Sequence[int]) -> list[SearchDocument]:
    """The documents of the published notices among `pks`, one each, its languages beside one another."""
    notices = OfficialNotice.objects.published().filter(pk__in=pks).prefetch_related("texts", "crisis__crisiscountry_set")
    return [notice_document(notice) for notice in notices.order_by("pk")]


def notice_document(notice: OfficialNotice) -> SearchDocument:
    """The document of a published notice. French and Dutch are always there (coordinated laws of 18 July 1966, art. 40)."""
    texts = {text.language: (text.title, _notice_body(text)) for text in notice.texts.all()}
    title, body = texts.pop(NOTICE_LANGUAGE)
    return SearchDocument(
        entity=OFFICIAL,
        source=NOTICE,
        pk=notice.pk,
        public_id=notice.public_id,
        revision=notice.revision,
        title=title,
        body=body,
        language=NOTICE_LANGUAGE,
        countries=_notice_countries(notice),
        published_at=epoch_seconds(notice.published_at) or 0,
        translations=tuple((language, *words) for language, words in sorted(texts.items())),
    )


def _notice_body(text: OfficialNoticeText) -> str:
    """The words without the marks of lists and stress that staff typed."""
    return "\n".join(plain(render(part)) for part in (text.known, text.unknown, text.doing) if part)


def _notice_countries(notice: OfficialNotice) -> tuple[str, ...]:
    """The country of the notice, else those of its crisis (`NoticeQuerySet.for_country` asks the same)."""
    if notice.country_id:
        return (notice.country_id,)
    return tuple(sorted(row.country_id for row in notice.crisis.crisiscountry_set.all())) if notice.crisis else ()


def notice_address(document: SearchDocument, language: str) -> str:
    """The path of the notice's page."""
    with override(language):
        return reverse("notice", args=[document.public_id])


TOPICS = SearchSource(TOPIC, topic_documents, _revisions(Topic.objects.searchable), topic_address, present_topics)
NOTICES = SearchSource(NOTICE, notice_documents, _revisions(OfficialNotice.objects.published), notice_address, present_notices)
