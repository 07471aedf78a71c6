"""One line of an archive: read, checked field by field, turned into what the writer stores. Nothing here asks the database."""

import json
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import slugify

from accounts.plain_text import BIDI_OVERRIDES, UNREADABLE, clean_text, shows_nothing
from countries import directory
from forum.enums import BODY_MAX, COUNTRIES_MAX, NEEDS_MAX, TAGS_MAX, TITLE_MAX, ConfirmationKind, Kind, Need, PostStatus
from forum.fields import end_of_day
from forum.texts import PostText
from pages.importing.tags import read_words

# The source of an export of this site: believed where an archive is not.
OWN_SOURCE = "self"
LONGEST_ID = 120
LONGEST_SOURCE = 40
LONGEST_PLACE = 80
LONGEST_NAME = 40
# A day at either end of the calendar cannot be shown in another time zone; nothing that a forum holds is older or stays true longer.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
MOST_REPLIES = 20_000
MOST_CONFIRMATIONS = 100_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
IMPORTABLE = frozenset(PostStatus.values) - {PostStatus.UNCONFIRMED}


class BadLine(ValueError):
    """The line cannot be stored: `field` says where, the message why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.field = where


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it, as the archive says; `code` is the code of a neutral name in an export of this site."""

    pseudonym: str = ""
    code: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class ConfirmationLine:
    """A reader's word; `by`, the code of a member, is believed from an export of this site only."""

    kind: str
    at: datetime
    by: str = ""
    day: Any = None


@dataclass(frozen=True, slots=True)
class PostLine:
    """A text with its author, time and status."""

    external_id: str
    text: PostText
    author: Author
    created_at: datetime
    status: str
    published_at: datetime | None = None
    is_answer: bool = False
    signed_as: str = ""
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A whole line: the first post, its replies and what readers said."""

    number: int
    source: str
    first: PostLine
    replies: list[PostLine] = field(default_factory=list)
    confirmations: list[ConfirmationLine] = field(default_factory=list)
    merged_into: str = ""
    gone_reason: str = ""
    tag_words: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def posts(self) -> list[PostLine]:
        """The first post, then the replies."""
        return [self.first, *self.replies]


def source_name(text: str) -> str:
    """Return the name of a source in the form that is stored. Raises BadLine."""
    name = slugify(text)[:LONGEST_SOURCE].strip("-")
    if not name:
        raise BadLine("source", "write letters and digits")
    return name


class _Fields:
    """Typed reads of one JSON object; `where` prefixes the field of an error."""

    def __init__(self, data: Any, where: str = "") -> None:
        if not isinstance(data, dict):
            raise BadLine(where or "line", "is no JSON object")
        self.data, self.where = data, where

    def name(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def bad(self, key: str, why: str) -> BadLine:
        return BadLine(self.name(key), why)

    def text(self, key: str, longest: int, *, required: bool = False) -> str:
        value = self.data.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            raise self.bad(key, "is missing" if value is None else "is no text")
        if UNREADABLE.search(value) or BIDI_OVERRIDES.search(value):
            raise self.bad(key, "holds characters that cannot be read or that turn the reading direction")
        cleaned = "" if shows_nothing(value) else clean_text(value)
        if required and not cleaned:
            raise self.bad(key, "is empty")
        if len(cleaned) > longest:
            raise self.bad(key, f"is longer than {longest} characters")
        return cleaned

    def line(self, key: str, longest: int, *, required: bool = False) -> str:
        """A text on one line; a no-break space stays, as French wants one before its signs."""
        return re.sub(r"[ \t\n\r\f\v]+", " ", self.text(key, longest, required=required))

    def code(self, key: str, allowed: Any, default: str) -> str:
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or value not in allowed:
            raise self.bad(key, f"is unknown: {str(value)[:40]!r}")
        return value

    def codes(self, key: str, known: Callable[[str], bool], most: int) -> list[str]:
        values = self.data.get(key)
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.bad(key, "is no list of codes")
        for value in values:
            if not known(value):
                raise self.bad(key, f"is unknown: {value[:40]!r}")
        values = list(dict.fromkeys(values))
        if len(values) > most:
            raise self.bad(key, f"has more than {most} codes")
        return values

    def moment(self, key: str) -> datetime | None:
        value = self.data.get(key)
        if value is None:
            return None
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
            day = parse_date(value) if moment is None and isinstance(value, str) else None
        except ValueError:
            raise self.bad(key, f"is no date: {value[:40]!r}") from None
        if moment is None and day is None:
            raise self.bad(key, "is no ISO 8601 date")
        found = moment or day
        if found is not None and not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            raise self.bad(key, f"lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}")
        if moment is None:
            return end_of_day(day)
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment

    def past(self, key: str) -> datetime | None:
        moment = self.moment(key)
        if moment is not None and moment > timezone.now() + timedelta(minutes=5):
            raise self.bad(key, "lies in the future")
        return moment

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.bad(key, "is neither true nor false")
        return value

    def rows(self, key: str, most: int) -> list[Any]:
        values = self.data.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.bad(key, "is no list")
        if len(values) > most:
            raise self.bad(key, f"has more than {most} entries")
        return values


def _external_id(fields: _Fields) -> str:
    value = fields.data.get("external_id")
    if isinstance(value, int) and not isinstance(value, bool):
        fields.data["external_id"] = str(value)
    return fields.text("external_id", LONGEST_ID, required=True)


def _language(fields: _Fields) -> str | None:
    value = fields.text("language", 16)
    if value and not LANGUAGE.fullmatch(value):
        raise fields.bad("language", f"is no BCP 47 code: {value!r}")
    return value or None


def _author(fields: _Fields) -> Author:
    data = fields.data.get("author")
    if data is None:
        return Author()
    author = _Fields(data, fields.name("author"))
    author.codes("countries", directory.known, COUNTRIES_MAX)
    return Author(author.text("pseudonym", LONGEST_NAME), author.text("code", 6))


def _reply(data: Any, where: str) -> PostLine:
    fields = _Fields(data, where)
    created = fields.past("created_at")
    return PostLine(
        external_id=_external_id(fields),
        text=PostText(body=fields.text("body", BODY_MAX, required=True), language=_language(fields)),
        author=_author(fields),
        created_at=created or timezone.now(),
        status=fields.code("status", IMPORTABLE - {PostStatus.MERGED, PostStatus.DRAFT}, PostStatus.PENDING.value),
        published_at=fields.past("published_at") or created,
        is_answer=fields.flag("is_answer"),
        signed_as=fields.text("signed_as", 120),
        gone_at=fields.past("gone_at"),
    )


def _confirmation(data: Any, where: str) -> ConfirmationLine:
    fields = _Fields(data, where)
    kind = fields.code("kind", ConfirmationKind.values, "")
    at = fields.past("at")
    if not kind or at is None:
        raise fields.bad("kind" if not kind else "at", "is missing")
    day = fields.past("day")
    return ConfirmationLine(kind, at, fields.text("by", 6), timezone.localdate(day) if day else timezone.localdate(at))


def _tag_words(fields: _Fields, source: str) -> dict[str, dict[str, str]]:
    """The words of the tags that a line uses: an archive chooses from the staff's list, an export of this site brings it."""
    try:
        return read_words(fields.data.get("tag_names")) if source == OWN_SOURCE else {}
    except ValueError as error:
        raise fields.bad("tag_names", str(error)) from None


def _first(fields: _Fields, tags: Container[str]) -> PostLine:
    text = PostText(
        body=fields.text("body", BODY_MAX, required=True),
        title=fields.line("title", TITLE_MAX, required=True),
        kind=fields.code("kind", Kind.values, Kind.TIP.value),
        language=_language(fields),
        countries=fields.codes("countries", directory.known, COUNTRIES_MAX),
        place=fields.line("place", LONGEST_PLACE),
        needs=fields.codes("needs", lambda need: need in Need.values, NEEDS_MAX),
        tags=fields.codes("tags", lambda tag: tag in tags, TAGS_MAX),
        validity_until=fields.moment("validity_until"),
    )
    created = fields.past("created_at")
    return PostLine(
        external_id=_external_id(fields),
        text=text,
        author=_author(fields),
        created_at=created or timezone.now(),
        status=fields.code("status", IMPORTABLE, PostStatus.PENDING.value),
        published_at=fields.past("published_at") or created,
        gone_at=fields.past("gone_at"),
    )


def read_line(raw: bytes, number: int, *, source: str, tags: frozenset[str]) -> TopicLine:
    """Return what a line says. `source` is that of the command, `tags` the staff's list. Raises BadLine with the field."""
    try:
        data = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadLine("line", f"is no JSON in UTF-8: {str(error)[:80]}") from None
    fields = _Fields(data)
    source = source_name(fields.text("source", LONGEST_SOURCE) or source)
    words = _tag_words(fields, source)
    first = _first(fields, tags | words.keys())
    replies = [_reply(row, f"replies[{n}]") for n, row in enumerate(fields.rows("replies", MOST_REPLIES))]
    ids = [post.external_id for post in (first, *replies)]
    if len(set(ids)) != len(ids):
        raise BadLine("replies", "use an external_id twice")
    merged_into = fields.text("merged_into", LONGEST_ID)
    if (first.status == PostStatus.MERGED) != bool(merged_into):
        raise BadLine("merged_into", "belongs to the status merged, and the other way round")
    return TopicLine(
        number=number,
        source=source,
        first=first,
        replies=replies,
        confirmations=[_confirmation(row, f"confirmations[{n}]") for n, row in enumerate(fields.rows("confirmations", MOST_CONFIRMATIONS))],
        merged_into=merged_into,
        gone_reason=fields.text("gone_reason", 300),
        tag_words=words,
    )
