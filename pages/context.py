"""What every page may ask of the site: languages, navigation, banner. Lazy, so that a page pays only for what it shows."""

from typing import Any

from django.http import HttpRequest

from pages.surroundings import Surroundings


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` in every template."""
    return {"site": Surroundings(request)}
