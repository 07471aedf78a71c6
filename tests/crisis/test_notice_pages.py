"""The pages of a notice: what each reader may press, what comes back after a conflict, how a correction is written."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crisis.enums import NoticeStatus
from crisis.models import OfficialNotice
from crisis.services import close_crisis, save_notice
from tests.crisis.conftest import WORDS

pytestmark = pytest.mark.django_db

FORM = {f"{field}_{code}": text for code, texts in WORDS.items() for field, text in texts.items()} | {"country": "PE"}
# Reader → status → what they may press (and whether the form stands there, "form").
WRITER = {
    "draft": {"form", "submit", "withdraw"},
    "submitted": {"form", "return", "withdraw"},
    "published": {"copy", "withdraw"},
    "withdrawn": {"copy"},
}
SECOND_WRITER = WRITER | {"submitted": {"approve", "change", "return", "withdraw"}}
SECOND_READER: dict[str, set[str]] = {"draft": set(), "submitted": {"approve", "return"}, "published": set(), "withdrawn": set()}
NOBODY: dict[str, set[str]] = {status: set() for status in NoticeStatus.values}
READERS = {
    "the writer": WRITER,
    "embassy-PE": WRITER,
    "embassy-BO": NOBODY | {"published": {"copy"}, "withdrawn": {"copy"}},
    "duty_officer": SECOND_WRITER,
    "crisis_editor": SECOND_WRITER,
    "spokesperson": SECOND_WRITER,
    "supervisor": SECOND_READER,
    "moderator": NOBODY,
    "analyst": NOBODY,
    "administrator": NOBODY,
}


def pressed(page: str) -> set[str]:
    found = set(re.findall(r'action="/admin/notices/\w+/(\w+)/"', page))
    found |= {"form"} if 'name="title_fr"' in page else set()
    found |= {"change"} if 'href="?change"' in page else set()
    return found | ({"copy"} if "/admin/notices/new/?from=" in page else set())


@pytest.mark.parametrize("status", NoticeStatus.values)
@pytest.mark.parametrize("reader", READERS)
def test_what_each_reader_may_press(notice: Any, staff: Any, desk: Any, signed_in: Any, reader: str, status: str) -> None:
    made = notice(status)
    role, _, country = reader.partition("-")
    client = signed_in(made.written_by) if reader == "the writer" else desk(role, **({"country": country} if country else {}))
    response = client.get(f"/admin/notices/{made.public_id}/")
    assert response.status_code == 200
    assert pressed(response.content.decode()) == READERS[reader][status]


def test_a_second_reader_can_change_the_text_and_is_told_what_that_means(notice: Any, desk: Any) -> None:
    made, client = notice(NoticeStatus.SUBMITTED), desk("spokesperson")
    page = client.get(f"/admin/notices/{made.public_id}/?change").content.decode()
    assert 'name="title_fr"' in page
    assert "approve/" not in page
    response = client.post(f"/admin/notices/{made.public_id}/", FORM | {"title_fr": "Restez encore", "revision": made.revision})
    assert response.status_code == 302
    made.refresh_from_db()
    assert (made.status, made.written_by, made.text_fr.title) == (NoticeStatus.DRAFT, client.person, "Restez encore")


def test_the_second_reader_reads_all_that_is_published(notice: Any, desk: Any) -> None:
    made = notice(NoticeStatus.SUBMITTED, texts=WORDS | {"fr": WORDS["fr"] | {"unknown": "- Le jour\n- L’heure", "doing": "Nous appelons."}})
    page = desk("supervisor").get(f"/admin/notices/{made.public_id}/").content.decode()
    for words in ("Centre de crise", "Crisiscentrum", "Nous appelons.", "<li>Le jour</li>"):
        assert words in page


def test_a_correction_begins_with_the_words_of_what_was_public(notice: Any, desk: Any) -> None:
    made, client = notice(NoticeStatus.PUBLISHED), desk("duty_officer")
    page = client.get(f"/admin/notices/new/?from={made.public_id}").content.decode()
    assert "Restez où vous êtes" in page
    assert re.search(r'name="revision"(?! value)', page)
    assert client.post(f"/admin/notices/new/?from={made.public_id}", FORM | {"known_fr": "Rouvert."}).status_code == 302
    new = OfficialNotice.objects.exclude(pk=made.pk).get()
    assert (new.status, new.text_fr.known, new.country_id) == (NoticeStatus.DRAFT, "Rouvert.", "PE")
    made.refresh_from_db()
    assert (made.status, made.text_fr.known) == (NoticeStatus.PUBLISHED, "L’aéroport est fermé.")


def test_a_correction_of_nothing_is_404(desk: Any) -> None:
    assert desk("duty_officer").get("/admin/notices/new/?from=zzzzzzzzzz").status_code == 404


def test_a_conflict_shows_both_texts_and_the_next_press_decides(notice: Any, signed_in: Any, staff: Any) -> None:
    made = notice()
    client: Client = signed_in(made.written_by)
    save_notice(actor=staff("duty_officer"), notice=made, texts=WORDS | {"fr": WORDS["fr"] | {"known": "Le leur."}}, country="PE")
    response = client.post(f"/admin/notices/{made.public_id}/", FORM | {"known_fr": "Le mien.", "revision": 1})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Le mien." in page
    assert "Le leur." in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    assert client.post(f"/admin/notices/{made.public_id}/", FORM | {"known_fr": "Le mien.", "revision": revision[1]}).status_code == 302
    assert made.texts.get(language="fr").known == "Le mien."


@pytest.mark.parametrize("revision", [None, "", "0", "2"])
def test_a_form_that_does_not_say_what_was_read_stores_nothing(notice: Any, signed_in: Any, revision: str | None) -> None:
    made = notice()
    fields = FORM | {"known_fr": "Autre."} | ({"revision": revision} if revision is not None else {})
    assert signed_in(made.written_by).post(f"/admin/notices/{made.public_id}/", fields).status_code in {400, 409}
    assert made.texts.get(language="fr").known == "L’aéroport est fermé."


@pytest.mark.parametrize("status", [NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN])
def test_what_was_public_does_not_change_and_the_typed_text_comes_back(notice: Any, signed_in: Any, status: str) -> None:
    made = notice(status)
    response = signed_in(made.written_by).post(f"/admin/notices/{made.public_id}/", FORM | {"known_fr": "Autre.", "revision": made.revision})
    assert response.status_code == 409
    assert "Autre." in response.content.decode()
    assert made.texts.get(language="fr").known == "L’aéroport est fermé."


@pytest.mark.parametrize(
    ("status", "step"),
    [("published", "submit"), ("withdrawn", "submit"), ("draft", "approve"), ("published", "approve"), ("withdrawn", "approve")]
    + [(status, "return") for status in ("draft", "published", "withdrawn")],
)
def test_a_step_that_comes_too_late_is_409_and_shows_the_notice(notice: Any, desk: Any, status: str, step: str) -> None:
    made = notice(status)
    response = desk("spokesperson").post(f"/admin/notices/{made.public_id}/{step}/", {"revision": made.revision})
    assert response.status_code == 409
    assert "Restez où vous êtes" in response.content.decode()
    assert OfficialNotice.objects.get(pk=made.pk).status == status


def test_storing_keeps_the_tie_to_a_crisis_that_was_closed_meanwhile(notice: Any, crisis: Any, signed_in: Any) -> None:
    over = crisis()
    made = notice(crisis=over)
    close_crisis(actor=over.opened_by, crisis=over)
    client = signed_in(made.written_by)
    assert over.public_id in client.get(f"/admin/notices/{made.public_id}/").content.decode()
    assert client.post(f"/admin/notices/{made.public_id}/", FORM | {"crisis": over.public_id, "revision": made.revision}).status_code == 302
    made.refresh_from_db()
    assert made.crisis == over
    assert over.public_id not in client.get("/admin/notices/new/").content.decode()


def test_a_practised_crisis_is_no_choice(crisis: Any, desk: Any) -> None:
    practised = crisis(realm="practice")
    assert practised.public_id not in desk("crisis_editor").get("/admin/notices/new/").content.decode()


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en"])
def test_texts_at_their_limits(desk: Any, code: str) -> None:
    client = desk("crisis_editor")
    lines = ("y" * 9 + "\r\n") * 400
    words = {f"title_{code}": "t" * 150, f"known_{code}": lines[:-2] + "z", f"signed_as_{code}": "s" * 120}
    for field in words:
        response = client.post("/admin/notices/new/", FORM | words | {field: words[field] + "zz"})
        assert response.status_code == 400
        assert f'id="id_{field}_error"' in response.content.decode()
    assert not OfficialNotice.objects.exists()
    assert client.post("/admin/notices/new/", FORM | words).status_code == 302
    assert len(OfficialNotice.objects.get().texts.get(language=code).known) == 4000


def test_html_in_a_notice_is_words(notice: Any, desk: Any) -> None:
    html = "<script>alert(1)</script> & <b>fort</b>"
    made = notice(NoticeStatus.SUBMITTED, texts={code: text | {"title": html, "known": html, "signed_as": html} for code, text in WORDS.items()})
    for path in ("/admin/notices/", f"/admin/notices/{made.public_id}/"):
        page = desk("spokesperson").get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_waiting_notice_is_not_lost_behind_a_hundred_others(notice: Any, desk: Any, staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("crisis.views.notices.MOST_LISTED", 2)
    waits = notice(NoticeStatus.SUBMITTED)
    for _ in range(3):
        notice(writer=waits.written_by)
    assert waits.public_id in desk("supervisor").get("/admin/notices/").content.decode()


def test_colleagues_are_named_by_what_they_do(notice: Any, desk: Any) -> None:
    made = notice(NoticeStatus.PUBLISHED)
    writer, second = made.written_by.member_code[:4], made.approved_by.member_code[:4]
    for path in ("/admin/notices/", f"/admin/notices/{made.public_id}/"):
        page = desk("supervisor").get(path).content.decode()
        assert f"Rédaction de crise {writer}" in page
        assert f"Porte-parole {second}" in page
    made.written_by.grants.update(valid_until=timezone.now())
    assert f"Membre {writer}" in desk("supervisor").get("/admin/notices/").content.decode()


def test_the_list_names_each_notice_once_and_its_languages(notice: Any, desk: Any) -> None:
    german = {"title": "Bleiben Sie", "known": "Gesperrt.", "signed_as": "Krisenzentrum"}
    notice(texts=WORDS | {"de": german})
    notice(texts={"nl": WORDS["nl"]})
    page = desk("supervisor").get("/admin/notices/").content.decode()
    assert "<td>FR NL DE</td>" in page
    assert "<td>NL</td>" in page
    assert page.count("Blijf waar u bent") == 1
    assert re.search(r'<th scope="row" lang="nl">', page)


def test_a_longer_list_costs_no_more_queries(notice: Any, desk: Any, django_assert_num_queries: Any) -> None:
    client = desk("supervisor")
    notice(NoticeStatus.PUBLISHED)
    client.get("/admin/notices/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/notices/")
    for _ in range(4):
        notice(NoticeStatus.PUBLISHED)
    with django_assert_num_queries(len(one)):
        client.get("/admin/notices/")
