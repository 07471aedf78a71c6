"""Editorial pages are public content too: when one appears, changes or goes, the anonymous cache forgets, and the search looks again."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from crisis.publication import raise_generation
from pages.searchable import EDITORIAL, PAGE, oldest
from search.tasks import sync_document


@receiver([page_published, page_unpublished, page_slug_changed], dispatch_uid="pages.forget_cached_pages")
def on_page_changed(sender: type, **_: Any) -> None:
    """Raise the generation of what the public sees."""
    raise_generation()


@receiver([page_published, page_unpublished, page_slug_changed], dispatch_uid="pages.sync_search")
def on_searchable_page_changed(sender: type, *, instance: Page, **_: Any) -> None:
    """Queue the document of the page and its translations."""
    if issubclass(sender, EDITORIAL):
        sync_document.enqueue(PAGE, oldest(instance), int(timezone.now().timestamp()))
