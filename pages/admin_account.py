"""Wagtail's page of a member of staff, less what this house keeps elsewhere: name and address on the account page, and no picture at all."""

from typing import Any

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel

# A picture would be stored as it came, with the place where it was taken; a name would show before anybody read it.
LEFT_OUT = (AvatarSettingsPanel, NameEmailSettingsPanel)


class StaffAccountView(AccountView):
    """Language, theme and notifications of the admin."""

    def get_panels(self) -> list[Any]:
        """Return Wagtail's panels but two."""
        return [panel for panel in super().get_panels() if not isinstance(panel, LEFT_OUT)]


# Stands before Wagtail's own addresses, under the name by which its menu links to it.
address = path("admin/account/", never_cache(require_admin_access(StaffAccountView.as_view())), name="wagtailadmin_account")
