"""The only writers of crises and official notices."""

from crisis.services.crises import CrisisIncomplete, CrisisOpenAlready, close_crisis, open_crisis
from crisis.services.notices import NoticeConflict, approve_notice, return_notice, save_notice, submit_notice, withdraw_notice
from crisis.services.refusals import CrisisNotAllowed, NoticeIncomplete

__all__ = [
    "CrisisIncomplete",
    "CrisisNotAllowed",
    "CrisisOpenAlready",
    "NoticeConflict",
    "NoticeIncomplete",
    "approve_notice",
    "close_crisis",
    "open_crisis",
    "return_notice",
    "save_notice",
    "submit_notice",
    "withdraw_notice",
]
