"""Security headers that Django does not write, and the content policy with the hashes of this page's inline styles."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)


class HeadersMiddleware:
    """Adds Permissions-Policy and Cross-Origin-Resource-Policy to every response; the others come from Django's settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The policy of settings, plus the hashes that the `styles` tag used, plus what Wagtail's own forms cannot do without."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        """Return django-csp's parts with our additions to `style-src` and, under few prefixes, `script-src`."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        update: dict[str, Any] = dict(parts.update or {})
        if sources := getattr(request, "style_sources", None):
            update["style-src"] = [*update.get("style-src", []), *sources]
        if request.path_info.startswith(tuple(settings.CSP_INLINE_ADMIN_PREFIXES)):
            for directive in ("script-src", "style-src"):
                update[directive] = [*update.get(directive, []), UNSAFE_INLINE]
            # The editor shows the page that is being written in a frame of its own.
            update["frame-src"] = [SELF]
            parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF]}
        parts.update = update
        return parts
