"""The official word as pages show it: in the reader's language, else in French, else in Dutch, with the others one tap away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from crisis.models import OfficialNotice, OfficialNoticeText

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One published notice in one language; `others` are the codes of the languages that it exists in besides."""

    public_id: str
    title: str
    known: str
    unknown: str
    doing: str
    language: str
    signed_as: str
    published_at: datetime | None
    others: tuple[str, ...]


def of_country(code: str, language: str) -> list[ShownNotice]:
    """Return the newest notices about a country, directly or through a crisis that names it. Two queries."""
    return _shown(OfficialNotice.objects.published().for_country(code).newest()[:MOST_SHOWN].prefetch_related("texts"), language)


def for_everybody(language: str) -> list[ShownNotice]:
    """Return the newest notices that are tied to no country, for the home page. Two queries at most."""
    notices = OfficialNotice.objects.published().filter(country__isnull=True, crisis__crisiscountry__isnull=True)
    return _shown(notices.newest()[:2].prefetch_related("texts"), language)


def _shown(notices: Iterable[OfficialNotice], language: str) -> list[ShownNotice]:
    return [_show(notice, language) for notice in notices]


def _show(notice: OfficialNotice, language: str) -> ShownNotice:
    texts: dict[str, OfficialNoticeText] = {text.language: text for text in notice.texts.all()}
    text = texts.get(language) or texts.get("fr") or texts["nl"]
    return ShownNotice(
        public_id=notice.public_id,
        title=text.title,
        known=text.known,
        unknown=text.unknown,
        doing=text.doing,
        language=text.language,
        signed_as=text.signed_as,
        published_at=notice.published_at,
        others=tuple(code for code, _name in settings.LANGUAGES if code in texts and code != text.language),
    )
