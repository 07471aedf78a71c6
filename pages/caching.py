"""Which pages the anonymous cache may keep: a view says so itself, with the parameters that it understands."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def public_page(*parameters: str, seconds: int = 30) -> Callable[[View], View]:
    """Mark a view's answer as the same for everybody who is not signed in, for at most 30 seconds (ARCHITECTURE.md, Cache).

    `parameters` are the query parameters that it reads: a request with any other one is answered, but not kept."""

    def mark(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response.public_for = min(seconds, 30)  # type: ignore[attr-defined]
            response.public_parameters = frozenset(parameters)  # type: ignore[attr-defined]
            return response

        return marked

    return mark
