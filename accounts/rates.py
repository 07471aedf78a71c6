"""How often one account, or one address without account, may ask for what costs much (TRUST.md, Security; docs/accounts.md, "Rate limits").

A process counts for itself and adds its hits to the shared cache in handfuls, so that a reader who asks now and then costs no query and no write,
and a cache that cannot be written stops nobody. Sign-in has allauth's limits, posting the table of posts (`forum.permissions.can_post_now`)."""

import ipaddress
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.client_address import client_address
from accounts.models import User

WRITTEN = re.compile(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,3})?([smh])")
SECONDS = {"s": 1, "m": 60, "h": 3600}
# Hits of one process between two looks at what the others counted.
HANDFUL = 10
MOST_KEYS = 20_000
# One household or one hotel of IPv6 has a network, not an address.
NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """So many hits in so many seconds."""

    hits: int
    seconds: int


def parse_rate(text: str) -> Rate | None:
    """Return the rate of "60/m" or "100/5m"; None, no limit, for "". Raises ValueError."""
    if not text:
        return None
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no rate: write 60/m, 100/5m or 1000/h")
    return Rate(int(found[1]), int(found[2] or 1) * SECONDS[found[3]])


@dataclass(slots=True)
class _Count:
    """Hits in one window of time: of this process, and of the others when they were last asked for."""

    window: int
    own: int = 0
    others: int = 0


class Meter:
    """Counts hits by key in windows of fixed length; the least recently used key goes first. Safe between threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def hit(self, key: str, rate: Rate, now: float) -> int:
        """Count one hit and return 0, or, when the window has had its hits, count nothing and return the seconds until the next one."""
        window, passed = divmod(int(now), rate.seconds)
        with self._lock:
            count = self._counts.get(key)
            if count is None or count.window != window:
                count = self._counts[key] = _Count(window)
            self._counts.move_to_end(key)
            if len(self._counts) > MOST_KEYS:
                self._counts.popitem(last=False)
            if count.own + count.others >= rate.hits:
                return rate.seconds - passed
            count.own += 1
            own = count.own
        if own % HANDFUL == 0 and not _would_wait():
            count.others = max(count.others, _told(f"{key}:{window}", rate) - own)
        return 0

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._counts.clear()


def _would_wait() -> bool:
    """Say whether telling would wait for another's write: SQLite has one writer, and a reader must not stand behind an import. One machine, few
    processes: each then counts for itself."""
    return connection.vendor == "sqlite" and str(settings.CACHES["default"]["BACKEND"]).endswith("DatabaseCache")


def _told(key: str, rate: Rate) -> int:
    """Add a handful to what all processes counted and return the sum; two that write at once may lose one, which nobody is hurt by."""
    try:
        total = int(cache.get(key, 0)) + HANDFUL
        cache.set(key, total, rate.seconds * 2)
    except DatabaseError:
        return 0
    return total


meter = Meter()


def seconds_to_wait(request: HttpRequest, action: str) -> int:
    """Count one `action` (a key of RATE_LIMITS) and return 0, or the seconds after which whoever asks may go on.

    Who is signed in is counted by account and never by address: an embassy, a hotel and Tor are one address for many."""
    rates = settings.RATE_LIMITS[action]
    user = request.user
    who, text = (f"account {user.pk}", rates["account"]) if isinstance(user, User) else (_network(request), rates["address"])
    rate = parse_rate(text)
    if rate is None:
        return 0
    # The shared cache is a table: it must not tell who searched.
    return meter.hit(f"rate:{action}:{salted_hmac('accounts.rates', who).hexdigest()[:32]}", rate, time.time())


def _network(request: HttpRequest) -> str:
    address = ipaddress.ip_address(client_address(request))
    return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False)) if address.version == 6 else str(address)
