"""Words for findings: every finding has its label, what the author reads before sending, in their language."""

import pytest
from django.utils import translation

from forum.extensions import PREVIEW_FINDINGS, collect
from moderation.enums import FindingCode
from moderation.marks import WORDS, emergency_advice, label_of, preview_findings
from tests.factories import UserFactory, make_post, text

DETAILS = {
    "length": ["short", "long"],
    "repeat": [""],
    "links": ["many", "shortener", "lookalike", "userinfo", "ip_address", "other_target"],
    "personal_data": ["register_number", "passport", "card", "account", "phone", "email", "coordinates"],
    "threat_to_life": [""],
    "language": ["undetermined", "foreign"],
    "new_author": [""],
}


def test_every_finding_has_words():
    assert set(WORDS) == {(code, detail) for code, details in DETAILS.items() for detail in details}
    assert set(DETAILS) == set(FindingCode.values) - {"screening_failed"}


@pytest.mark.parametrize(("code", "detail"), sorted(WORDS))
def test_label_is_that_of_the_words(code, detail):
    assert label_of(code, detail) == str(WORDS[code, detail][0])


@pytest.mark.parametrize(
    ("code", "detail", "label"),
    [
        ("personal_data", "", "Personal data"),
        ("personal_data", "new detail", "Personal data"),
        ("screening_failed", "life", "Screening did not work: read with care"),
        ("unknown", "", "unknown"),
    ],
)
def test_label_of_what_has_no_words_of_its_own(code, detail, label):
    assert label_of(code, detail) == label


@pytest.mark.django_db
def test_author_sees_label_advice_and_the_words_found():
    body = "Bel Ricardo op +51 984 555 318, nummer 85.07.30-033.28, zie https://bit.ly/x"
    shown = {p.label: p for p in preview_findings(text(body=body), UserFactory())}
    assert shown["Phone number"].found == "+51 984 555 318"
    assert shown["National register or tax number"].found == "85.07.30-033.28"
    assert shown["Shortened link"].found == "https://bit.ly/x"
    assert all(p.advice for p in shown.values())
    assert {p.field for p in shown.values()} == {"body"}


@pytest.mark.django_db
def test_author_is_not_told_about_themselves():
    assert preview_findings(text(), UserFactory()) == []


@pytest.mark.django_db
def test_repeat_is_told_before_sending():
    person = UserFactory()
    make_post(author=person)
    assert [p.code for p in preview_findings(text(), person)] == ["repeat"]


@pytest.mark.django_db
def test_language_is_detected_when_the_author_gave_none():
    body = "Salimos de Puno a las cinco y media de la mañana y llegamos a Arequipa sin problemas, el pasaje cuesta sesenta soles."
    assert [(p.code, p.label) for p in preview_findings(text(body=body, title="De Puno a Arequipa", language=None), UserFactory())] == [
        ("language", "In a language other than the four of the site")
    ]


@pytest.mark.django_db
def test_danger_is_answered_with_the_numbers_of_the_country():
    (shown,) = preview_findings(text(title="Help", body="Je n’ai plus d’insuline depuis hier, que faire ?", language="fr"), UserFactory())
    assert shown.code == "threat_to_life"
    assert "Peru: 105" in shown.advice


@pytest.mark.django_db
def test_numbers_come_from_the_reference_data_alone():
    assert "112" in emergency_advice(["BE"])
    assert emergency_advice([]) == emergency_advice(["XX"]) == "If a life is in danger, call for help first. A post is read too late."
    assert "Belgium" in emergency_advice(["XX", "BE"])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_preview_speaks_the_language_of_the_page(language):
    with translation.override(language):
        (shown,) = preview_findings(text(body="Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij."), UserFactory())
        assert shown.label != "Phone number"
        assert shown.advice != str(WORDS["personal_data", "phone"][1]) or "Everybody" not in shown.advice


@pytest.mark.django_db
def test_provider_is_registered_once():
    assert PREVIEW_FINDINGS.count(preview_findings) == 1
    assert [p.code for p in collect(PREVIEW_FINDINGS, text(body="Kort."), UserFactory())] == ["length"]


@pytest.mark.django_db
def test_found_words_of_the_title_are_those_of_the_title():
    shown = preview_findings(text(title="Bel +51 984 555 318"), UserFactory())
    assert [(p.field, p.found) for p in shown] == [("title", "+51 984 555 318")]
