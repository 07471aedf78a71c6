"""The official word as pages show it: in the reader's language, else in French, else in Dutch, with the others one tap away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import CharField

from accounts.identifiers import normalise_public_id
from crisis.models import OfficialNotice, OfficialNoticeText
from forum.prepared import Place, Prepared

MOST_SHOWN = 5
MOST_FOR_EVERYBODY = 2


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
    countries: tuple[str, ...] = ()


OF_COUNTRY = Prepared(
    lambda: (
        OfficialNotice.objects.published()
        .for_country(Place("code", CharField()))  # type: ignore[arg-type]
        .newest()[:MOST_SHOWN]
        .prefetch_related("texts")
    )
)
FOR_EVERYBODY = Prepared(
    lambda: (
        OfficialNotice.objects.published()
        .filter(country__isnull=True, crisis__crisiscountry__isnull=True)
        .newest()[:MOST_FOR_EVERYBODY]
        .prefetch_related("texts")
    )
)


def of_country(code: str, language: str) -> list[ShownNotice]:
    """Return the newest notices about a country, directly or through a crisis that names it. Two queries."""
    return _shown(OF_COUNTRY(code=code), language)


def one(public_id: str, language: str) -> ShownNotice | None:
    """Return a published notice; None for one that does not exist or is not (or no longer) public."""
    notices = OfficialNotice.objects.published().filter(public_id=normalise_public_id(public_id)).select_related("crisis")
    notice = notices.prefetch_related("texts", "crisis__crisiscountry_set").first()
    return _show(notice, language, countries=_countries(notice)) if notice else None


def _countries(notice: OfficialNotice) -> tuple[str, ...]:
    if notice.country_id:
        return (notice.country_id,)
    return tuple(row.country_id for row in notice.crisis.crisiscountry_set.all()) if notice.crisis else ()


def for_everybody(language: str) -> list[ShownNotice]:
    """Return the newest notices that are tied to no country, for the home page. Two queries at most."""
    return _shown(FOR_EVERYBODY(), language)


def _shown(notices: Iterable[OfficialNotice], language: str) -> list[ShownNotice]:
    return [_show(notice, language) for notice in notices]


def _show(notice: OfficialNotice, language: str, *, countries: tuple[str, ...] = ()) -> ShownNotice:
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
        countries=countries,
        others=tuple(code for code, _name in settings.LANGUAGES if code in texts and code != text.language),
    )
