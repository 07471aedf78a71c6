"""Errors in the form that the client reads: what a view answered as a bare status becomes problem+json, broken input becomes 400 or 404."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

from pages.errors import problem, wants_json

log = structlog.get_logger(__name__)

# What a form of a page can be sent as. Wagtail's admin talks JSON with itself.
FORM_TYPES = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
# What SQLite says of words that Wagtail's page search hands it unquoted; our own search asks differently.
UNSEARCHABLE = ("fts5:", "unterminated string", "malformed MATCH")
NAMED = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 503})


def readable(request: HttpRequest) -> bool:
    """Say whether path and query hold text that a database can be asked about: valid UTF-8, no null byte, not a thousand parameters."""
    try:
        request.path_info.encode("utf-8")
    except UnicodeError:
        return False
    if "\x00" in request.path_info or "\ufffd" in request.path_info:
        return False
    if not request.META.get("QUERY_STRING", ""):
        return True
    try:
        query = request.GET
    except SuspiciousOperation:
        return False
    return not any("\x00" in text or "\ufffd" in text for name in query for text in (name, *query.getlist(name)))


def refusal_of_body(request: HttpRequest) -> int:
    """Return the status that refuses the body of a form: 415 for a kind that no page sends, 400 for bytes that are no UTF-8, else 0.

    Django reads broken UTF-8 as Latin-1: every accent of the text would be stored as two wrong letters."""
    if request.method != "POST" or request.path_info.startswith(settings.JSON_BODY_PREFIXES):
        return 0
    if request.content_type not in FORM_TYPES:
        return 415
    if request.content_type != "application/x-www-form-urlencoded":
        return 0
    try:
        request.body.decode("utf-8")
    except (UnicodeDecodeError, UnreadablePostError):
        return 400
    return 0


class ProblemsMiddleware:
    """Refuses what cannot be read or is too large, and gives programs problem details instead of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refused: int = getattr(request, "refused", 0) or (refusal_of_body(request) if readable(request) else 400)
        if refused:
            return problem(request, refused)
        response = self.get_response(request)
        if response.status_code in NAMED and self._is_bare(request, response):
            return _with_headers_of(response, problem(request, response.status_code))
        return response

    @staticmethod
    def _is_bare(request: HttpRequest, response: HttpResponseBase) -> bool:
        """A page where JSON was asked for, or a status without any words."""
        kind = response.headers.get("Content-Type", "")
        if wants_json(request):
            return "json" not in kind
        return not response.streaming and not response.content  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer for what a view could not: a body that broke off, a number too large for its column, a database that is away."""
        if isinstance(exception, UnreadablePostError | BadRequest | DataError | OverflowError):
            return problem(request, 400)
        if isinstance(exception, OperationalError) and str(exception).startswith(UNSEARCHABLE):
            return problem(request, 400)
        if isinstance(exception, OperationalError):
            log.exception("database_away", path=request.path)
            return problem(request, 503)
        return None


def _with_headers_of(old: HttpResponseBase, new: HttpResponseBase) -> HttpResponseBase:
    """Keep what the status needs to be understood: `Allow`, `Retry-After`, `WWW-Authenticate`, and cookies."""
    for name in ("Allow", "Retry-After", "WWW-Authenticate", "Location"):
        if name in old.headers:
            new.headers[name] = old.headers[name]
    new.cookies = old.cookies
    return new
