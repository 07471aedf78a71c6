"""Answers for machines: robots, sitemap, security contact, health."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages import health
from pages.sitemap import entries

SECURITY_TXT_LIFE = timedelta(days=360)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots off what is nobody's page to find; everything public is open to them."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a weakness, and until when this holds (less than a year after the release)."""
    expires = datetime.combine(date.fromisoformat(settings.RELEASED) + SECURITY_TXT_LIFE, time.min, tzinfo=timezone.get_default_timezone())
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, nl, de, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; asks nothing."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say of database, queue, search and disk how they are: 503 when readers cannot be served, 200 with the state of each otherwise."""
    parts = health.parts()
    ready = all(part.state != health.DOWN for part in parts)
    body = {"status": "ok" if ready else "down", "parts": {part.name: {"state": part.state, **part.figures} for part in parts}}
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """List fresh topics, countries with content and standing pages, each in four languages; streamed, so memory stays small."""
    return StreamingHttpResponse(entries(), content_type="application/xml; charset=utf-8")
