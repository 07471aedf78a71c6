"""The page of one official notice: in the reader's language, or in French with its language marked; nothing that is not published."""

from typing import Any

import pytest
from django.test import Client

from crisis.models import OfficialNotice
from crisis.services import approve_notice, save_notice, submit_notice, withdraw_notice

pytestmark = pytest.mark.django_db

TEXTS = {
    "fr": {"title": "Restez où vous êtes", "known": "L’aéroport est fermé.", "signed_as": "Ambassade à Lima"},
    "nl": {"title": "Blijf waar u bent", "known": "De luchthaven is dicht.", "signed_as": "Ambassade in Lima"},
}


@pytest.fixture
def notice(staff: Any) -> OfficialNotice:
    writer = staff("crisis_editor")
    sent = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=TEXTS, country="PE"))
    return approve_notice(actor=staff("spokesperson"), notice=sent, revision=sent.revision)


def test_it_speaks_the_readers_language(client: Client, notice: OfficialNotice) -> None:
    html = client.get(f"/nl/officiele-berichten/{notice.public_id}/").content.decode()
    assert "Blijf waar u bent</h1>" in html
    assert "Ambassade in Lima" in html
    assert "Ambassade à Lima" not in html
    assert "/nl/landen/peru/" in html


def test_a_language_that_it_lacks_shows_french_and_says_so(client: Client, notice: OfficialNotice) -> None:
    html = client.get(f"/de/amtliche-mitteilungen/{notice.public_id}/").content.decode()
    assert '<div class="flow" lang="fr"' in html
    assert "Restez où vous êtes</h1>" in html


def test_a_draft_has_no_page(client: Client, staff: Any) -> None:
    draft = save_notice(actor=staff("crisis_editor"), texts=TEXTS, country="PE")
    answer = client.get(f"/fr/avis/{draft.public_id}/")
    assert answer.status_code == 404
    assert "Restez" not in answer.content.decode()


def test_a_withdrawn_notice_has_no_page(client: Client, staff: Any, notice: OfficialNotice) -> None:
    withdraw_notice(actor=staff("duty_officer"), notice=notice)
    answer = client.get(f"/fr/avis/{notice.public_id}/")
    assert answer.status_code == 404
    assert "Restez" not in answer.content.decode()


def test_the_short_form_that_somebody_typed_is_understood(client: Client, notice: OfficialNotice) -> None:
    assert client.get(f"/en/notices/{notice.public_id.lower()}/").status_code == 200
