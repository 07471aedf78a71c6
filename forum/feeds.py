"""Lists of topics as Atom (RFC 4287): the same filters as the list page. A withdrawn tip is a tombstone: title and reason, never the text."""

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from countries import directory
from forum.enums import Kind, Need
from forum.filters import TopicFilter, read_filter
from forum.models import Topic
from forum.views.answers import cacheable

ENTRIES = 50
READ = ("country", "need", "kind", "language", "state", "since", "sort")


class TopicFeed(Atom1Feed):
    """Atom with the language of each entry, since people write in their own; text only, no markup."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write an entry; title and summary carry their language in `xml:lang`."""
        language = {"xml:lang": item["text_language"]} if item["text_language"] not in {"", "und"} else {}
        handler.addQuickElement("title", item["title"], language)
        handler.addQuickElement("link", "", {"href": item["link"], "rel": "alternate"})
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        handler.startElement("author", AttributesImpl({}))
        handler.addQuickElement("name", item["author_name"])
        handler.endElement("author")
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("summary", item["description"], {**language, "type": "text"})
        for term in item["categories"]:
            handler.addQuickElement("category", "", {"term": term})


def _title(asked: TopicFilter, language: str) -> str:
    parts = [settings.WAGTAIL_SITE_NAME]
    if asked.country:
        parts.append(directory.name(asked.country, language))
    if asked.need:
        parts.append(str(Need(asked.need).label))
    if asked.kind:
        parts.append(str(Kind(asked.kind).label))
    return " · ".join(parts)


def _entry(topic: Topic) -> dict[str, Any]:
    """Return what a feed says of a topic. Marked dangerous: title and reason only."""
    address = settings.BASE_URL + reverse("topic", kwargs={"public_id": topic.public_id, "slug": topic.slug})
    state = topic.validity()
    summary = topic.gone_reason if topic.gone_at else topic.summary
    return {
        "title": f"{pgettext('validity', 'Withdrawn, do not follow')} · {topic.title}" if topic.gone_at else topic.title,
        "link": address,
        "unique_id": f"urn:belgessolidaires:topic:{topic.public_id}",
        "description": summary,
        "author_name": _("A citizen, not official information"),
        "pubdate": topic.published_at,
        "updateddate": topic.gone_at or topic.updated_at or topic.published_at,
        "categories": [*topic.country_codes, *topic.needs, topic.kind, state.value],
        "text_language": topic.language,
    }


@require_safe
def topic_feed(request: HttpRequest) -> HttpResponse:
    """The newest topics of a list; 400 as problem details when a parameter is wrong."""
    asked = read_filter({name: request.GET[name] for name in READ if name in request.GET})
    if asked.errors:
        errors = {name: str(message) for name, message in asked.errors.items()}
        body = {"type": "about:blank", "title": _("This list cannot be shown"), "status": 400, "errors": errors}
        return JsonResponse(body, status=400, content_type="application/problem+json")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    feed = TopicFeed(
        title=_title(asked, request.LANGUAGE_CODE),
        link=settings.BASE_URL + reverse("topic_list") + query,
        description=_("Tips, offers and questions of Belgians abroad. Not official information."),
        language=request.LANGUAGE_CODE,
        feed_url=settings.BASE_URL + request.get_full_path(),
    )
    for row in asked.rows()[:ENTRIES]:
        feed.add_item(**_entry(row.topic))
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    return cacheable(response, *READ)
