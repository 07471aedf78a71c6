"""Settings of the tests: everything as in production except what would leave the process or cost seconds."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("BASE_URL", "http://localhost:8000")
os.environ["DEMO"] = "0"
os.environ["EMAIL_URL"] = "memorymail://"
# The index of a server is one for all processes: tests that want it say so and take a name of their own.
os.environ["SEARCH_ENGINE"] = "tantivy"
os.environ["EMERGENCY_PHONE"] = "+32 2 555 01 10"

from config.settings import *  # noqa: F403

DATA_DIR = Path(tempfile.mkdtemp(prefix="belgessolidaires-test-"))
MEDIA_ROOT = DATA_DIR / "media"
SEARCH_DIR = DATA_DIR / "search"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
GENERATION_SECONDS = 0.0
COUNTRIES_REFRESH_SECONDS = 1_000_000
RATE_LIMITS = {action: {"account": "", "address": ""} for action in RATE_LIMITS}  # noqa: F405
