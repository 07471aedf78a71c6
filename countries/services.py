"""The only writers of corrections to the reference data."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from countries import directory
from countries.enums import LANGUAGES, FactField
from countries.models import Country, CountryOverride

_TEXT_LISTS = frozenset({FactField.CURRENCIES, FactField.LANGUAGES, FactField.TIME_ZONES, FactField.NEIGHBOURS})
_BY_LANGUAGE = frozenset({FactField.NAMES, FactField.CAPITAL})
_EMERGENCY_SERVICES = frozenset({"police", "ambulance", "fire", "any"})


class CorrectionRefused(Exception):
    """The correction has an unknown country or field, a value of the wrong form, no reason, or an actor without audit reference."""


def override_country(code: str, field: str, value: Any, *, actor: AbstractBaseUser, reason: str) -> CountryOverride:
    """Set the fact `field` of country `code` to `value`, over every data set, until removed. Raises `CorrectionRefused`.

    Who may is asked by the caller (`pages`), which also raises the generation of what the public sees."""
    made_by = _audit_ref(actor)
    if not reason.strip():
        raise CorrectionRefused("a correction needs its reason")
    if not is_valid(field, value):
        raise CorrectionRefused(f"not a value of {field}")
    with transaction.atomic():
        country = Country.objects.select_for_update().filter(code=code).first()
        if country is None:
            raise CorrectionRefused(f"unknown country {code}")
        correction, _ = CountryOverride.objects.update_or_create(
            country=country, field=field, defaults={"value": value, "reason": reason.strip(), "made_by": made_by}
        )
        transaction.on_commit(directory.refresh)
    return correction


def remove_override(code: str, field: str, *, actor: AbstractBaseUser) -> bool:
    """Take a correction back, so that the data set counts again; whether there was one. Raises `CorrectionRefused`."""
    _audit_ref(actor)
    with transaction.atomic():
        removed, _ = CountryOverride.objects.filter(country_id=code, field=field).delete()
        transaction.on_commit(directory.refresh)
    return bool(removed)


def is_valid(field: str, value: Any) -> bool:
    """Whether `value` has the form of the fact `field`: names and capital by language, lists of codes, numbers by service."""
    if field in _TEXT_LISTS:
        return _is_list_of_texts(value)
    if field in _BY_LANGUAGE:
        wanted = set(LANGUAGES)
        return (
            isinstance(value, dict)
            and (set(value) == wanted or (not value and field == FactField.CAPITAL))
            and _is_list_of_texts(list(value.values()))
        )
    if field == FactField.CALLING_CODE:
        return isinstance(value, str) and value.startswith("+") and value[1:].isdigit()
    if field == FactField.EMERGENCY:
        return isinstance(value, dict) and set(value) <= _EMERGENCY_SERVICES and all(_is_list_of_numbers(n) for n in value.values())
    return False


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _is_list_of_numbers(value: Any) -> bool:
    return _is_list_of_texts(value) and all(number.isdigit() for number in value)


def _audit_ref(actor: AbstractBaseUser) -> str:
    """The reference under which the log knows the actor; an e-mail address is never stored here."""
    reference = str(getattr(actor, "audit_ref", "") or "")
    if not reference:
        raise CorrectionRefused("the actor has no audit reference")
    return reference
