"""Who edits the editorial pages in Wagtail, and the permissions that Wagtail's own checks read for them."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from accounts.enums import Role
from accounts.permissions import Actor, scopes

# Guides, news and standing pages speak for the ministry: only grants without a scope open them (DATA.md, People).
EDITOR_ROLES = frozenset({Role.ADMINISTRATOR, Role.CRISIS_EDITOR, Role.SPOKESPERSON})
PAGE_PERMISSIONS = ("add", "change", "publish")


def is_editor(user: Actor) -> bool:
    """Say whether somebody holds an editor's role for all countries and languages."""
    return (None, "") in scopes(user, EDITOR_ROLES)


def ensure_editor_groups() -> None:
    """Give the groups that mirror unscoped grants (accounts.services) their permissions on the whole page tree. Safe to run at every start."""
    root = Page.get_first_root_node()
    translate = Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    for role in sorted(EDITOR_ROLES):
        group, _made = Group.objects.get_or_create(name=f"role:{role.value}")
        held = set(GroupPagePermission.objects.filter(group=group, page=root).values_list("permission__codename", flat=True))
        for kind in PAGE_PERMISSIONS:
            if f"{kind}_page" not in held:
                GroupPagePermission.objects.create(group=group, page=root, permission_type=kind)
        group.permissions.add(translate)
