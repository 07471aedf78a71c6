"""Words of moderation: item states, actions, policy grounds, findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemState(TextChoices):
    """Whose turn it is."""

    OPEN = "open", _("Waiting for a decision")
    WITH_AUTHOR = "with_author", _("With the author")
    DECIDED = "decided", _("Decided")


class SubjectKind(TextChoices):
    """What is reviewed."""

    POST = "post", _("Post")
    PROFILE = "profile", _("Profile")


class Action(TextChoices):
    """What a moderator can do; each has its row in `workflow.TRANSITIONS`."""

    APPROVE = "approve", _("Approve")
    APPROVE_EDIT = "approve_edit", _("Approve the new text")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    RETURN_EDIT = "return_edit", _("Request changes to the new text")
    REJECT = "reject", _("Refuse")
    REJECT_EDIT = "reject_edit", _("Refuse the new text")
    SPAM = "spam", _("Spam")
    MERGE = "merge", _("Merge")
    HIDE = "hide", _("Hide")
    RESTORE = "restore", _("Restore")
    ARCHIVE = "archive", _("Archive")
    MARK_DANGEROUS = "mark_dangerous", _("Mark as dangerous")
    LIFT_DANGER = "lift_danger", _("Take the danger mark off")
    ESCALATE = "escalate", _("Escalate")
    NOTE = "note", pgettext_lazy("moderation action", "Note")
    UNDO = "undo", pgettext_lazy("moderation action", "Undo")
    WITHDRAW = "withdraw", _("Withdrawn by its author")
    IMPORT = "import", _("Imported")


class Ground(TextChoices):
    """Grounds of the charter (numbered there in this order). The nine commonest carry the keys 1 to 9."""

    PERSONAL_DATA = "personal_data", _("Personal data of somebody")
    DANGER = "danger", _("Dangerous advice")
    OUTDATED = "outdated", _("No longer true or cannot be checked")
    FALSE_OFFICIAL = "false_official", _("Speaks in the name of the authorities")
    SCAM = "scam", _("Scam or request for money")
    HATE = "hate", _("Hate, insults, threats")
    DUPLICATE = "duplicate", _("Already said elsewhere")
    OFF_TOPIC = "off_topic", _("Not about help abroad")
    SPAM = "spam", _("Advertising or spam")
    ILLEGAL = "illegal", _("Against the law")
    LANGUAGE_UNCLEAR = "language_unclear", _("Cannot be understood")
    HOST_STATE = "host_state", _("Interference in the host State's affairs")


class FindingCode(TextChoices):
    """What screening can find."""

    LENGTH = "length", _("Very short or very long")
    REPEAT = "repeat", _("Repeats the author's own text")
    LINKS = "links", _("Many or disguised links")
    PERSONAL_DATA = "personal_data", _("Personal data")
    THREAT_TO_LIFE = "threat_to_life", _("Threat to life")
    LANGUAGE = "language", _("Language not certain")
    NEW_AUTHOR = "new_author", _("First text of this author")
    SCREENING_FAILED = "screening_failed", _("Screening did not work: read with care")


# Marks that must be answered one by one before an approval (MODERATION.md, The screen).
BLOCKING_FINDINGS = frozenset({FindingCode.PERSONAL_DATA, FindingCode.THREAT_TO_LIFE})


class Priority(TextChoices):
    """Order of the queue; the value sorts."""

    LIFE = "1", _("Life in danger")
    RISK = "2", _("Risk")
    NORMAL = "3", _("Normal")
