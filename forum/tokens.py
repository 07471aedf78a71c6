"""Tokens of anonymous forms: signed, for one post, good once and for an hour. They stand in for the CSRF cookie (ARCHITECTURE.md)."""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest

SALT = "forum.confirm"
GOOD_FOR = 3600


class TokenRefused(Exception):
    """The token is forged, of another post, or too old."""


class TokenUsed(Exception):
    """The token was used before: the form was sent twice."""


def new_token(subject: str) -> str:
    """Return a token for one form about `subject`."""
    return signing.dumps([subject, secrets.token_urlsafe(9)], salt=SALT)


def spend(token: str, subject: str) -> str:
    """Use the token up and return the key under which that is remembered. Raises TokenRefused, TokenUsed; OperationalError when the cache
    takes nothing: a word must not be called counted because a table was locked."""
    try:
        about, nonce = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise TokenRefused from error
    if about != subject:
        raise TokenRefused
    key = f"forum-confirm-{nonce}"
    if not cache.add(key, 1, timeout=GOOD_FOR + 60):
        if cache.get(key) is None:
            raise OperationalError("the shared cache takes nothing")
        raise TokenUsed
    return key


def give_back(key: str) -> None:
    """Make a token good again, because what it was spent on was not stored."""
    cache.delete(key)


def is_own_origin(request: HttpRequest) -> bool:
    """Say whether the browser sent a form from one of our own pages (Origin, else Referer). A request with neither is refused."""
    sent = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")
    try:
        found = urlsplit(sent)
    except ValueError:
        return False
    own = {urlsplit(settings.BASE_URL), urlsplit(f"{request.scheme}://{request.get_host()}")}
    return any((found.scheme, found.netloc) == (page.scheme, page.netloc) for page in own)
