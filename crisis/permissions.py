"""Who may open a crisis, write the official word, and be the second reader."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.permissions import Actor, Allowed, Denied, Verdict, has_role
from crisis.models import Crisis, OfficialNotice

CRISIS_ROLES = (Role.DUTY_OFFICER, Role.CRISIS_EDITOR)
WRITER_ROLES = (Role.DUTY_OFFICER, Role.CRISIS_EDITOR, Role.EMBASSY, Role.SPOKESPERSON)
SECOND_READER_ROLES = (Role.DUTY_OFFICER, Role.CRISIS_EDITOR, Role.SPOKESPERSON, Role.SUPERVISOR)


def can_open_crisis(user: Actor, crisis: Crisis | None = None) -> Verdict:
    """Duty officers and crisis editors open and close crises."""
    return Allowed() if has_role(user, *CRISIS_ROLES) else Denied(_("Only duty officers and crisis editors open or close a crisis."))


def can_write_notice(user: Actor, country: str | None) -> Verdict:
    """Say who may write a notice about `country` (None: not tied to one); embassy staff only about their own countries."""
    if has_role(user, Role.DUTY_OFFICER, Role.CRISIS_EDITOR, Role.SPOKESPERSON):
        return Allowed()
    if country and has_role(user, Role.EMBASSY, country=country):
        return Allowed()
    return Denied(_("You may not write an official notice for this country."))


def can_approve_notice(user: Actor, notice: OfficialNotice) -> Verdict:
    """A second person with the right role; never the writer (MODERATION.md, four-eyes)."""
    if not has_role(user, *SECOND_READER_ROLES):
        return Denied(_("Your role does not approve official notices."))
    if getattr(user, "pk", None) == notice.written_by_id:
        return Denied(_("Somebody other than its writer must approve this notice."))
    return Allowed()
