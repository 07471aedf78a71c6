"""What a person can do about a decision, as versioned data per ground (MODERATION.md, Statement of reasons, (f)).

Sources: DSA (Reg. (EU) 2022/2065) art. 20; law of 22 March 1995 on the federal ombudsmen; coordinated laws on the Council of State of
12 January 1973, art. 14 and 19, and Regent's decree of 23 August 1948, art. 4 (60 days); GDPR art. 77; coordinated laws on the use of
languages of 18 July 1966, art. 61. An out-of-court body (DSA art. 21) is added here when counsel names one.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.enums import Ground

VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Redress:
    """One way: who, what to do and how, in how many days from the notification (0: no fixed limit), where to read more."""

    code: str
    name: Any
    how: Any
    days: int
    url: str = ""


INTERNAL = Redress(
    "internal",
    _("Ask us to look again"),
    _("Free, within six months: write to the address below, give the reference and say why. Another person than the first decides, with reasons."),
    183,
)
OMBUDSMAN = Redress(
    "ombudsman",
    _("Federal Ombudsman"),
    _("Free, after you asked us to look again: in writing, online or by phone."),
    0,
    "https://www.federalombudsman.be",
)
COUNCIL = Redress(
    "council_of_state",
    _("Council of State, administrative litigation section"),
    _(
        "Action for annulment within 60 days of the day on which you were told of the decision: a dated and signed petition, by registered "
        "letter or through the electronic procedure of the Council of State. A fee is due."
    ),
    60,
    "https://www.raadvst-consetat.be",
)
DATA_PROTECTION = Redress(
    "data_protection",
    _("Data Protection Authority"),
    _("Free: a complaint about how personal data were handled, online or by letter."),
    0,
    "https://www.dataprotectionauthority.be",
)
LANGUAGES = Redress(
    "languages",
    _("Standing Committee for Linguistic Supervision"),
    _("Free: a complaint about the language in which an authority dealt with you, by letter or e-mail."),
    0,
    "https://www.vct-cpcl.be",
)

ALWAYS = (INTERNAL, OMBUDSMAN, COUNCIL)
OF_GROUND: dict[str, tuple[Redress, ...]] = {
    Ground.PERSONAL_DATA: (*ALWAYS, DATA_PROTECTION),
    Ground.LANGUAGE_UNCLEAR: (*ALWAYS, LANGUAGES),
}


def redress_for(ground: str) -> tuple[Redress, ...]:
    """Return the ways that are open against a decision on this ground, the nearest first."""
    return OF_GROUND.get(ground, ALWAYS)
