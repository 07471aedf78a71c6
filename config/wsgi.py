"""The WSGI entry point that granian serves. It refuses to start where a demonstration or a weak secret would meet the world."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()

# Only now can the guards read settings and database.
from pages.guards import guarded  # noqa: E402

application = guarded(_django, os.environ)
