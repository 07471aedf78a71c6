"""Appends versions of texts. Nothing else writes PostVersion."""

from datetime import datetime

from django.conf import settings
from django.db.models import F, Value
from django.utils import timezone

from forum.enums import VersionOrigin
from forum.language import detect
from forum.models import ForumTag, Post, PostVersion, TaggedVersion, VersionCountry, VersionNeed
from forum.texts import PostText, render


def build_version(text: PostText, *, origin: str, number: int, created_at: datetime | None = None) -> PostVersion:
    """Return `text` as an unsaved version, rendered, its language detected where the author gave none."""
    detected, _confidence = ("", 0.0) if text.language else detect(f"{text.title}\n{text.body}")
    return PostVersion(
        number=number,
        origin=origin,
        kind=text.kind,
        title=text.title,
        body=text.body,
        html=render(text.body),
        language=text.language or detected,
        language_detected=detected,
        place=text.place,
        crisis_id=text.crisis_id,
        validity_until=text.validity_until,
        content_hash=text.content_hash(),
        terms_version=settings.TERMS_VERSION,
        created_at=created_at or timezone.now(),
    )


def append_version(
    post: Post, text: PostText, *, origin: str = VersionOrigin.AUTHOR, number: int | None = None, created_at: datetime | None = None
) -> PostVersion:
    """Store `text` as the next version of `post` and point `latest_version` at it. The post's row must be locked or new."""
    version = build_version(text, origin=origin, number=number or _next_number(post), created_at=created_at)
    version.post = post
    version.save(force_insert=True)
    _write_relations(version, text)
    post.latest_version = version
    post.save(update_fields=["latest_version"])
    return version


def _next_number(post: Post) -> int:
    latest = post.versions.order_by("-number").values_list("number", flat=True).first()
    return (latest or 0) + 1


def _write_relations(version: PostVersion, text: PostText) -> None:
    if text.countries:
        VersionCountry.objects.bulk_create(country_rows(version, text))
    if text.needs:
        VersionNeed.objects.bulk_create(need_rows(version, text))
    if text.tags:
        tags = ForumTag.objects.filter(slug__in=list(text.tags)).order_by("slug")
        TaggedVersion.objects.bulk_create(TaggedVersion(tag=tag, content_object=version) for tag in tags)


def country_rows(version: PostVersion, text: PostText) -> list[VersionCountry]:
    """Return the unsaved rows of a text's countries, in the author's order."""
    return [VersionCountry(version=version, country_id=code, position=i) for i, code in enumerate(dict.fromkeys(text.countries))]


def need_rows(version: PostVersion, text: PostText) -> list[VersionNeed]:
    """Return the unsaved rows of a text's needs."""
    return [VersionNeed(version=version, need=need, position=i) for i, need in enumerate(dict.fromkeys(text.needs))]


def _relations(version: PostVersion) -> dict[str, list[str]]:
    """Return countries, needs and tags of a version in the author's order: what was prefetched, else one query for all three."""
    if "country_rows" in getattr(version, "_prefetched_objects_cache", {}):
        return {
            "country": [row.country_id for row in version.country_rows.all()],
            "need": [row.need for row in version.need_rows.all()],
            "tag": sorted(row.tag.slug for row in version.tagged.all()),
        }
    columns = ("kind", "value", "place")
    countries = version.country_rows.order_by().annotate(kind=Value("country"), value=F("country_id"), place=F("position"))
    needs = version.need_rows.order_by().annotate(kind=Value("need"), value=F("need"), place=F("position"))
    tags = version.tagged.order_by().annotate(kind=Value("tag"), value=F("tag__slug"), place=Value(0))
    found: dict[str, list[str]] = {"country": [], "need": [], "tag": []}
    for kind, value, _place in sorted(
        countries.values_list(*columns).union(needs.values_list(*columns), tags.values_list(*columns)),
        key=lambda row: (row[2], row[1]),
    ):
        found[kind].append(value)
    return found


def text_of(version: PostVersion) -> PostText:
    """Return a stored version in the form of the writing services (to edit it, compare it, or export it). Reads what was prefetched."""
    relations = _relations(version)
    return PostText(
        body=version.body,
        title=version.title,
        kind=version.kind,
        language=version.language,
        countries=relations["country"],
        place=version.place,
        needs=relations["need"],
        tags=relations["tag"],
        crisis_id=version.crisis_id,
        validity_until=version.validity_until,
    )
