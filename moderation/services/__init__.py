"""The only writers of review items and decisions."""

from moderation.services.automatic import publish_if_trusted
from moderation.services.deciding import (
    DecisionNotAllowed,
    MarksUnanswered,
    ReasonMissing,
    ReviewConflict,
    available_actions,
    decide,
    open_marks,
    standing_of,
)
from moderation.services.erasing import erase_texts
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
    "erase_texts",
    "open_item",
    "open_marks",
    "open_profile_item",
    "publish_if_trusted",
    "seal_chain",
    "standing_of",
    "verify_chain",
    "withdraw_profile_item",
]
