"""Who may do what, and in which world (live, demonstration, practice) it happens."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Realm(TextChoices):
    """Demonstration and practice rows never mix with live ones: each realm has its own decision chain."""

    # With a context: the administration says "Live" of a page, in another sense.
    LIVE = "live", pgettext_lazy("realm", "Live")
    DEMO = "demo", _("Demonstration")
    PRACTICE = "practice", _("Practice")


class Language(TextChoices):
    """The four languages of the interface, in the order in which Belgian law names the first three."""

    FR = "fr", "Français"
    NL = "nl", "Nederlands"
    DE = "de", "Deutsch"
    EN = "en", "English"


class Role(TextChoices):
    """Codes of DATA.md. Roles are a set, not a line: every rule names the roles that may."""

    ANONYMOUS = "anonymous", _("Visitor")
    MEMBER = "member", _("Member")
    TRUSTED = "trusted", _("Trusted member")
    RESIDENT = "resident", _("Verified resident")
    MODERATOR = "moderator", _("Moderator")
    EMBASSY = "embassy", _("Embassy staff")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    CRISIS_EDITOR = "crisis_editor", _("Crisis editor")
    SUPERVISOR = "supervisor", _("Supervisor")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


# Computed from the record of a person, never granted as a row.
COMPUTED_ROLES = frozenset({Role.ANONYMOUS, Role.MEMBER, Role.TRUSTED})
GRANTABLE_ROLES = frozenset(Role) - COMPUTED_ROLES
# Everybody who works for the ministry: a second factor is required, Wagtail's admin opens.
STAFF_ROLES = GRANTABLE_ROLES - {Role.RESIDENT}


class Trust(TextChoices):
    """A stored result of a member's record, not a grant."""

    NEW = "new", _("New")
    KNOWN = "known", _("Known")
    TRUSTED = "trusted", _("Trusted")


class ProfileStatus(TextChoices):
    """Where a version of a profile stands. `unconfirmed`: typed at sign-up by somebody whose address is not confirmed yet; nobody reads it."""

    UNCONFIRMED = "unconfirmed", _("Waiting for the confirmation of the e-mail address")
    PENDING = "pending", _("Waiting for review")
    PUBLISHED = "published", _("Published")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccountEventKind(TextChoices):
    """What the append-only record of accounts knows. Sign-ins are not in it: they have their own, short retention."""

    ROLE_GRANTED = "role_granted", _("Role given")
    ROLE_REVOKED = "role_revoked", _("Role taken")
    ENROLMENT_ISSUED = "enrolment_issued", _("Enrolment link made")
    ENROLMENT_USED = "enrolment_used", _("Enrolment link used")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Second factor set up")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Second factor removed")
    SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor reset by an operator")
    SIGNED_IN_AS = "signed_in_as", _("Session opened by an operator")
