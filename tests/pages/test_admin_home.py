"""The first page of the staff's rooms: what waits for one's role, and nothing that its reader may not open."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisis.services import open_crisis, save_notice, submit_notice
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db

TEXTS = {code: {"title": f"Routes {code}", "known": "K", "signed_as": "S"} for code in ("fr", "nl")}
PANELS = {
    "moderator": {"panel-review"},
    "embassy": {"panel-review", "panel-notices", "panel-crises"},
    "spokesperson": {"panel-review", "panel-notices", "panel-crises"},
    "duty_officer": {"panel-review", "panel-notices", "panel-crises"},
    "supervisor": {"panel-review", "panel-notices", "panel-crises"},
    "crisis_editor": {"panel-notices", "panel-crises"},
    "analyst": set(),
    "administrator": set(),
}


def home(signed_in: Any, role: str, language: str = "en", **scope: Any) -> str:
    user = UserFactory(language=language)
    user.grants.create(role=role, reason="test", **scope)
    response = signed_in(user).get("/admin/")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("role", PANELS)
def test_each_role_finds_its_own_work(signed_in: Any, role: str) -> None:
    page = home(signed_in, role)
    assert set(re.findall(r'id="(panel-\w+)"', page)) == PANELS[role]
    assert ("Nothing waits for your role here." in page) is (role == "analyst")


def test_the_queue_is_that_of_ones_desks(signed_in: Any) -> None:
    make_post(countries=["PE"])
    make_post(countries=["BO"])
    assert "waiting: <b>2</b>" in home(signed_in, "moderator")
    assert "waiting: <b>1</b>" in home(signed_in, "embassy", country_id="PE")
    assert "Nothing waits. Thank you." in home(signed_in, "embassy", country_id="CL")


def test_what_is_on_and_what_waits_in_the_readers_language(signed_in: Any, staff: Any) -> None:
    officer = staff("duty_officer")
    open_crisis(actor=officer, scope="world", texts={code: {"title": f"Crise {code}"} for code in ("fr", "nl")})
    open_crisis(actor=officer, scope="world", texts={code: {"title": f"Exercice {code}"} for code in ("fr", "nl")}, realm="practice")
    notice = submit_notice(actor=officer, notice=save_notice(actor=officer, texts=TEXTS, country="PE"))
    save_notice(actor=officer, texts={code: text | {"title": "Brouillon"} for code, text in TEXTS.items()}, country="PE")
    page = home(signed_in, "supervisor", "nl")
    for words in ("Crise nl", "Routes nl", f"/admin/notices/{notice.public_id}/"):
        assert words in page
    for words in ("Exercice", "Brouillon", "Routes fr"):
        assert words not in page


def test_a_moderator_is_offered_no_search_of_pages_and_no_way_out_of_the_house(signed_in: Any) -> None:
    page = home(signed_in, "moderator")
    assert "Search all pages" not in page
    assert "guide.wagtail.org" not in page


def test_more_that_waits_costs_no_more_queries(signed_in: Any, staff: Any) -> None:
    officer = staff("duty_officer")

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            home(signed_in, "supervisor")
        return len([query for query in captured.captured_queries if query["sql"].startswith("SELECT")])

    def more(number: int) -> None:
        make_post()
        open_crisis(actor=officer, scope="world", texts={code: {"title": f"Crise {number}"} for code in ("fr", "nl")})
        submit_notice(actor=officer, notice=save_notice(actor=officer, texts=TEXTS, country="PE"))

    more(1)
    counted()
    one = counted()
    for number in range(2, 6):
        more(number)
    assert counted() == one
