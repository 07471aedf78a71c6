"""Every address of the site. Those with a language in the path exist in all four (CONTRACT.md, Addresses)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
