"""Corrections by staff: valid, with reason and audit reference, or not at all."""

from types import SimpleNamespace
from typing import Any

import pytest

from countries import directory
from countries.models import CountryOverride
from countries.services import CorrectionRefused, override_country, remove_override

pytestmark = pytest.mark.django_db

EDITOR: Any = SimpleNamespace(audit_ref="ref-0042", email="someone@example.org")


def test_override_is_stored_with_reason_and_reference_and_seen(django_capture_on_commit_callbacks: Any) -> None:
    directory.entry("GN")
    with django_capture_on_commit_callbacks(execute=True):
        override_country("GN", "emergency", {"police": ["117"]}, actor=EDITOR, reason=" embassy in Conakry ")
    stored = CountryOverride.objects.get()
    assert (stored.country_id, stored.reason, stored.made_by) == ("GN", "embassy in Conakry", "ref-0042")
    assert directory.entry("GN").emergency == {"police": ("117",)}


def test_second_override_replaces_the_first() -> None:
    override_country("IL", "capital", {"fr": "a", "nl": "b", "de": "c", "en": "d"}, actor=EDITOR, reason="r")
    override_country("IL", "capital", {}, actor=EDITOR, reason="not stated")
    assert CountryOverride.objects.get().value == {}


def test_removed_override_gives_the_data_set_back(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        override_country("BE", "currencies", ["BEF"], actor=EDITOR, reason="r")
    assert directory.entry("BE").currency == "BEF"
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_override("BE", "currencies", actor=EDITOR)
        assert not remove_override("BE", "currencies", actor=EDITOR)
    assert directory.entry("BE").currency == "EUR"


@pytest.mark.parametrize(
    ("code", "field", "value", "reason"),
    [
        ("ZZ", "currencies", ["EUR"], "r"),
        ("BE", "unknown", ["EUR"], "r"),
        ("BE", "slug_fr", "x", "r"),
        ("BE", "currencies", "EUR", "r"),
        ("BE", "currencies", [""], "r"),
        ("BE", "currencies", ["EUR"], "  "),
        ("BE", "names", {"fr": "Belgique"}, "r"),
        ("BE", "names", {}, "r"),
        ("BE", "calling_code", "0032", "r"),
        ("BE", "emergency", {"police": ["one"]}, "r"),
        ("BE", "emergency", {"taxi": ["101"]}, "r"),
        ("BE", "emergency", ["101"], "r"),
    ],
)
def test_wrong_correction_is_refused_and_nothing_is_written(code: str, field: str, value: Any, reason: str) -> None:
    with pytest.raises(CorrectionRefused):
        override_country(code, field, value, actor=EDITOR, reason=reason)
    assert not CountryOverride.objects.exists()


def test_actor_without_audit_reference_is_refused() -> None:
    nobody: Any = SimpleNamespace(email="someone@example.org")
    with pytest.raises(CorrectionRefused, match="audit reference"):
        override_country("BE", "currencies", ["EUR"], actor=nobody, reason="r")
    with pytest.raises(CorrectionRefused, match="audit reference"):
        remove_override("BE", "currencies", actor=nobody)
    assert not CountryOverride.objects.exists()
