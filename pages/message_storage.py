"""Where the word after an act ("Your profile waits for review") waits for the next page: a signed cookie, else the session."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """Django's cookie under the name of the settings: over https with the prefix that ties it to this host (RFC 6265bis, section 4.1.3.2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookie_name = settings.MESSAGES_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """The cookie while it is small enough; a session is not opened for a word."""

    storage_classes = (NamedCookieStorage, SessionStorage)
