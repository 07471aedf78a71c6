"""No body larger than its kind may be: refused by its declared length before a byte is read, counted while a chunked one arrives."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# A browser shows no answer before it has sent its body: one that is a little too large is read away, piece by piece and kept nowhere, so
# that its writer reads why it was refused. What is larger still, or has no length (no browser
# sends such), is cut off.
MOST_DRAINED = 16 * 1_048_576
PIECE = 65_536


def drain(request: HttpRequest, left: int) -> None:
    """Read up to `left` bytes of a refused body away; nothing when they are more than is worth it."""
    source = request.META["wsgi.input"]
    try:
        while 0 < left <= MOST_DRAINED and (data := source.read(min(left, PIECE))):
            left -= len(data)
    except OSError:
        # Whoever sent it has gone.
        return


def limit_for(request: HttpRequest) -> int:
    """Return how many bytes the body of `request` may have: forms 1 MB, uploads 12 MB (TRUST.md, Privacy)."""
    multipart = request.content_type == "multipart/form-data"
    return int(settings.FILE_UPLOAD_MAX_MEMORY_SIZE if multipart else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class BodyLimitMiddleware:
    """Finds bodies beyond their limit from Content-Length, chunked ones while it reads them, and lengths that are no number.

    The request goes on with `refused` set and its body unread, so that the answer (ProblemsMiddleware, before any view) has the headers
    and the language of every other one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = limit_for(request)
        declared = request.META.get("CONTENT_LENGTH") or ""
        if declared and not (declared.isascii() and declared.isdecimal()):
            return self._refuse(request, 400)
        if declared and int(declared[:20]) > limit:
            drain(request, int(declared[:20]))
            return self._refuse(request, 413)
        if not declared and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return self._chunked(request, limit)
        return self.get_response(request)

    def _refuse(self, request: HttpRequest, status: int) -> HttpResponseBase:
        request.refused = status  # type: ignore[attr-defined]
        request._stream = BytesIO()  # type: ignore[attr-defined]
        return self.get_response(request)

    def _chunked(self, request: HttpRequest, limit: int) -> HttpResponseBase:
        """Read a body of unknown length up to one byte beyond its limit; Django alone would take it for an empty one."""
        source = request.META["wsgi.input"]
        body = b""
        while len(body) <= limit and (data := source.read(limit + 1 - len(body))):
            body += data
        if len(body) > limit:
            return self._refuse(request, 413)
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)  # type: ignore[attr-defined]
        return self.get_response(request)
