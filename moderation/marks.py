"""Words for what screening found: a short label for moderators, a label and an advice for authors before they send."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from countries import directory
from forum.extensions import Preview
from forum.language import detect
from forum.texts import PostText
from moderation.enums import FindingCode
from moderation.screening import screen_draft

# (code, detail) → (label, advice to the author). Advice "" : nothing that an author should hear before sending.
WORDS: dict[tuple[str, str], tuple[Any, Any]] = {
    (FindingCode.LENGTH, "short"): (_("Very short text"), _("Say where, when and how much, so that others can use it.")),
    (FindingCode.LENGTH, "long"): (_("Very long text"), _("Keep what helps; people read this on a phone, perhaps on a bad line.")),
    (FindingCode.REPEAT, ""): (_("Same text as an earlier one of this author"), _("You sent this text before. One post is enough.")),
    (FindingCode.LINKS, "many"): (_("Many links"), _("Keep the links that people need.")),
    (FindingCode.LINKS, "shortener"): (_("Shortened link"), _("Write the full address, so that people see where the link leads.")),
    (FindingCode.LINKS, "lookalike"): (
        _("Link that looks like an authority’s"),
        _("This address looks like that of an authority and is not. Check it, or take it out."),
    ),
    (FindingCode.LINKS, "userinfo"): (_("Disguised link"), _("This link hides where it leads. Write the plain address.")),
    (FindingCode.LINKS, "ip_address"): (_("Link to a bare number"), _("Write the name of the site, not its number.")),
    (FindingCode.LINKS, "other_target"): (
        _("Link that leads elsewhere than it says"),
        _("The words name another site than the one that the link opens."),
    ),
    (FindingCode.PERSONAL_DATA, "register_number"): (_("National register or tax number"), _("Take this number out: it can be misused for ever.")),
    (FindingCode.PERSONAL_DATA, "passport"): (
        _("Passport or identity card number"),
        _("Take this number out. Give it to the embassy only, and privately."),
    ),
    (FindingCode.PERSONAL_DATA, "card"): (_("Bank card number"), _("Take this number out. Nobody needs it to help you.")),
    (FindingCode.PERSONAL_DATA, "account"): (_("Bank account number"), _("Take this number out. Agree on payments privately.")),
    (FindingCode.PERSONAL_DATA, "phone"): (
        _("Phone number"),
        _("Everybody can read this number. Leave it only if it belongs to an office, a shop or a service, not to a person."),
    ),
    (FindingCode.PERSONAL_DATA, "email"): (
        _("E-mail address"),
        _("Everybody can read this address. Leave it only if it belongs to an office, a shop or a service, not to a person."),
    ),
    (FindingCode.PERSONAL_DATA, "coordinates"): (_("Exact position"), _("Do not publish where people are staying. Name the town or the quarter.")),
    (FindingCode.THREAT_TO_LIFE, ""): (_("Somebody may be in danger"), _("If a life is in danger, call for help first. A post is read too late.")),
    (FindingCode.LANGUAGE, "undetermined"): (_("Language not certain"), _("Choose the language of your text.")),
    (FindingCode.LANGUAGE, "foreign"): (
        _("In a language other than the four of the site"),
        _("Add one sentence in French, Dutch, German or English, so that somebody can read and check it."),
    ),
    (FindingCode.NEW_AUTHOR, ""): (_("First text of this author"), ""),
}


def label_of(code: str, detail: str = "") -> str:
    """Return what a moderator reads for a finding; a code without words of its own is named by its enum."""
    words = WORDS.get((code, detail)) or WORDS.get((code, ""))
    return str(words[0]) if words else str(FindingCode(code).label) if code in FindingCode.values else code


def emergency_advice(codes: Iterable[str]) -> str:
    """Return whom to call in the first of the countries, from the reference data; without one, 112 and the ministry's word."""
    language = get_language() or "fr"
    for code in codes:
        if directory.known(code):
            country = directory.entry(code)
            numbers = sorted({number for service in country.emergency.values() for number in service})
            if numbers:
                values = {"country": country.name(language), "numbers": ", ".join(numbers)}
                return gettext("If a life is in danger, call for help first. Emergency numbers in %(country)s: %(numbers)s.") % values
    return str(WORDS[FindingCode.THREAT_TO_LIFE, ""][1])


def preview_findings(text: PostText, author: User) -> list[Preview]:
    """Return what an author should know before sending (provider of `forum.extensions.PREVIEW_FINDINGS`): each mark with one advice."""
    language = text.language or detect(f"{text.title}\n{text.body}")[0]
    shown = []
    for finding in screen_draft(text, author, language):
        label, advice = WORDS.get((finding.code, finding.detail), ("", ""))
        if advice:
            words = text.title if finding.field == "title" else text.body
            said = emergency_advice(text.countries) if finding.code == FindingCode.THREAT_TO_LIFE else str(advice)
            shown.append(Preview(str(finding.code), str(label), said, words[finding.start : finding.end], finding.field))
    return shown
