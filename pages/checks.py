"""System checks of the installation, with ids and hints (docs/operating.md lists them). Those marked *deploy* run with `check --deploy` only."""

import os
import tempfile
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.mail import EmailMessage

from accounts.rates import parse_rate
from pages.guards import demo_refusals, is_loopback, secret_is_weak

Apps = Sequence[AppConfig] | None
REAL_MAIL = "django.core.mail.backends.smtp.EmailBackend"


@register()
def check_demo(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E001: DEMO or DEBUG with an address that others can reach."""
    hint = "A demonstration answers to its own machine only. Production sets DEMO=0, DEBUG=0."
    return [Error(f"DEMO or DEBUG is on, and {reason}.", hint=hint, id="pages.E001") for reason in demo_refusals()]


@register()
def check_proxies(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E002: an entry of TRUSTED_PROXIES is no address or network, or is everybody."""
    found: list[CheckMessage] = []
    for text in settings.TRUSTED_PROXIES:
        try:
            everybody = ip_network(text, strict=False).prefixlen == 0
        except ValueError:
            everybody = True
        if everybody:
            hint = "Write the proxy's own address, as in TRUSTED_PROXIES=10.0.0.5,10.0.1.0/24."
            found.append(Error(f"TRUSTED_PROXIES holds {text!r}.", hint=hint, id="pages.E002"))
    return found


@register()
def check_rates(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E003: a rate limit cannot be read."""
    found: list[CheckMessage] = []
    for action, rates in settings.RATE_LIMITS.items():
        for who, text in rates.items():
            try:
                parse_rate(text)
            except ValueError as error:
                hint = f"Set {action.upper()}_LIMIT_{who.upper()}, or leave it empty for no limit."
                found.append(Error(f"{error}.", hint=hint, id="pages.E003"))
    return found


@register(deploy=True)
def check_production(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E010 (deploy): DEMO or DEBUG is on."""
    if not (settings.DEMO or settings.DEBUG):
        return []
    return [Error("DEMO or DEBUG is on.", hint="Production sets DEMO=0 and DEBUG=0.", id="pages.E010")]


@register(deploy=True)
def check_base_url(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E011, E012 (deploy): BASE_URL is not https with a public name, or its host is not in ALLOWED_HOSTS."""
    parts = urlsplit(settings.BASE_URL)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or is_loopback(host) or parts.path.strip("/"):
        hint = "Set BASE_URL=https://the.public.name without a path: mails, cookies and redirects are made from it."
        return [Error(f"BASE_URL is {settings.BASE_URL!r}.", hint=hint, id="pages.E011")]
    allowed = any(name in {host, "*"} or (name.startswith(".") and host.endswith(name)) for name in settings.ALLOWED_HOSTS)
    if not allowed:
        return [Error("The host of BASE_URL is not in ALLOWED_HOSTS.", hint=f"Set ALLOWED_HOSTS={host}.", id="pages.E012")]
    return []


@register(deploy=True)
def check_trusted_proxies(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.W013 (deploy): TRUSTED_PROXIES is empty, so that every visitor has the proxy's address and https is not seen."""
    if settings.TRUSTED_PROXIES:
        return []
    hint = "Set TRUSTED_PROXIES to the proxy that ends TLS: rate limits count by the visitor's address, and redirects to https need its header."
    return [Warning("TRUSTED_PROXIES is empty.", hint=hint, id="pages.W013")]


@register(deploy=True)
def check_secret(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E014 (deploy): SECRET_KEY is short or a default; config/wsgi.py refuses it too."""
    if not secret_is_weak(settings.SECRET_KEY):
        return []
    hint = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'. Keep it out of the repository."
    return [Error("SECRET_KEY is short, or a default.", hint=hint, id="pages.E014")]


@register(deploy=True)
def check_mail(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.W015, E016 (deploy): mails stay on this machine, or the test mail to STAFF_HELP_EMAIL was refused."""
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND != REAL_MAIL:
        hint = "Set EMAIL_URL=smtp+tls://user:password@host:587. Members sign in by mailed codes and are owed reasons by mail."
        found.append(Warning(f"Mails do not leave: {settings.EMAIL_BACKEND}.", hint=hint, id="pages.W015"))
    message = EmailMessage(
        subject="BelgesSolidaires: test of the mail server",
        body=f"`manage.py check --deploy` of {settings.BASE_URL} sent this to see whether mail works. Nothing has to be done.\n",
        to=[settings.STAFF_HELP_EMAIL],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        hint = "Look at EMAIL_URL, DEFAULT_FROM_EMAIL and STAFF_HELP_EMAIL."
        found.append(Error(f"The test mail was not taken: {type(error).__name__}.", hint=hint, id="pages.E016"))
    return found


@register(deploy=True)
def check_storage(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.E017 (deploy): a folder that the site writes to cannot be written. pages.E018: the static files are not there."""
    found: list[CheckMessage] = []
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.SEARCH_DIR):
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            hint = f"Give it to the user that runs the site (uid {os.getuid()})."
            found.append(Error(f"{folder} cannot be written: {error.strerror}.", hint=hint, id="pages.E017"))
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        found.append(Error("The static files were not collected.", hint="Run `manage.py collectstatic --no-input`.", id="pages.E018"))
    return found


@register(deploy=True)
def check_duty_number(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """pages.W019 (deploy): EMERGENCY_PHONE is empty, so that pages tell people in danger that the number is not known."""
    if settings.EMERGENCY_PHONE:
        return []
    hint = "Set EMERGENCY_PHONE to the duty number of the ministry, as in +32 2 555 01 10."
    return [Warning("EMERGENCY_PHONE is empty.", hint=hint, id="pages.W019")]
