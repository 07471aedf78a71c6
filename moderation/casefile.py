"""Everything that a moderator sees of one item, read in a few fixed queries: the text, its author, the official word, what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, CharField, Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import colleague, first_role
from countries import directory
from crisis.models import OfficialNotice, OfficialNoticeText
from forum.enums import READABLE_STATUSES, Kind, Need, PostStatus
from forum.language import direction
from forum.models import Post, PostVersion, TaggedVersion, VersionCountry, VersionNeed
from moderation.differences import Stretch, difference, marked
from moderation.enums import Action
from moderation.models import Decision, ReviewItem
from moderation.permissions import Standing
from moderation.queue import Row, desk_head, language_name, marks_of, rows_of, upcoming
from moderation.services import available_actions, open_marks, standing_of
from moderation.subjects import author_language, subject_of
from moderation.workflow import REMARKS

DECISIONS = 20
NOTICES = 3
REFUSED = frozenset({PostStatus.REJECTED.value, PostStatus.SPAM.value})
UNSENT = frozenset({PostStatus.DRAFT.value, PostStatus.UNCONFIRMED.value})
# A control character that no label contains (Unicode "unit separator").
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Particular:
    """One fact about a text; `before` differs from `now` where an edit changes it."""

    label: Any
    now: str
    before: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One item for the screen."""

    item: ReviewItem
    row: Row
    standing: Standing
    actions: list[Action]
    title: list[Stretch]
    body: list[Stretch]
    html: str
    language: str
    direction: str
    author_language: str
    is_difference: bool
    particulars: list[Particular]
    findings: list[tuple[str, str]]
    open_marks: list[str]
    record: dict[str, int]
    notices: list[OfficialNoticeText]
    decisions: list[Decision]
    upcoming: list[Row]
    waiting: int


class Joined(Aggregate):
    """Texts of several rows in one, separated by SEPARATOR: the one form of it that both databases have."""

    function = "GROUP_CONCAT"
    template = f"%(function)s(%(expressions)s, '{SEPARATOR}')"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL's word for it."""
        return super().as_sql(compiler, connection, function="STRING_AGG", **extra)


def _labels(model: Any, key: str, value: str, version: str, position: str = "") -> Any:
    """Return "position value" of the rows of a version, as one column of the query that loads the item."""
    place = Cast(F(position), CharField()) if position else Value("0")
    rows = model.objects.filter(**{key: OuterRef(version)}).order_by().values(key)
    return Subquery(rows.annotate(joined=Joined(Concat(place, Value(" "), F(value), output_field=CharField()))).values("joined"))


def _counted(statuses: Iterable[str]) -> Any:
    """Return how many posts of the item's author have one of these statuses."""
    rows = Post.objects.filter(author=OuterRef("author"), status__in=sorted(statuses)).order_by().values("author")
    return Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


def load_item(items: Any, public_id: str) -> ReviewItem | None:
    """Return one of `items` with all that its page needs, or None: one query, the author's record and the texts' labels included."""
    for name, version in (("now", "version"), ("live", "post__live_version")):
        items = items.annotate(
            **{
                f"{name}_country": _labels(VersionCountry, "version", "country_id", version, "position"),
                f"{name}_need": _labels(VersionNeed, "version", "need", version, "position"),
                f"{name}_tag": _labels(TaggedVersion, "content_object", "tag__name", version),
            }
        )
    items = items.annotate(published=_counted(READABLE_STATUSES), refused=_counted(REFUSED), written=_counted(set(PostStatus.values) - UNSENT))
    rows = items.with_newer().select_related("post__topic", "post__live_version", "version", "profile__user", "author")
    found: ReviewItem | None = rows.filter(public_id=public_id).first()
    return found


def read_case(user: User, item: ReviewItem, language: str, now: datetime) -> CaseFile:
    """Return the whole of an item that came from `load_item`, in three more queries (four far down a long queue)."""
    decisions, head = decisions_about(item), desk_head(user)
    standing = _standing(item, decisions)
    live = item.post.live_version if item.post and item.is_edit else None
    title, body, html = _texts(item, live)
    return CaseFile(
        item=item,
        row=rows_of([item], language, now)[0],
        standing=standing,
        actions=available_actions(user, item, standing),
        title=title,
        body=body,
        html=html,
        language=item.language,
        direction=direction(item.language),
        author_language=author_language(item.author),
        is_difference=live is not None,
        particulars=_particulars(item, live, language),
        findings=marks_of(item.findings),
        open_marks=open_marks(item),
        record=_record(item),
        notices=_notices(item.country_id, language),
        decisions=decisions,
        upcoming=rows_of(upcoming(user, item, head), language, now),
        waiting=len(head),
    )


def decisions_about(item: ReviewItem, limit: int = DECISIONS) -> list[Decision]:
    """Return the decisions about a thing (of all its items), newest first, with the name of who took each as `actor_name`."""
    same = Q(item__post=item.post_id) if item.post_id else Q(item__subject=item.subject, item__author=item.author_id)
    return list(with_actors(Decision.objects.filter(same)).order_by("-pk")[:limit])


def with_actors(decisions: Any) -> Any:
    """Add the pseudonym, role and code of whoever decided, and what `statement_of` reads."""
    people = User.objects.filter(audit_ref=OuterRef("actor_ref"))
    named = decisions.annotate(
        actor_name=Subquery(people.values("pseudonym")[:1]),
        actor_code=Subquery(people.values("member_code")[:1]),
        actor_role=first_role(user__audit_ref=OuterRef("actor_ref")),
    )
    return named.select_related("text", "reverted_by", "item")


def _standing(item: ReviewItem, decisions: list[Decision]) -> Standing:
    own = [decision for decision in decisions if decision.item_id == item.pk and decision.action not in REMARKS]
    if not own and len(decisions) >= DECISIONS:
        return standing_of(item)
    subject = subject_of(item)
    return Standing(subject.status(), subject.is_gone(), bool(getattr(item, "newer", False)), own[0] if own else None)


def _texts(item: ReviewItem, live: PostVersion | None) -> tuple[list[Stretch], list[Stretch], str]:
    if item.profile is not None:
        return marked(item.profile.pseudonym, item.findings, "title"), marked(item.profile.about, item.findings, "body"), ""
    version = item.version
    assert version is not None  # noqa: S101 - a constraint of the table
    if live is not None and live.pk != version.pk:
        return difference(live.title, version.title), difference(live.body, version.body), version.html
    return marked(version.title, item.findings, "title"), marked(version.body, item.findings, "body"), version.html


def _named(item: ReviewItem, name: str, version: PostVersion, language: str) -> dict[str, str]:
    def rows(sort: str) -> list[str]:
        """Return the values of one sort of label in the author's order."""
        joined: str = getattr(item, f"{name}_{sort}") or ""
        return [row.split(" ", 1)[1] for row in sorted(joined.split(SEPARATOR)) if row]

    return {
        "kind": str(Kind(version.kind).label) if version.kind else "",
        "countries": ", ".join(directory.name(code, language) if directory.known(code) else code for code in rows("country")),
        "place": version.place,
        "needs": ", ".join(str(Need(need).label) for need in rows("need")),
        "tags": ", ".join(rows("tag")),
        "language": language_name(version.language),
        "until": version.validity_until.date().isoformat() if version.validity_until else "",
    }


PARTICULARS: dict[str, Any] = {
    "kind": _("Kind"),
    "countries": _("Countries"),
    "place": _("Place"),
    "needs": _("Needs"),
    "tags": _("Tags"),
    "language": _("Language"),
    "until": _("Valid until"),
}


def _particulars(item: ReviewItem, live: PostVersion | None, language: str) -> list[Particular]:
    if item.version is None:
        return []
    now = _named(item, "now", item.version, language)
    before = _named(item, "live", live, language) if live else now
    return [Particular(label, now[key], before[key], now[key] != before[key]) for key, label in PARTICULARS.items() if now[key] or before[key]]


def _record(item: ReviewItem) -> dict[str, int]:
    """Return how many texts of the author are public, were refused, and how many were sent at all."""
    return {name: getattr(item, name) or 0 for name in ("published", "refused", "written")}


def _notices(country: str | None, language: str) -> list[OfficialNoticeText]:
    """Return the newest official notices about a country, each in the reader's language, else in French: one query."""
    if not country:
        return []
    notices = OfficialNotice.objects.published().for_country(country)
    texts = OfficialNoticeText.objects.filter(notice__in=notices, language__in={language, "fr"}).select_related("notice")
    best: dict[int, OfficialNoticeText] = {}
    for text in texts.order_by("-notice__published_at", "-notice_id")[: NOTICES * 2]:
        if text.notice_id not in best or text.language == language:
            best[text.notice_id] = text
    return list(best.values())[:NOTICES]


def actor_label(decision: Any) -> str:
    """Return who took a decision, as colleagues see it."""
    if decision.automated:
        return gettext("the system, by the regime of the crisis")
    return colleague(decision.actor_name, decision.actor_role, decision.actor_code)
