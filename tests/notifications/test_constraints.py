"""Every constraint of notifications, and the mark of the demonstration, bites on the database that the tests run on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.models import Intent
from pages.demo.mark import DemoMark
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def intent(**fields: Any) -> Intent:
    defaults: dict[str, Any] = {"kind": "decision", "decision_ref": "0123456789", "language": "fr", "not_before": timezone.now()}
    return Intent.objects.create(**({"user": UserFactory()} | defaults | fields))


def twice() -> None:
    first = intent()
    intent(user=first.user)


VIOLATIONS: dict[str, Callable[[], Any]] = {
    "notifications_intent_once": twice,
    "notifications_intent_kind": lambda: intent(kind="x"),
    "notifications_intent_state": lambda: intent(state="x"),
    "notifications_intent_sent_has_time": lambda: intent(state="sent"),
    "pages_one_demo_mark": lambda: DemoMark.objects.create(pk=2, made_at=timezone.now()),
}


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_constraint_bites(name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        VIOLATIONS[name]()
    # SQLite names the columns of a violated unique index, not the index.
    assert name in str(caught.value) or "UNIQUE constraint failed" in str(caught.value)


def test_waiting_intent_has_no_time_of_sending() -> None:
    with pytest.raises(IntegrityError):
        intent(sent_at=timezone.now())


def test_every_constraint_has_its_violation() -> None:
    models = [*apps.get_app_config("notifications").get_models(), DemoMark]
    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(VIOLATIONS)
