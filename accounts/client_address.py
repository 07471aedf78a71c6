"""The one way to the address of a visitor: proxies are believed only when TRUSTED_PROXIES names them (TRUST.md, Security)."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# A request without a usable address (a Unix socket, nonsense in the header): all such share one bucket of the rate limits.
NOWHERE = "0.0.0.0"  # noqa: S104 - a key, nothing is bound to it


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _trusted(address: IPv4Address | IPv6Address, networks: list[IPv4Network | IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever sent the request: the peer, or behind trusted proxies the last hop that is not one of them.

    `X-Forwarded-For` is read from the right, since everything left of the first untrusted hop can be invented by the sender.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return NOWHERE
    networks = [ip_network(text, strict=False) for text in settings.TRUSTED_PROXIES]
    if not _trusted(peer, networks):
        return str(peer)
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = _parse(hop)
        if address is None:
            break
        peer = address
        if not _trusted(address, networks):
            break
    return str(peer)
