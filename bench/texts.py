"""Texts for grown databases: words of the field in four languages with the frequencies of real ones; each text made once by the site's own code."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.search_speed import vocabulary
from forum.enums import Kind, VersionOrigin
from forum.models import PostVersion
from forum.services.versions import build_version
from forum.texts import PostText
from moderation.screening import Screened, run_phases
from moderation.services.items import priority_of

PLACES = ["Lima", "Cusco", "Bangkok", "Rabat", "Dakar", "Nairobi", "Beirut", "Delhi", "Manila", "Quito", "Tokyo", "Kinshasa"]
# The first has most posts, the last the fewest.
COUNTRIES = ["PE", "TH", "MA", "SN", "KE", "LB", "IN", "PH", "EC", "JP", "CD", "BO", "ES", "TR", "BJ", "CO", "VN", "AR", "UA", "NP"]
NEEDS = ["borders", "flights", "visa", "money", "medicine", "shelter", "transport", "telecom", "documents", "insurance"]
KINDS = {Kind.TIP: 70, Kind.QUESTION: 20, Kind.OFFER: 10}
LANGUAGES = {"fr": 40, "nl": 40, "en": 15, "de": 5}
MOST = 800
REASON = "The road is closed, people were hurt there."


@dataclass(frozen=True, slots=True)
class Made:
    """A text as it would be stored, with what follows from it."""

    text: PostText
    version: PostVersion
    priority: str
    findings: str


def chosen(chance: random.Random, shares: dict[str, int]) -> str:
    """Return one of the keys, as often as its share says."""
    return str(chance.choices(list(shares), weights=list(shares.values()))[0])


def made(text: PostText) -> Made:
    """Return a text rendered and screened as a submission would be."""
    findings = run_phases(Screened(text.title, text.body, str(text.language), tuple(text.countries)))
    return Made(
        text, build_version(text, origin=VersionOrigin.AUTHOR, number=1), priority_of(findings), json.dumps([found.as_json() for found in findings])
    )


class Texts:
    """As many first posts and replies as a database of `posts` posts needs to look varied; the same ones at every run."""

    def __init__(self, posts: int, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self._words = {language: vocabulary(language, self.chance) for language in LANGUAGES}
        count = min(MOST, max(posts // 8, 30))
        self.first = [made(self._first()) for _ in range(count)]
        self.replies = {language: [made(self._reply(language)) for _ in range(count // 4)] for language in LANGUAGES}

    def _sentences(self, language: str, lengths: Sequence[int]) -> str:
        words, weights = self._words[language]
        drawn = (self.chance.choices(words, cum_weights=weights, k=length) for length in lengths)
        return " ".join(f"{' '.join(sentence).capitalize()}." for sentence in drawn)

    def _first(self) -> PostText:
        language, ranks = chosen(self.chance, LANGUAGES), {code: 60 // (rank + 2) for rank, code in enumerate(COUNTRIES)}
        return PostText(
            kind=chosen(self.chance, KINDS),
            title=f"{self.chance.choice(PLACES)}: {self._sentences(language, [6])}"[:90],
            body="\n\n".join(self._sentences(language, [12, 9]) for _ in range(self.chance.randint(1, 4))),
            language=language,
            countries=list(dict.fromkeys(chosen(self.chance, ranks) for _ in range(self.chance.choice([1, 1, 1, 2])))),
            place=self.chance.choice(PLACES),
            needs=self.chance.sample(NEEDS, self.chance.choice([1, 1, 2])),
        )

    def _reply(self, language: str) -> PostText:
        return PostText(body=self._sentences(language, [8, 10]), language=language)
