"""How the tests of the search page ask it, and what they read on it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from pages.middleware.anonymous_cache import shelf


def page(client: Any, interface: str = "fr", /, **parameters: Any) -> Any:
    """Return the answer of the search page in an interface language; nothing that was kept of an earlier request answers instead."""
    shelf.clear()
    with override(interface):
        return client.get(f"{reverse('search')}?{urlencode(parameters, doseq=True)}")


def found(response: Any) -> list[str]:
    """Return the public ids of the results, in their order."""
    return [result.document.public_id for result, _ in response.context["results"]]


def words(response: Any) -> str:
    """Return the text of the page in one line, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def build() -> None:
    """Fill the indexes from the database."""
    call_command("rebuild_index", verbosity=0)
