"""The grounds of the charter, in its order: what each means, and the sentence with which the facts begin.

A ground is the only reason for which a text is refused, hidden or sent back (Constitution art. 19 and 25; law of 29 July 1991 on the
formal motivation of administrative acts; DSA art. 17(3)(e)). The numbers are those of the published charter.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.enums import Language
from moderation.enums import Ground


@dataclass(frozen=True, slots=True)
class GroundText:
    """`rule`: what the charter says. `facts`: how the facts begin; a moderator completes it. `law`: legal ground, where there is one."""

    rule: Any
    facts: Any
    law: Any = ""


GDPR = _("Regulation (EU) 2016/679 (GDPR), art. 5 and 6")

TEXTS: dict[Ground, GroundText] = {
    Ground.PERSONAL_DATA: GroundText(
        _("No personal data, yours or somebody else’s: names with numbers, addresses, phone numbers, documents, exact whereabouts."),
        _("Your text holds data by which a person can be found or impersonated, namely: "),
        GDPR,
    ),
    Ground.DANGER: GroundText(
        _("No advice that puts people in danger or reveals where vulnerable people are."),
        _("Whoever follows your text may come to harm, because: "),
    ),
    Ground.OUTDATED: GroundText(
        _("A text must be true today and possible to check: a place, a date, a price or a source."),
        _("What your text says is no longer so, or nobody can check it, because: "),
    ),
    Ground.FALSE_OFFICIAL: GroundText(
        _("Nobody speaks in the name of an authority but the authority itself."),
        _("Your text gives as the word of an authority what that authority did not say, namely: "),
    ),
    Ground.SCAM: GroundText(
        _("No fraud, and no request for money or documents in advance."),
        _("Your text asks for money or documents, or leads to somebody who does, in this way: "),
        _("Criminal Code, provisions on fraud"),
    ),
    Ground.HATE: GroundText(
        _("No hatred, threats, harassment or discrimination."),
        _("Your text attacks or insults people, in these words: "),
        _("Laws of 30 July 1981 and 10 May 2007 against racism and discrimination"),
    ),
    Ground.DUPLICATE: GroundText(
        _("What stands here already is not said twice: texts on one subject are brought together."),
        _("The same is said already in this topic: "),
    ),
    Ground.OFF_TOPIC: GroundText(
        _("This site is for help among Belgians abroad."),
        _("Your text is not about help abroad, because: "),
    ),
    Ground.SPAM: GroundText(
        _("No advertising, and no text that is sent again and again."),
        _("Your text advertises, or repeats what you sent before: "),
    ),
    Ground.ILLEGAL: GroundText(
        _("Nothing that is against Belgian law, Union law or the law of the place, or that calls for breaking it."),
        _("Your text is against the law, or calls for breaking it, namely: "),
        _("the provision that the facts name"),
    ),
    Ground.LANGUAGE_UNCLEAR: GroundText(
        _("Somebody must understand a text to check it. One sentence in French, Dutch, German or English is enough."),
        _("We could not understand your text, in particular: "),
    ),
    Ground.HOST_STATE: GroundText(
        _("No interference in the internal affairs of the country that receives you."),
        _("Your text takes part in the internal affairs of the country, in this way: "),
        _("Vienna Convention on Diplomatic Relations of 18 April 1961, art. 41"),
    ),
}


@cache
def _openings() -> re.Pattern[str]:
    """Return what matches the beginning sentence of any ground in any language, however its spaces were typed."""
    found = set()
    for code in Language.values:
        with override(code):
            found |= {str(text.facts) for text in TEXTS.values()}
    # The longest first: none must hide another one that goes on.
    words = [r"\s+".join(re.escape(word) for word in sentence.split()) for sentence in sorted(found, key=len, reverse=True)]
    return re.compile(rf"\s*(?:{'|'.join(words)})\s*")


def without_opening(facts: str) -> str:
    """Return what a moderator wrote behind the beginning that the page offered: the reason itself, empty when nothing was added."""
    begun = _openings().match(facts)
    rest = facts[begun.end() :].strip() if begun else facts.strip()
    return rest[:1].upper() + rest[1:] if begun else rest


def number_of(ground: str) -> int:
    """Return the number of a ground in the charter, from 1; the first nine are the keys of the queue."""
    return list(Ground.values).index(ground) + 1
