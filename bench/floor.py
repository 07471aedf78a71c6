"""The floor of every comparison: a bare Django view that answers 2 kB without a database, on the same server and machine."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = b"<!doctype html><title>floor</title>" + b"x" * 2000


def floor(_request: HttpRequest) -> HttpResponse:
    """Answer the same bytes every time."""
    return HttpResponse(BODY)


urlpatterns = [path("", floor)]

settings.configure(SECRET_KEY="floor", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=["django.middleware.common.CommonMiddleware"])
application = get_wsgi_application()
