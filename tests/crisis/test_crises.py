"""Opening and closing crises: what each scope needs, who may, what the world sees of it, and what a refusal leaves behind: nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Realm, Role
from crisis.banner import open_crises, touching
from crisis.enums import EVERYWHERE, SCOPE_NEEDS, ReviewRegime, Scope, Severity, VisibilityRegime
from crisis.models import Crisis
from crisis.permissions import CRISIS_ROLES, can_open_crisis
from crisis.publication import current_generation
from crisis.services import CrisisIncomplete, CrisisNotAllowed, CrisisOpenAlready, NoticeIncomplete, close_crisis, open_crisis
from forum.visibility import restrictions
from tests.crisis.conftest import TITLES

pytestmark = pytest.mark.django_db

SAID: dict[str, Any] = {"countries": ["PE", "BO"], "regions": ["south-america"], "scope_name": "Costa Fortuna"}
GRANTED = sorted(set(Role) - {Role.ANONYMOUS, Role.MEMBER, Role.TRUSTED})


@pytest.mark.parametrize("scope", Scope.values)
def test_each_scope_keeps_what_it_needs_and_nothing_else(crisis: Any, scope: str) -> None:
    made = crisis(scope=scope, **SAID)
    kept = {
        "countries": sorted(made.crisiscountry_set.values_list("country_id", flat=True)),
        "regions": list(made.crisisregion_set.values_list("region", flat=True)),
        "scope_name": made.scope_name,
    }
    needed = SCOPE_NEEDS.get(scope, "")
    expected: dict[str, Any] = {"countries": [], "regions": [], "scope_name": ""}
    expected |= {needed: sorted(SAID[needed]) if needed != "scope_name" else SAID[needed]} if needed else {}
    assert kept == expected


@pytest.mark.parametrize(("scope", "field"), sorted(SCOPE_NEEDS.items()))
@pytest.mark.parametrize("empty", [None, ""])
def test_without_what_its_scope_needs_nothing_opens(crisis: Any, heard: list[str], scope: str, field: str, empty: Any) -> None:
    before = current_generation()
    with pytest.raises(CrisisIncomplete) as caught:
        crisis(scope=scope, **(SAID | {field: "  " if empty == "" and field == "scope_name" else ([] if field != "scope_name" else "")}))
    assert caught.value.field == field
    assert not Crisis.objects.exists()
    assert heard == []
    assert current_generation() == before


@pytest.mark.parametrize("missing", [["fr"], ["nl"], ["fr", "nl"]])
def test_without_french_or_dutch_nothing_opens(crisis: Any, heard: list[str], missing: list[str]) -> None:
    texts = {code: text for code, text in (TITLES | {"de": {"title": "Gesperrt"}}).items() if code not in missing}
    with pytest.raises(NoticeIncomplete) as caught:
        crisis(texts=texts)
    assert caught.value.languages == missing
    assert not Crisis.objects.exists()
    assert heard == []


@pytest.mark.parametrize("role", GRANTED)
def test_who_opens_and_closes(staff: Any, crisis: Any, heard: list[str], role: str) -> None:
    somebody = staff(role)
    allowed = role in CRISIS_ROLES
    assert bool(can_open_crisis(somebody)) is allowed
    if allowed:
        close_crisis(actor=somebody, crisis=crisis(actor=somebody))
        assert heard == ["opened", "closed"]
        return
    with pytest.raises(CrisisNotAllowed):
        crisis(actor=somebody)
    assert not Crisis.objects.exists()
    made = crisis()
    with pytest.raises(CrisisNotAllowed):
        close_crisis(actor=somebody, crisis=made)
    made.refresh_from_db()
    assert (made.closed_at, heard) == (None, ["opened"])


@pytest.mark.parametrize("change", [{"valid_until": -timedelta(seconds=1)}, {"revoked_at": timedelta(0)}])
def test_a_grant_that_is_over_opens_nothing(staff: Any, crisis: Any, change: dict[str, timedelta]) -> None:
    officer = staff("duty_officer")
    officer.grants.update(**{name: timezone.now() + span for name, span in change.items()})
    with pytest.raises(CrisisNotAllowed):
        crisis(actor=officer)
    assert not Crisis.objects.exists()


def test_somebody_who_left_opens_nothing(staff: Any, crisis: Any) -> None:
    with pytest.raises(CrisisNotAllowed):
        crisis(actor=staff("duty_officer", is_active=False))
    assert not Crisis.objects.exists()


@pytest.mark.parametrize("scope", Scope.values)
def test_where_the_banner_stands(crisis: Any, scope: str) -> None:
    crisis(scope=scope, **SAID)
    banner = open_crises("fr")
    assert bool(touching(banner, [])) is (scope in EVERYWHERE)
    assert bool(touching(banner, ["PE"])) is (scope in EVERYWHERE or scope == Scope.COUNTRIES)
    assert bool(touching(banner, ["FR"], region="south-america")) is (scope in EVERYWHERE or scope == Scope.REGIONS)


@pytest.mark.parametrize("regime", VisibilityRegime.values)
@pytest.mark.parametrize("realm", Realm.values)
def test_a_practised_crisis_reaches_nobody(crisis: Any, realm: str, regime: str) -> None:
    made = crisis(realm=realm, visibility_regime=regime)
    real = realm != Realm.PRACTICE
    assert [shown.public_id for shown in open_crises("fr")] == ([made.public_id] if real else [])
    assert [asked.regime for asked in restrictions()] == ([regime] if real and regime != VisibilityRegime.PUBLIC else [])
    assert list(Crisis.objects.open()) == ([made] if real else [])
    assert list(Crisis.objects.open_in(realm)) == [made]


def test_sent_twice_opens_once(crisis: Any, heard: list[str]) -> None:
    first = crisis()
    with pytest.raises(CrisisOpenAlready):
        crisis()
    assert list(Crisis.objects.all()) == [first]
    assert heard == ["opened"]


@pytest.mark.parametrize(
    "other",
    [
        {"scope": Scope.WORLD},
        {"realm": Realm.PRACTICE},
        {"texts": TITLES | {"fr": {"title": "Inondations"}}},
    ],
)
def test_another_crisis_is_no_twin(crisis: Any, other: dict[str, Any]) -> None:
    crisis()
    crisis(**other)
    assert Crisis.objects.count() == 2


def test_a_closed_crisis_can_come_again(crisis: Any) -> None:
    first = crisis()
    close_crisis(actor=first.opened_by, crisis=first)
    again = crisis()
    assert [shown.public_id for shown in open_crises("fr")] == [again.public_id]


def test_closing_twice_keeps_the_first_name_and_time(crisis: Any, staff: Any, heard: list[str]) -> None:
    made = crisis()
    first = close_crisis(actor=made.opened_by, crisis=made)
    generation = current_generation()
    second = close_crisis(actor=staff("crisis_editor"), crisis=made)
    assert (second.closed_at, second.closed_by) == (first.closed_at, made.opened_by)
    assert heard == ["opened", "closed"]
    assert current_generation() == generation


def test_the_desk_lists_what_is_on_first_on_every_database(crisis: Any, staff: Any) -> None:
    officer, now = staff("duty_officer"), timezone.now()

    def opened(title: str, severity: str, hours: int) -> Crisis:
        return crisis(actor=officer, texts=TITLES | {"fr": {"title": title}}, severity=severity, opened_at=now - timedelta(hours=hours))

    ended = [close_crisis(actor=officer, crisis=opened(f"Fini {n}", Severity.EXTREME, 9)) for n in (1, 2)]
    mild, severe = opened("Douce", Severity.MODERATE, 1), opened("Grave", Severity.SEVERE, 2)
    assert list(Crisis.objects.desk_order()) == [severe, mild, ended[1], ended[0]]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("crisis_scope", {"scope": "moon"}),
        ("crisis_review", {"review_regime": "none"}),
        ("crisis_visibility", {"visibility_regime": "nobody"}),
        ("crisis_severity", {"severity": "0"}),
        ("crisis_named_scope_has_name", {"scope": Scope.SHIP, "scope_name": ""}),
        ("crisis_closed_by_somebody", {"closed_at": timezone.now()}),
    ],
)
def test_the_database_holds_the_shape(crisis: Any, name: str, change: dict[str, Any]) -> None:
    made = crisis()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Crisis.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize("regime", ReviewRegime.values)
def test_the_review_regime_is_stored_as_chosen(crisis: Any, regime: str) -> None:
    assert Crisis.objects.get(pk=crisis(review_regime=regime).pk).review_regime == regime


def test_opened_at_can_be_said_for_an_import(staff: Any) -> None:
    moment = timezone.now() - timedelta(days=2)
    made = open_crisis(actor=staff("duty_officer"), scope=Scope.WORLD, texts=TITLES, opened_at=moment)
    assert made.opened_at == moment
