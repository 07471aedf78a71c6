"""The pages of crises: opened once, listed with what they cover, closed once."""

from typing import Any

import pytest

from countries import directory
from crisis.enums import ReviewRegime, Scope, VisibilityRegime
from crisis.models import Crisis
from crisis.services import close_crisis

pytestmark = pytest.mark.django_db

FORM = {
    "title_fr": "Routes coupées",
    "title_nl": "Wegen versperd",
    "severity": "2-severe",
    "review_regime": "pre",
    "visibility_regime": "public",
}
SAID: dict[str, dict[str, Any]] = {
    "countries": {"countries": ["PE", "BO"]},
    "regions": {"regions": ["south-america"]},
    "carrier": {"scope_name": "Air Exemple"},
    "ship": {"scope_name": "Costa Fortuna"},
    "event": {"scope_name": "Jeux"},
}
SHOWN = {"countries": "Bolivi", "regions": "Sud", "carrier": "Air Exemple", "ship": "Costa Fortuna", "event": "Jeux"}


@pytest.mark.parametrize("scope", Scope.values)
@pytest.mark.parametrize("review", ReviewRegime.values)
@pytest.mark.parametrize("visibility", VisibilityRegime.values)
def test_every_scope_under_every_regime(desk: Any, scope: str, review: str, visibility: str) -> None:
    client, said = desk("duty_officer"), dict(SAID.get(scope, {}))
    if scope == "regions":
        said = {"regions": [next(code for code, name in directory.regions("fr") if "Sud" in name)]}
    fields = FORM | {"scope": scope, "review_regime": review, "visibility_regime": visibility} | said
    assert client.post("/admin/crises/open/", fields).status_code == 302
    made = Crisis.objects.get()
    assert (made.scope, made.review_regime, made.visibility_regime) == (scope, review, visibility)
    assert SHOWN.get(scope, "Routes coupées") in client.get("/admin/crises/").content.decode()


@pytest.mark.parametrize("scope", sorted(SAID))
def test_each_scope_asks_for_its_own(desk: Any, scope: str) -> None:
    others = {name: value for other, said in SAID.items() for name, value in said.items() if name not in SAID[scope]}
    others.pop("regions", None)
    response = desk("duty_officer").post("/admin/crises/open/", FORM | {"scope": scope} | others)
    assert response.status_code == 400
    assert response.content.decode().count('class="desk-error"') == 1
    assert not Crisis.objects.exists()


def test_sent_twice_opens_once_and_says_so(desk: Any) -> None:
    client = desk("duty_officer")
    fields = FORM | {"scope": "world"}
    assert client.post("/admin/crises/open/", fields).status_code == 302
    response = client.post("/admin/crises/open/", fields)
    assert response.status_code == 409
    assert "Wegen versperd" in response.content.decode()
    assert Crisis.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_closed_crisis_is_not_closed_again(crisis: Any, desk: Any, method: str) -> None:
    made = crisis()
    closed = close_crisis(actor=made.opened_by, crisis=made)
    response = getattr(desk("crisis_editor"), method)(f"/admin/crises/{made.public_id}/close/")
    assert response.url == "/admin/crises/"
    made.refresh_from_db()
    assert (made.closed_at, made.closed_by) == (closed.closed_at, closed.closed_by)


@pytest.mark.parametrize(("role", "offered"), [("duty_officer", True), ("crisis_editor", True), ("supervisor", False), ("moderator", False)])
def test_who_is_offered_to_close(crisis: Any, desk: Any, role: str, offered: bool) -> None:
    made = crisis()
    page = desk(role).get("/admin/crises/").content.decode()
    assert (f"/admin/crises/{made.public_id}/close/" in page) is offered
    assert ("/admin/crises/open/" in page) is offered


def test_an_open_crisis_is_not_lost_behind_closed_ones(crisis: Any, desk: Any, staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("crisis.views.crises.MOST_LISTED", 2)
    officer = staff("duty_officer")
    for _ in range(3):
        close_crisis(actor=officer, crisis=crisis(actor=officer))
    made = crisis(actor=officer)
    assert f"/admin/crises/{made.public_id}/close/" in desk("duty_officer").get("/admin/crises/").content.decode()


def test_a_practised_crisis_is_marked_in_the_list(crisis: Any, desk: Any) -> None:
    crisis(realm="practice")
    assert "<b>Exercice</b>" in desk("duty_officer").get("/admin/crises/").content.decode()
