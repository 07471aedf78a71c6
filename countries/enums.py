"""Closed lists of the app: languages of the site, kinds of places, facts that a data set gives, reasons of a match."""

from django.db import models

LANGUAGES = ("fr", "nl", "de", "en")


class PlaceKind(models.TextChoices):
    """What a name points at; the order is the order of strength when one name has several meanings."""

    COUNTRY = "country", "country"
    CAPITAL = "capital", "capital"
    CITY = "city", "city"
    AIRPORT = "airport", "airport"
    REGION = "region", "region"
    DEMONYM = "demonym", "demonym"


class MatchReason(models.TextChoices):
    """Why a candidate was given; only `EXACT` may be taken without asking a person."""

    EXACT = "exact", "exact"
    TYPO = "typo", "typo"
    AMBIGUOUS = "ambiguous", "ambiguous"


class FactField(models.TextChoices):
    """A fact of a country; each is one row with its own release and may be overridden by staff."""

    NAMES = "names", "names"
    CAPITAL = "capital", "capital"
    CURRENCIES = "currencies", "currencies"
    LANGUAGES = "languages", "languages"
    TIME_ZONES = "time_zones", "time zones"
    CALLING_CODE = "calling_code", "calling code"
    EMERGENCY = "emergency", "emergency numbers"
    NEIGHBOURS = "neighbours", "neighbours"
