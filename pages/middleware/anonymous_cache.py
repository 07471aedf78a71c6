"""The first middleware: whole public pages for readers who are not signed in, kept compressed, gone when the public generation rises."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from crisis.publication import current_generation
from pages.compression import QUICK, THOROUGH, accepted, encode, may_compress

MOST_BYTES = 16 * 1_048_576
LONGEST_QUERY = 300
REVALIDATE = "public, max-age=0, must-revalidate"
# Hits in its half minute after which a page earns the slow compression.
THOROUGH_AFTER = 20

Key = tuple[str, str, str, str]


@dataclass(slots=True)
class Page:
    """One kept answer with its compressed forms."""

    generation: int
    until: float
    status: int
    headers: dict[str, str]
    content: bytes
    etag: str
    hits: int = 0
    forms: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.content) + sum(len(data) for _quality, data in self.forms.values()) + 1_000

    def form(self, coding: str) -> bytes:
        """Return the content in a coding, compressed better once it is asked for again."""
        if not coding:
            return self.content
        quality = THOROUGH if self.hits >= THOROUGH_AFTER else QUICK
        kept = self.forms.get(coding)
        if kept is None or kept[0] < quality:
            kept = self.forms[coding] = (quality, encode(self.content, coding, quality))
        return kept[1]


class Shelf:
    """Pages by address, least recently used first out, limited in bytes. Safe between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self._most = most_bytes

    def get(self, key: Key, generation: int) -> Page | None:
        """Return the page of this generation that is still good."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.generation != generation or page.until < time.monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            page.hits += 1
            return page

    def put(self, key: Key, page: Page) -> None:
        """Keep a page; room is made for its compressed forms too."""
        size = page.size * 2
        if size > self._most:
            return
        with self._lock:
            if key in self._pages:
                self._drop(key)
            while self._bytes + size > self._most:
                self._drop(next(iter(self._pages)))
            self._pages[key] = page
            self._bytes += size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key)
        self._bytes -= (len(page.content) + 1_000) * 2


shelf = Shelf()


class AnonymousCacheMiddleware:
    """Serves and keeps pages that their view marked with `public_page`; compresses every answer that may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = key_of(request)
        generation = _generation() if key else -1
        if key and generation >= 0 and (page := shelf.get(key, generation)):
            return _serve(request, page)
        response = self.get_response(request)
        if key and generation >= 0 and _may_keep(request, response):
            assert isinstance(response, HttpResponse)  # noqa: S101 - _may_keep looked
            page = _page_from(response, generation)
            shelf.put(key, page)
            return _serve(request, page)
        return _compressed(request, response)


def key_of(request: HttpRequest) -> Key | None:
    """Return the key of a request that could be answered from here: reading, without a session or a waiting message."""
    if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES or settings.MESSAGES_COOKIE_NAME in request.COOKIES:
        return None
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        return None
    return (
        request.scheme or "",
        request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", "")),
        request.get_full_path_info(),
        _kind_wanted(request),
    )


def _kind_wanted(request: HttpRequest) -> str:
    """Programs may ask for JSON at the address of a page."""
    return "json" if "json" in request.META.get("HTTP_ACCEPT", "") else ""


def _generation() -> int:
    """Return the public generation; -1, nothing kept and nothing served, when the database cannot be asked."""
    try:
        return current_generation()
    except DatabaseError:
        return -1


def _may_keep(request: HttpRequest, response: HttpResponseBase) -> bool:
    if not hasattr(response, "public_for") or response.status_code != 200 or response.streaming or response.cookies:
        return False
    control = response.headers.get("Cache-Control", "")
    if "private" in control or "no-store" in control or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return False
    return set(request.GET) <= response.public_parameters  # type: ignore[attr-defined]


def _page_from(response: HttpResponse, generation: int) -> Page:
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    response.headers.setdefault("Cache-Control", REVALIDATE)
    digest = hashlib.sha256(response.content).hexdigest()[:20]
    headers = {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Content-Encoding"}}
    until = time.monotonic() + response.public_for  # type: ignore[attr-defined]
    return Page(generation, until, response.status_code, headers, response.content, f'W/"{digest}"')


def _serve(request: HttpRequest, page: Page) -> HttpResponse:
    if page.etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response = HttpResponse(status=304)
        for name in ("Vary", "Cache-Control", "Content-Security-Policy"):
            if name in page.headers:
                response.headers[name] = page.headers[name]
        del response.headers["Content-Type"]
    else:
        coding = accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response = HttpResponse(page.form(coding), status=page.status, headers=page.headers)
        response.headers["Content-Length"] = str(len(response.content))
        if coding:
            response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = page.etag
    return response


def _compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if not may_compress(request, response):
        return response
    assert isinstance(response, HttpResponse)  # noqa: S101 - may_compress looked
    patch_vary_headers(response, ["Accept-Encoding"])
    coding = accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if coding:
        response.content = encode(response.content, coding)
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(response.content))
    return response
