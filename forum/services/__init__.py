"""The only writers of content: writing (the author's acts), publication (status, after a decision), confirmations."""

from forum.services.confirming import AlreadyConfirmed, accept_answer, confirm_post
from forum.services.publication import StatusNotAllowed, apply_status, mark_dangerous
from forum.services.visibility import concerned_countries, refresh_visibility
from forum.services.writing import (
    EditConflict,
    EditNotAllowed,
    create_reply,
    create_topic,
    edit_post,
    save_draft,
    submit_draft,
    withdraw_post,
)

__all__ = [
    "AlreadyConfirmed",
    "EditConflict",
    "EditNotAllowed",
    "StatusNotAllowed",
    "accept_answer",
    "apply_status",
    "concerned_countries",
    "confirm_post",
    "create_reply",
    "create_topic",
    "edit_post",
    "mark_dangerous",
    "refresh_visibility",
    "save_draft",
    "submit_draft",
    "withdraw_post",
]
