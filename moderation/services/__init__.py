"""The only writers of review items and decisions."""

from moderation.services.deciding import (
    DecisionNotAllowed,
    MarksUnanswered,
    ReasonMissing,
    ReviewConflict,
    available_actions,
    decide,
)
from moderation.services.items import close_withdrawn, open_item, open_profile_item, withdraw_profile_item
from moderation.services.sealing import seal_chain, verify_chain

__all__ = [
    "DecisionNotAllowed",
    "MarksUnanswered",
    "ReasonMissing",
    "ReviewConflict",
    "available_actions",
    "close_withdrawn",
    "decide",
    "open_item",
    "open_profile_item",
    "seal_chain",
    "verify_chain",
    "withdraw_profile_item",
]
