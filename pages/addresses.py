"""Addresses without a language in their path: for machines, print, SMS and speech."""

from django.urls import path, re_path

from forum.views import short_topic
from pages import machines, shortcuts

without_language = [
    path("", shortcuts.root, name="root"),
    path("c/<slug:code>", shortcuts.short_country, name="short_country"),
    path("c/<slug:code>/", shortcuts.short_country),
    # Two letters are a country, except where they are an interface language.
    re_path(r"^(?!(?:fr|nl|de|en)/?$)(?P<code>[A-Za-z]{2})/?$", shortcuts.two_letters, name="two_letters"),
    path("t/<slug:code>", short_topic, name="short_topic"),
    path("t/<slug:code>/", short_topic),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
]
