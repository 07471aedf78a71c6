"""No field for words exists that nobody thought about."""

import pytest
from django.apps import apps
from django.db import models

from tests.house import test_leaks
from tests.house.leak_register import PROOFS, REGISTER, Holds, registered
from tests.house.source import OWN_APPS

WORDS = (models.CharField, models.TextField, models.FileField, models.JSONField, models.BinaryField)


def fields_for_words() -> set[str]:
    """Return the fields of our models that could hold words; those with choices hold codes, those of Wagtail's base are Wagtail's."""
    found = set()
    for model in (model for label in OWN_APPS for model in apps.get_app_config(label).get_models()):
        for field in model._meta.local_fields:
            if isinstance(field, WORDS) and not field.choices:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_every_field_stands_in_the_register() -> None:
    assert sorted(fields_for_words() - set(registered())) == []


def test_the_register_holds_no_field_that_is_gone() -> None:
    assert sorted(set(registered()) - fields_for_words()) == []


def test_every_field_stands_there_once() -> None:
    fields = [field for fields in REGISTER.values() for field in fields.split()]
    assert len(fields) == len(set(fields))


@pytest.mark.parametrize("holds", list(PROOFS))
def test_what_must_not_be_seen_has_its_proof(holds: Holds) -> None:
    assert callable(getattr(test_leaks, PROOFS[holds]))
