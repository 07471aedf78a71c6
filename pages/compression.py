"""Brotli and gzip of our own answers, never of one that holds a secret beside what the reader typed (BREACH)."""

import gzip
import re

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

SMALLEST = 500
# Brotli's 5 costs half a millisecond a page; its 10 saves another 7 % for ten, its 6 to 9 next to nothing.
QUICK, THOROUGH = 5, 10
_TEXT = re.compile(r"^(text/|application/(json|problem\+json|atom\+xml|rss\+xml|xml|xhtml\+xml|javascript|manifest\+json))|\+(xml|json)")


def accepted(header: str) -> str:
    """Return the best coding of an `Accept-Encoding` header that we speak: "br", "gzip" or ""."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        try:
            weights[name.strip()] = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    for coding in ("br", "gzip"):
        if weights.get(coding, weights.get("*", 0.0)) > 0:
            return coding
    return ""


def encode(content: bytes, coding: str, quality: int = QUICK) -> bytes:
    """Return `content` in a coding; `THOROUGH` is for what is sent more than once."""
    if coding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return gzip.compress(content, compresslevel=6 if quality == QUICK else 9, mtime=0)


def may_compress(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Say whether an answer is text, large enough, and free of secrets beside reflected input.

    A secret is a form's token, a cookie being set, and whatever a signed-in or uncacheable page may hold; input comes from the query
    or the body. An address without either reflects nothing, so its page may be compressed whoever reads it."""
    if response.streaming or response.has_header("Content-Encoding") or not isinstance(response, HttpResponse):
        return False
    if len(response.content) < SMALLEST or not _TEXT.search(response.headers.get("Content-Type", "")):
        return False
    reflects = bool(request.META.get("QUERY_STRING")) or request.method not in {"GET", "HEAD"} or response.status_code >= 400
    return not (reflects and _holds_secret(request, response))


def _holds_secret(request: HttpRequest, response: HttpResponse) -> bool:
    if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return True
    return "no-store" in response.headers.get("Cache-Control", "") and response.status_code < 400
