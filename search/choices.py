"""The filters of the search page: check boxes with counts, chips of what is set, and ways on when too little was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from countries import directory
from countries.enums import MatchReason, PlaceKind
from countries.places import PlaceCandidate
from forum.enums import Kind, Need, Validity
from search.documents import STATES
from search.forms import Asked
from search.services import Answer, Meaning

LEGENDS: dict[str, Any] = {
    "official": _("From whom"),
    "state": pgettext_lazy("validity", "State"),
    "country": _("Country"),
    "need": _("Need"),
    "kind": _("Kind"),
    "language": _("Language"),
}
FACETS = {"official": "official", "state": "state", "country": "countries", "need": "needs", "kind": "kind", "language": "language"}
MOST_OPTIONS = 8
OFFICIAL_LABELS: dict[str, Any] = {"1": _("Official"), "0": _("People on the spot")}
OFFICIAL_KEYS = {"1": "true", "0": "false"}
PERIODS: dict[str, Any] = {"": _("Any time"), "24h": _("Last 24 hours"), "7d": _("Last 7 days"), "30d": _("Last 30 days")}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter. `label` is empty where the template names it (languages)."""

    value: str
    label: Any
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One filter with its values."""

    name: str
    legend: Any
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Chip:
    """A value that is set, and the query string without it."""

    name: str
    value: str
    label: Any
    query: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Other words, or one of several places that the words may mean, with the query string that asks for it."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that are misspelt (`is_typo`) or have several meanings."""

    text: str
    is_typo: bool
    suggestions: list[Suggestion]


def label_of(name: str, value: str, language: str) -> Any:
    """The words for a filter's value; empty for languages, which the template names."""
    if name == "official":
        return OFFICIAL_LABELS[value]
    if name == "country":
        return directory.name(value, language) if directory.known(value) else value
    enum = {"need": Need, "kind": Kind, "state": Validity}.get(name)
    return enum(value).label if enum and value in enum.values else ""


def groups(asked: Asked, answer: Answer, language: str) -> list[Group]:
    """Every filter that can still narrow the list, or is set."""
    found = []
    for name, facet in FACETS.items():
        options = list(_options(name, answer.facets.get(facet, {}), asked.chosen.get(name, ()), language))
        if len(options) > 1 or any(option.checked for option in options):
            found.append(Group(name, LEGENDS[name], options))
    return found


def _options(name: str, counts: Mapping[str, int], chosen: tuple[str, ...], language: str) -> Iterator[Option]:
    """The commonest values and the chosen ones; those with an order of their own stay in it."""
    if name == "official":
        counts = {value: counts.get(key, 0) for value, key in OFFICIAL_KEYS.items()}
    fixed: Mapping[str, list[str]] = {"official": list(OFFICIAL_KEYS), "state": list(STATES), "kind": list(Kind.values)}
    order = fixed.get(name) or sorted(counts, key=lambda value: (-counts[value], value))[:MOST_OPTIONS]
    for value in dict.fromkeys([*order, *chosen]):
        if (count := counts.get(value, 0)) or value in chosen:
            yield Option(value, label_of(name, value, language), count, value in chosen)


def periods(asked: Asked) -> list[Option]:
    """Since when; a period that the page does not offer but an address asks for is offered too."""
    values = PERIODS if asked.since in PERIODS else {**PERIODS, asked.since: asked.since}
    return [Option(value, label, 0, value == asked.since) for value, label in values.items()]


def chips(asked: Asked, parameters: QueryDict, language: str) -> list[Chip]:
    """What is set, each with the way to take it out."""
    made = [
        Chip(name, value, label_of(name, value, language), changed(parameters, name, remove=value))
        for name, values in asked.chosen.items()
        for value in values
    ]
    if asked.since:
        made.append(Chip("since", asked.since, PERIODS.get(asked.since, asked.since), changed(parameters, "since")))
    return made


def changed(parameters: QueryDict, name: str, *values: str, remove: str = "") -> str:
    """The query string with other values of one parameter (or one value less), from the first page."""
    query = parameters.copy()
    query.pop("page", None)
    kept = [value for value in query.getlist(name) if value and value.upper() != remove.upper()] if remove else []
    query.setlist(name, [*kept, *values])
    for empty in [key for key in query if not any(query.getlist(key))]:
        del query[empty]
    return f"?{query.urlencode()}" if query else "?"


def doubts(answer: Answer, parameters: QueryDict, language: str) -> list[Doubt]:
    """Did you mean: places that are misspelt, and names of several places."""
    found = []
    for meaning in answer.meanings:
        if meaning.reason == MatchReason.TYPO:
            found.append(Doubt(meaning.text, True, [_corrected(meaning, meaning.candidates[0], answer, parameters, language)]))
        elif len(meaning.countries) > 1 and not answer.query.filters.countries:
            options = [Suggestion(_place_name(each, language), changed(parameters, "country", each.country_code)) for each in meaning.candidates[:4]]
            found.append(Doubt(meaning.text, False, options))
    return found


def _corrected(meaning: Meaning, candidate: PlaceCandidate, answer: Answer, parameters: QueryDict, language: str) -> Suggestion:
    words, name = answer.query.words, _spelling(candidate, language)
    text = f"{words[: meaning.start]}{name}{words[meaning.end :]}"
    return Suggestion(text, changed(parameters, "q", text))


def _spelling(candidate: PlaceCandidate, language: str) -> str:
    return directory.name(candidate.country_code, language) if candidate.kind == PlaceKind.COUNTRY else candidate.label


def _place_name(candidate: PlaceCandidate, language: str) -> str:
    """The place with its country, where they are not the same."""
    country = directory.name(candidate.country_code, language)
    return country if candidate.kind in {PlaceKind.COUNTRY, PlaceKind.DEMONYM} else f"{candidate.label} ({country})"


def wider(answer: Answer, parameters: QueryDict, language: str) -> list[Suggestion]:
    """The same words in the neighbouring countries, when the search is about one country."""
    if not answer.country or not directory.known(answer.country):
        return []
    rest = parameters.copy()
    rest["q"] = other_words(answer)
    neighbours = [code for code in directory.entry(answer.country).neighbours if directory.known(code)]
    return [Suggestion(directory.name(code, language), changed(rest, "country", code)) for code in neighbours]


def other_words(answer: Answer) -> str:
    """The words without those that name a place."""
    words = answer.query.words
    for meaning in sorted(answer.meanings, key=lambda each: -each.start):
        words = f"{words[: meaning.start]} {words[meaning.end :]}"
    return " ".join(words.split())
