"""Editorial pages are public content too: when one appears, changes or goes, the anonymous cache forgets."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from crisis.publication import raise_generation


@receiver([page_published, page_unpublished, page_slug_changed], dispatch_uid="pages.forget_cached_pages")
def on_page_changed(sender: type, **_: Any) -> None:
    """Raise the generation of what the public sees."""
    raise_generation()
