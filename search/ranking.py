"""Orders the best hits by words with what this site knows of them: how valid, how confirmed, official or not. The same on every engine.

The main parameters stand here in one place, because the public page that explains the order (Digital Services Act, article 27) names them.
"""

from collections.abc import Iterable
from datetime import datetime

from search.documents import Candidate

# A tip loses half of its weight above the floor with each life of its need; it never disappears, it may be the only answer.
OLDEST_WEIGHT = 0.55
STALE = 0.85
ANSWERED = 1.05
OFFICIAL = 1.1
CONFIRMED_ONCE = 0.06
MOST_CONFIRMED = 1.3
DISPUTED_ONCE = 0.15

Ranked = tuple[Candidate, float]


def validity_weight(candidate: Candidate, moment: int) -> float:
    """Between `OLDEST_WEIGHT` and 1: 1 on the day of publication or confirmation, half way down after one life of its need."""
    if candidate.check_from is None or candidate.stale_from is None:
        return 1.0
    life = max(candidate.stale_from - candidate.check_from, 3600)
    age = max(moment - (candidate.check_from - life), 0)
    weight = OLDEST_WEIGHT + (1 - OLDEST_WEIGHT) * 0.5 ** (age / life)
    return weight * STALE if candidate.stale_from <= moment else weight


def record_weight(candidate: Candidate) -> float:
    """What other travellers said of it, and who says it."""
    weight = min(1 + CONFIRMED_ONCE * candidate.confirmed_count, MOST_CONFIRMED) / (1 + DISPUTED_ONCE * candidate.disputed_count)
    if candidate.is_answered:
        weight *= ANSWERED
    return weight * OFFICIAL if candidate.is_official else weight


def rank(candidates: Iterable[Candidate], now: datetime) -> list[Ranked]:
    """The candidates with their scores (0 to about 1.4), best first; what was marked dangerous comes last."""
    found = list(candidates)
    moment = int(now.timestamp())
    best = max((candidate.relevance for candidate in found), default=0.0) or 1.0
    scored = [(each, each.relevance / best * validity_weight(each, moment) * record_weight(each)) for each in found]
    return sorted(scored, key=lambda pair: (_is_gone(pair[0], moment), -pair[1], -pair[0].published_at))


def _is_gone(candidate: Candidate, moment: int) -> bool:
    return candidate.gone_at is not None and candidate.gone_at <= moment
