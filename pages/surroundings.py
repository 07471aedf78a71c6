"""The frame of a page: word mark, navigation, the same page in other languages, crisis banner, footer links."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, override

from accounts.enums import STAFF_ROLES
from accounts.sessions import roles_seen
from countries import directory
from crisis.banner import BANNER_LIMIT, BannerCrisis, open_crises, touching
from crisis.publication import current_generation
from forum.addresses import address
from moderation.workflow import REVIEWERS
from pages.brands import BRANDS
from pages.models import StandingPage

# Parameters that the language switch carries over; anything else could be somebody's tracking.
KEPT_PARAMETERS = ("q", "country", "need", "kind", "language", "state", "official", "since", "sort")


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in one language."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class BannerLine:
    """A crisis in the banner and where it leads to."""

    crisis: BannerCrisis
    url: str


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link of the navigation."""

    label: str
    url: str
    current: bool


RULES = frozenset({"charter", "how-it-works", "privacy"})
# (generation, language) → key and link. A new generation drops the old ones.
_footer: dict[tuple[int, str], list[tuple[str, NavLink]]] = {}


def footer_pages(language: str) -> list[tuple[str, NavLink]]:
    """Return key and link of the standing pages in one language. One query a generation."""
    generation = current_generation()
    if (generation, language) not in _footer:
        for key in [key for key in _footer if key[0] != generation]:
            del _footer[key]
        pages = StandingPage.objects.live().filter(locale__language_code=language, in_footer=True).order_by("position", "pk")
        rows = pages.values_list("key", "title", "slug")
        links = [(key, NavLink(title, address("wagtail_serve", language, f"{slug}/"), False)) for key, title, slug in rows]
        _footer[generation, language] = links
    return _footer[generation, language]


def _with_arguments(match: ResolverMatch, language: str) -> str:
    with override(language):
        try:
            return reverse(match.view_name, args=match.args, kwargs={} if match.args else match.kwargs)
        except NoReverseMatch:
            return ""


class Surroundings:
    """Everything around the content of one page, in the active language. Nothing is computed before a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def language(self) -> str:
        """Code of the active language, one of the four."""
        return (get_language() or settings.LANGUAGE_CODE)[:2]

    @property
    def brand(self) -> tuple[str, str]:
        """The two lines of the word mark."""
        return BRANDS.get(self.language, BRANDS["en"])

    @property
    def name(self) -> str:
        """The word mark in one word."""
        return "".join(self.brand)

    @cached_property
    def home(self) -> str:
        """Address of the home page."""
        return address("home", self.language)

    @cached_property
    def search(self) -> str:
        """Address of the search page; that of the countries while there is no search."""
        return address("search", self.language) or address("country_list", self.language)

    @cached_property
    def topics(self) -> str:
        """Address of the list of topics."""
        return address("topic_list", self.language)

    @cached_property
    def write(self) -> str:
        """Address of the page where one writes."""
        return address("write", self.language)

    @property
    def ministry_contact(self) -> str:
        """The ministry's own site, in the reader's language: pages below it move, and its front page leads to its contacts."""
        return f"https://diplomatie.belgium.be/{self.language}"

    @property
    def travel_advice(self) -> str:
        """Where the ministry publishes its travel advice, in the reader's language or else in English."""
        return f"https://diplomatie.belgium.be/{self.language}"

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in; asks nothing of the session when the browser sent no session cookie."""
        if settings.SESSION_COOKIE_NAME not in self._request.COOKIES:
            return False
        try:
            return bool(getattr(getattr(self._request, "user", None), "is_authenticated", False))
        except DatabaseError:
            return False

    @cached_property
    def _roles(self) -> frozenset[str]:
        """What a member of staff may be offered; nobody else has any, and a page of the anonymous cache never asks."""
        return roles_seen(self._request.session) if self.signed_in else frozenset()

    @property
    def reviews(self) -> bool:
        """Whether the reader came through the staff door as somebody who reviews: their pages lead to the queue."""
        return bool(self._roles & REVIEWERS)

    @cached_property
    def navigation(self) -> list[NavLink]:
        """The four links of the header; for staff a fifth, to their rooms."""
        account = ("account_home", gettext("My account")) if self.signed_in else ("account_login", gettext("Sign in"))
        pairs = [("country_list", gettext("Countries")), ("search", gettext("Search")), ("write", gettext("Write")), account]
        if self.reviews:
            pairs.append(("moderation:queue", gettext("To review")))
        elif self._roles & STAFF_ROLES:
            pairs.append(("wagtailadmin_home", gettext("Staff rooms")))
        links = [(label, address(name, self.language)) for name, label in pairs]
        path = self._request.path
        return [NavLink(label, url, path.startswith(url)) for label, url in links if url]

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """This page in the four languages, always in the same order, with the filters that are set."""
        query = self._kept_query()
        return [LanguageLink(code, name, self.alternates[code] + query, code == self.language) for code, name in settings.LANGUAGES]

    @cached_property
    def alternates(self) -> dict[str, str]:
        """Path of this page by language: what the view said (`request.alternates`), else the same view in each language, else home."""
        given: dict[str, str] = getattr(self._request, "alternates", {})
        return {code: given.get(code) or self._same_view(code) for code, _name in settings.LANGUAGES}

    def _same_view(self, code: str) -> str:
        match = self._request.resolver_match
        url = ""
        if match is not None and match.view_name and match.view_name != "wagtail_serve":
            url = _with_arguments(match, code) if match.args or match.kwargs else address(match.view_name, code)
        return url or address("home", code) or f"/{code}/"

    def _kept_query(self) -> str:
        try:
            parameters = self._request.GET.copy()
        except SuspiciousOperation:
            return ""
        for name in set(parameters) - set(KEPT_PARAMETERS):
            del parameters[name]
        return f"?{parameters.urlencode()}" if parameters else ""

    @property
    def base_url(self) -> str:
        """Scheme and host of the site, without a slash."""
        return str(settings.BASE_URL)

    @property
    def canonical(self) -> str:
        """The one address of this page in this language."""
        return self.base_url + self.alternates.get(self.language, self._request.path)

    @cached_property
    def crises(self) -> list[BannerCrisis]:
        """Open crises that touch this page (`request.banner_countries`), most severe first; elsewhere those that concern everybody."""
        codes: list[str] = getattr(self._request, "banner_countries", [])
        regions = {region for code in codes if directory.known(code) for region in self._regions(code)}
        everything = open_crises(self.language)
        wanted = touching(everything, codes)
        wanted += [crisis for crisis in everything if crisis not in wanted and regions & set(crisis.regions)]
        return [crisis for crisis in everything if crisis in wanted]

    @staticmethod
    def _regions(code: str) -> tuple[str, str]:
        entry = directory.entry(code)
        return entry.region, entry.subregion

    @cached_property
    def banner(self) -> list[BannerLine]:
        """The crises that the banner names, each with the address of what to do."""
        return [BannerLine(crisis, self._leads_to(crisis)) for crisis in self.crises[:BANNER_LIMIT]]

    def _leads_to(self, crisis: BannerCrisis) -> str:
        """The official word of this country when the page is about it, else of the crisis's first country, else the home page."""
        own = getattr(self._request, "banner_countries", [])
        codes = [code for code in own if code in crisis.countries] or list(crisis.countries[:1])
        if not codes or not directory.known(codes[0]):
            return f"{self.home}#crises"
        page = address("country", self.language, directory.entry(codes[0]).slug(self.language))
        return "#official" if page == self._request.path else f"{page}#official"

    @property
    def other_crises(self) -> int:
        """How many more there are."""
        return max(0, len(self.crises) - BANNER_LIMIT)

    @property
    def emergency_phone(self) -> str:
        """The duty number of the ministry, as people read it."""
        return str(settings.EMERGENCY_PHONE)

    @property
    def emergency_tel(self) -> str:
        """The same number as a telephone dials it."""
        return "".join(self.emergency_phone.split())

    @cached_property
    def standing(self) -> list[NavLink]:
        """The standing pages that the footer links to, in this language; none on the error page of a database that is away."""
        return [link for _key, link in self._standing]

    @property
    def rules(self) -> list[NavLink]:
        """The standing pages that somebody agrees to, or should know, before writing."""
        return [link for key, link in self._standing if key in RULES]

    @property
    def transparency(self) -> str:
        """Address of the page that says how lists and search are ordered (Digital Services Act, art. 27); empty while there is none."""
        return next((link.url for key, link in self._standing if key == "transparency"), "")

    @cached_property
    def _standing(self) -> list[tuple[str, NavLink]]:
        try:
            return footer_pages(self.language)
        except DatabaseError:
            return []
