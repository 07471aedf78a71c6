"""The crisis desk in the admin: forms ask, services decide; nothing is written where somebody may not, or typed something wrong."""

from typing import Any

import pytest
from django.test import Client

from crisis.enums import NoticeStatus
from crisis.models import Crisis, OfficialNotice
from crisis.services import open_crisis, save_notice, submit_notice

pytestmark = pytest.mark.django_db

CRISIS = {
    "scope": "countries",
    "countries": ["PE", "BO"],
    "severity": "2-severe",
    "review_regime": "pre",
    "visibility_regime": "public",
    "title_fr": "Routes coupées",
    "title_nl": "Wegen afgesloten",
}
NOTICE = {
    "country": "PE",
    "title_fr": "Restez",
    "signed_as_fr": "Ambassade de Belgique à Lima",
    "signed_as_nl": "Belgische ambassade in Lima",
    "known_fr": "Les routes sont coupées.",
    "title_nl": "Blijf",
    "known_nl": "De wegen zijn afgesloten.",
}
TEXTS = {code: {"title": "T", "known": "K"} for code in ("fr", "nl")}


@pytest.fixture
def desk(staff: Any, signed_in: Any) -> Any:
    """Return a maker of clients for staff of a role."""

    def make(role: str, **scope: Any) -> Client:
        user = staff(role, **scope)
        client: Client = signed_in(user)
        client.person = user  # type: ignore[attr-defined]
        return client

    return make


def test_duty_officer_opens_and_closes_a_crisis(desk: Any) -> None:
    client = desk("duty_officer")
    assert client.get("/admin/crises/open/").status_code == 200
    response = client.post("/admin/crises/open/", CRISIS)
    assert response.status_code == 302
    crisis = Crisis.objects.get()
    assert sorted(crisis.crisiscountry_set.values_list("country_id", flat=True)) == ["BO", "PE"]
    assert {text.language: text.title for text in crisis.texts.all()} == {"fr": "Routes coupées", "nl": "Wegen afgesloten"}
    assert crisis.opened_by == client.person
    page = client.get("/admin/crises/").content.decode()
    assert "Routes coupées" in page
    address = f"/admin/crises/{crisis.public_id}/close/"
    assert client.get(address).status_code == 200
    assert not Crisis.objects.exclude(closed_at=None).exists()
    assert client.post(address).status_code == 302
    assert Crisis.objects.get().closed_by == client.person


@pytest.mark.parametrize(
    "change",
    [
        {"title_nl": ""},
        {"title_fr": ""},
        {"countries": []},
        {"countries": ["ZZ"]},
        {"scope": "ship", "scope_name": ""},
        {"scope": "regions"},
        {"scope": "nothing"},
        {"severity": "9"},
        {"title_fr": "x" * 121},
        {"title_fr": "a\x00b"},
    ],
)
def test_incomplete_crisis_is_400_and_opens_nothing(desk: Any, change: dict[str, Any]) -> None:
    response = desk("duty_officer").post("/admin/crises/open/", CRISIS | change)
    assert response.status_code == 400
    assert "Wegen afgesloten" in response.content.decode() or change.get("title_nl") == ""
    assert not Crisis.objects.exists()


@pytest.mark.parametrize("role", ["moderator", "embassy", "spokesperson", "supervisor", "analyst", "administrator"])
def test_others_neither_open_nor_close(desk: Any, staff: Any, role: str) -> None:
    client = desk(role)
    assert client.get("/admin/crises/open/").status_code == 403
    assert client.post("/admin/crises/open/", CRISIS).status_code == 403
    assert not Crisis.objects.exists()
    crisis = open_crisis(actor=staff("duty_officer"), scope="world", texts={code: {"title": "T"} for code in ("fr", "nl")})
    assert client.post(f"/admin/crises/{crisis.public_id}/close/").status_code == 403
    assert Crisis.objects.get().closed_at is None


def test_visitors_do_not_get_in(client: Client) -> None:
    assert client.get("/admin/notices/").status_code == 302
    assert client.post("/admin/crises/open/", CRISIS).status_code == 302
    assert not Crisis.objects.exists()


@pytest.mark.parametrize("path", ["/admin/crises/zzzzzzzzzz/close/", "/admin/notices/zzzzzzzzzz/"])
def test_unknown_is_404(desk: Any, path: str) -> None:
    assert desk("duty_officer").get(path).status_code == 404


def written(client: Client, **change: Any) -> OfficialNotice:
    assert client.post("/admin/notices/new/", NOTICE | change).status_code == 302
    return OfficialNotice.objects.get()


def test_notice_from_draft_to_publication_by_two_people(desk: Any) -> None:
    writer, second = desk("crisis_editor"), desk("spokesperson")
    notice = written(writer)
    address = f"/admin/notices/{notice.public_id}/"
    assert notice.status == NoticeStatus.DRAFT
    writer.post(f"{address}submit/", {"revision": notice.revision})
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.SUBMITTED
    assert writer.post(f"{address}approve/", {"revision": notice.revision}).status_code == 403
    page = second.get(address).content.decode()
    assert f'name="revision" value="{notice.revision}"' in page
    second.post(f"{address}approve/", {"revision": notice.revision})
    notice.refresh_from_db()
    assert (notice.status, notice.approved_by) == (NoticeStatus.PUBLISHED, second.person)
    writer.post(f"{address}withdraw/")
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.WITHDRAWN


def test_without_dutch_nothing_is_stored_and_the_field_says_so(desk: Any) -> None:
    response = desk("crisis_editor").post("/admin/notices/new/", NOTICE | {"title_nl": "", "known_nl": ""})
    html = response.content.decode()
    assert response.status_code == 400
    assert "Les routes sont coupées." in html
    assert html.count("desk-error") == 2
    assert not OfficialNotice.objects.exists()


def test_a_third_language_is_whole_or_empty(desk: Any) -> None:
    client = desk("crisis_editor")
    assert client.post("/admin/notices/new/", NOTICE | {"title_de": "Bleiben Sie"}).status_code == 400
    assert not OfficialNotice.objects.exists()
    notice = written(client, title_de="Bleiben Sie", known_de="Straßen gesperrt.", signed_as_de="Botschaft in Lima")
    assert notice.texts.count() == 3


def test_what_was_read_is_what_is_published(desk: Any) -> None:
    writer, second = desk("crisis_editor"), desk("spokesperson")
    notice = written(writer)
    submit_notice(actor=writer.person, notice=notice)
    notice.refresh_from_db()
    read = notice.revision
    save_notice(actor=writer.person, notice=notice, texts=TEXTS, signed_as="X", country="PE")
    submit_notice(actor=writer.person, notice=notice)
    second.post(f"/admin/notices/{notice.public_id}/approve/", {"revision": read})
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.SUBMITTED


@pytest.mark.parametrize("revision", ["", "abc", "-1", "9" * 30])
def test_forged_revision_publishes_nothing(desk: Any, revision: str) -> None:
    writer, second = desk("crisis_editor"), desk("spokesperson")
    notice = written(writer)
    submit_notice(actor=writer.person, notice=notice)
    assert second.post(f"/admin/notices/{notice.public_id}/approve/", {"revision": revision}).status_code == 409
    assert not OfficialNotice.objects.published().exists()


def test_somebody_was_faster_is_409_and_the_text_comes_back(desk: Any) -> None:
    writer = desk("crisis_editor")
    notice = written(writer)
    old = notice.revision
    save_notice(actor=writer.person, notice=notice, texts=TEXTS, signed_as="X", country="PE")
    response = writer.post(f"/admin/notices/{notice.public_id}/", NOTICE | {"revision": old, "known_fr": "Mon texte"})
    assert response.status_code == 409
    assert "Mon texte" in response.content.decode()
    assert notice.texts.get(language="fr").known == "K"


def test_embassy_writes_about_its_own_country_only(desk: Any) -> None:
    client = desk("embassy", country="PE")
    assert "BO" not in client.get("/admin/notices/new/").content.decode().split('name="country"')[1].split("</select>")[0]
    assert client.post("/admin/notices/new/", NOTICE | {"country": "BO"}).status_code == 400
    assert not OfficialNotice.objects.exists()
    assert written(client).country_id == "PE"


@pytest.mark.parametrize("role", ["moderator", "supervisor", "analyst"])
def test_who_may_not_write_reads(desk: Any, staff: Any, role: str) -> None:
    notice = save_notice(actor=staff("crisis_editor"), texts=TEXTS, signed_as="X", country="PE")
    client = desk(role)
    assert client.get("/admin/notices/new/").status_code == 403
    assert client.get("/admin/notices/").status_code == 200
    assert "<textarea" not in client.get(f"/admin/notices/{notice.public_id}/").content.decode()
    assert client.post(f"/admin/notices/{notice.public_id}/", NOTICE).status_code == 403
    assert notice.texts.get(language="fr").title == "T"


def test_steps_of_a_notice_take_no_reading(desk: Any, staff: Any) -> None:
    notice = save_notice(actor=staff("crisis_editor"), texts=TEXTS, signed_as="X", country="PE")
    client = desk("duty_officer")
    for step in ("submit", "approve", "withdraw"):
        assert client.get(f"/admin/notices/{notice.public_id}/{step}/").status_code == 405
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.DRAFT


def test_menu_shows_the_desk_to_those_who_work_there(desk: Any) -> None:
    def menu(role: str) -> str:
        return str(desk(role).get("/admin/").content.decode().split("<main", 1)[0])

    assert "/admin/notices/" in menu("spokesperson")
    assert "/admin/crises/" not in menu("spokesperson")
    assert "/admin/crises/" in menu("crisis_editor")
    assert "/admin/notices/" not in menu("analyst")
