"""The forum hears of crises: topics that they cover change who may read them, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from crisis.models import Crisis
from crisis.signals import crisis_closed, crisis_opened
from forum.services import concerned_countries, refresh_visibility


@receiver([crisis_opened, crisis_closed], dispatch_uid="forum.refresh_visibility")
def on_crisis_changed(sender: type, *, crisis: Crisis, **_: Any) -> None:
    """Restrict or release what the crisis covers. Not left to a job: a stopped worker must not leave a target list public."""
    refresh_visibility(country_codes=concerned_countries(crisis))
