"""The statement of reasons: what an author is told of a decision, the same in the mail, on the author's page and in the admin.

Its parts are those of DSA art. 17(3): (a) restriction, scope, duration, (b) facts and whether a notice led to it, (c) automated means,
(d) or (e) the ground and why, (f) redress; and of the law of 29 July 1991 on the formal motivation of administrative acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from moderation.charter import TEXTS, number_of
from moderation.enums import Action, Ground, SubjectKind
from moderation.models import Decision, DecisionText
from moderation.redress import Redress, redress_for
from moderation.services.deciding import is_negative
from moderation.waiting import moment_words

# What happened, for a post and for a profile; the duration of a restriction stands with it.
TITLES: dict[str, Any] = {
    Action.APPROVE: gettext_lazy("Your text is published"),
    Action.APPROVE_EDIT: gettext_lazy("Your new text is published"),
    Action.REQUEST_CHANGES: gettext_lazy("Your text comes back to you: something is missing"),
    Action.RETURN_EDIT: gettext_lazy("Your new text comes back to you: something is missing"),
    Action.REJECT: gettext_lazy("Your text is not published"),
    Action.REJECT_EDIT: gettext_lazy("Your new text is not published"),
    Action.SPAM: gettext_lazy("Your text is not published: it was taken for advertising"),
    Action.MERGE: gettext_lazy("Your text was brought together with another topic"),
    Action.HIDE: gettext_lazy("Your text was taken off the site"),
    Action.RESTORE: gettext_lazy("Your text is published again"),
    Action.ARCHIVE: gettext_lazy("Your text was moved to the archive"),
    Action.MARK_DANGEROUS: gettext_lazy("Your text was marked as dangerous"),
    Action.LIFT_DANGER: gettext_lazy("The danger mark was taken off your text"),
}
PROFILE_TITLES: dict[str, Any] = {
    Action.APPROVE: gettext_lazy("Your name and profile are published"),
    Action.REQUEST_CHANGES: gettext_lazy("Your name or profile comes back to you: something is missing"),
    Action.REJECT: gettext_lazy("Your name or profile is not published"),
}
EFFECTS: dict[str, Any] = {
    Action.APPROVE: gettext_lazy("Everybody can read it now."),
    Action.APPROVE_EDIT: gettext_lazy("Everybody can read it now, in place of the earlier text."),
    Action.REQUEST_CHANGES: gettext_lazy(
        "Nobody else can read it until you have changed it and it has been read again. Nothing is lost: change it and send it again."
    ),
    Action.RETURN_EDIT: gettext_lazy("The approved text stays on the site. Change the new text and send it again, or leave it as it is."),
    Action.REJECT: gettext_lazy("Nobody else can read it, on the whole site and in every country, without a time limit. It stays in your account."),
    Action.REJECT_EDIT: gettext_lazy("The approved text stays on the site; the new one stays in your account, without a time limit."),
    Action.SPAM: gettext_lazy("Nobody else can read it, on the whole site and in every country, without a time limit. It stays in your account."),
    Action.MERGE: gettext_lazy("Its address leads to the other topic from now on, in every country and without a time limit."),
    Action.HIDE: gettext_lazy("Nobody else can read it, on the whole site and in every country, without a time limit. It stays in your account."),
    Action.RESTORE: gettext_lazy("Everybody can read it again."),
    Action.ARCHIVE: gettext_lazy("It stays readable at its address and no longer appears in lists or search."),
    Action.MARK_DANGEROUS: gettext_lazy(
        "At its address stands a warning with the reason in place of the text, in every country, until the mark is taken off."
    ),
    Action.LIFT_DANGER: gettext_lazy("Everybody can read it again."),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A decision in words, in one language. `paragraphs` is the whole, in order; the other fields are its parts."""

    language: str
    title: str
    subject: str
    effect: str
    facts: str
    note: str
    source: str
    automation: str
    ground: str
    ground_text: str
    law: str
    redress: tuple[Redress, ...]
    contact: str
    reference: str
    decided_at: datetime
    superseded_at: datetime | None
    paragraphs: tuple[str, ...]


def _automation(decision: Decision) -> str:
    if decision.automated:
        return _("No person decided: the regime of this crisis publishes texts of trusted members at once. A person may read it afterwards.")
    if any(finding.get("severity", 0) > 1 for finding in decision.item.findings):
        return _("A person decided. Automatic checks had marked passages of the text for that person.")
    return _("A person decided, without automated means.")


def _redress_lines(ways: tuple[Redress, ...]) -> Iterator[str]:
    for way in ways:
        values = {"name": way.name, "how": way.how, "url": way.url}
        yield (_("%(name)s: %(how)s %(url)s") if way.url else _("%(name)s: %(how)s")) % values


def _title(decision: Decision) -> str:
    titles = PROFILE_TITLES if decision.item.subject == SubjectKind.PROFILE else TITLES
    return str(titles.get(decision.action) or TITLES.get(decision.action) or decision.get_action_display())


def _ground_line(ground: str) -> str:
    if not ground:
        return ""
    values = {"number": number_of(ground), "label": Ground(ground).label, "rule": TEXTS[Ground(ground)].rule}
    return _("Ground %(number)s of the charter, “%(label)s”: %(rule)s") % values


def _law_line(ground: str) -> str:
    law = str(TEXTS[Ground(ground)].law) if ground else ""
    return _("Legal ground: %(law)s.") % {"law": law} if law else ""


def _subject_line(name: str) -> str:
    return pgettext("statement of reasons", "It is about “%(title)s”.") % {"title": name} if name else ""


def _reverted_at(decision: Decision) -> datetime | None:
    later: Decision | None = getattr(decision, "reverted_by", None)
    return later.decided_at if later else None


def statement_of(decision: Decision, language: str) -> Statement:
    """Return the statement of `decision` in `language`. Load `item`, `text` and `reverted_by` with it: then there is no query."""
    text: DecisionText | None = getattr(decision, "text", None)
    snapshot: dict[str, Any] = text.snapshot if text else {}
    with translation.override(language):
        negative = is_negative(decision)
        parts: dict[str, Any] = {
            "title": _title(decision),
            "subject": snapshot.get("title") or snapshot.get("pseudonym") or "",
            "effect": str(EFFECTS.get(decision.action, "")),
            "facts": text.facts if text else "",
            "note": text.note if text else "",
            "source": _("It was read in the ordinary review of texts; no notice from somebody else led to this.") if negative else "",
            "automation": _automation(decision) if negative or decision.automated else "",
            "ground": decision.ground,
            "ground_text": _ground_line(decision.ground),
            "law": _law_line(decision.ground) if negative else "",
            "redress": redress_for(decision.ground) if negative else (),
            "contact": _("Moderation of BelgesSolidaires, FPS Foreign Affairs: %(mail)s") % {"mail": settings.STAFF_HELP_EMAIL},
            "superseded_at": _reverted_at(decision),
        }
        parts["redress"] = tuple(Redress(way.code, str(way.name), str(way.how), way.days, way.url) for way in parts["redress"])
        paragraphs = tuple(line for line in _paragraphs(decision, parts, language, negative=negative) if line)
    return Statement(language=language, reference=decision.public_id, decided_at=decision.decided_at, paragraphs=paragraphs, **parts)


def _paragraphs(decision: Decision, parts: dict[str, Any], language: str, *, negative: bool) -> Iterator[str]:
    """Yield the lines in the order of DSA art. 17(3); empty ones are left out by the caller."""
    if parts["superseded_at"]:
        yield _("This decision was taken back on %(moment)s and no longer holds.") % {"moment": moment_words(parts["superseded_at"], language)}
    yield _subject_line(parts["subject"])
    yield parts["effect"]
    if parts["facts"]:
        yield _("The facts: %(facts)s") % {"facts": parts["facts"]}
    yield parts["ground_text"]
    yield parts["law"]
    if parts["note"]:
        yield _("A word from the person who read it: %(note)s") % {"note": parts["note"]}
    yield parts["source"]
    yield parts["automation"]
    if negative:
        yield _("What you can do if you do not agree:")
        yield from _redress_lines(parts["redress"])
        yield parts["contact"]
        values = {"reference": decision.public_id, "moment": moment_words(decision.decided_at, language)}
        yield _("Reference %(reference)s, decided on %(moment)s.") % values
