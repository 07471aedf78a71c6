"""The small phases, their order, what a failing or slow phase does, the facts from the database, and worst cases."""

import time

import pytest

from accounts.services import submit_profile
from forum.services import create_topic, edit_post
from moderation.enums import FindingCode, Priority
from moderation.models import ReviewItem
from moderation.screening import PHASES, Finding, Screened, run_phases, running, screen_draft, screen_post, screen_profile
from moderation.screening.findings import FINDINGS_MAX, NOTE, RISK, URGENT
from moderation.screening.phases import author, language, length, repeat
from moderation.services.items import priority_of
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import item_of


def screened(**fields):
    return Screened(**({"title": "Bus", "body": "De dagbus vertrekt om zes uur.", "language": "nl"} | fields))


@pytest.mark.parametrize(
    ("body", "profile", "detail"),
    [
        ("", False, "short"),
        ("Ja.", False, "short"),
        (" " * 50 + "x" * 19, False, "short"),
        ("x" * 20, False, None),
        ("x" * 8_000, False, None),
        ("x" * 8_001, False, "long"),
        ("Ja.", True, None),
        ("x" * 8_001, True, "long"),
    ],
)
def test_length(body, profile, detail):
    assert [f.detail for f in length.length(screened(body=body, is_profile=profile))] == ([detail] if detail else [])


@pytest.mark.parametrize(
    ("code", "detail"), [("und", "undetermined"), ("", "undetermined"), ("es", "foreign"), ("ar-EG", "foreign"), ("zh", "foreign")]
)
def test_language_that_nobody_here_reads_or_knows(code, detail):
    assert [(f.code, f.severity, f.detail) for f in language.language(screened(language=code))] == [("language", NOTE, detail)]


@pytest.mark.parametrize("code", ["fr", "nl", "de", "en", "nl-BE", "fr-BE"])
def test_four_languages_with_their_regions(code):
    assert list(language.language(screened(language=code))) == []


def test_repeat_and_new_author():
    assert [f.code for f in repeat.repeat(screened(repeats=True))] == ["repeat"]
    assert list(repeat.repeat(screened())) == []
    assert [f.code for f in author.new_author(screened(published_before=False))] == ["new_author"]
    assert list(author.new_author(screened())) == []


def test_findings_come_in_the_order_of_the_phases():
    body = "Je n’ai plus d’insuline. Bel 0475 12 34 56, zie https://bit.ly/x"
    codes = [f.code for f in run_phases(screened(body=body, language="und", repeats=True, published_before=False))]
    assert codes == ["threat_to_life", "personal_data", "links", "repeat", "language", "new_author"]


def test_ordinary_text_of_a_known_author_has_no_finding():
    assert run_phases(screened()) == []


def test_phases_are_pure():
    text_ = screened(body="Bel 0475 12 34 56", repeats=True)
    assert run_phases(text_) == run_phases(text_)


@pytest.fixture
def broken(monkeypatch):
    def explode(_text):
        raise RuntimeError("word list is away")

    monkeypatch.setattr(running, "PHASES", [explode, *PHASES])
    return explode


def test_failing_phase_holds_says_so_and_lets_the_others_work(broken):
    findings = run_phases(screened(body="Bel 0475 12 34 56 voor de bus"))
    assert next((f.code, f.severity, f.detail) for f in findings) == ("screening_failed", RISK, "explode")
    assert [f.code for f in findings][1:] == ["personal_data"]
    assert priority_of(findings) == Priority.RISK


def test_phase_that_fails_half_way_keeps_nothing_half():
    def half(_text):
        yield Finding(FindingCode.LINKS, NOTE)
        raise RuntimeError("in the middle")

    original, running.PHASES = running.PHASES, [half]
    try:
        assert [f.code for f in run_phases(screened())] == ["screening_failed"]
    finally:
        running.PHASES = original


def test_slow_phase_holds_and_keeps_what_it_found(monkeypatch):
    def slow(_text):
        time.sleep(0.02)
        return [Finding(FindingCode.LINKS, NOTE, detail="many")]

    monkeypatch.setattr(running, "SLOW_SECONDS", 0.01)
    monkeypatch.setattr(running, "PHASES", [slow])
    assert [(f.code, f.detail) for f in run_phases(screened())] == [("links", "many"), ("screening_failed", "slow")]


WORST = {
    "digits": "1" * 20_000,
    "spaced digits": "1 " * 10_000,
    "phones": "+51 984 555 318 " * 1_250,
    "links": "http://a.bc/ " * 1_500,
    "letters": "a" * 20_000,
    "at signs": "a@" * 10_000,
    "dots": "a." * 10_000,
    "brackets": "[" * 20_000,
    "named links": "[a.be](http://b.be) " * 1_000,
    "decimals": "12.345," * 2_800,
    "emergencies": "ik wil dood. " * 1_500,
    "one sentence": "we gaan hier sterven als " * 800,
    "passports": "paspoort " * 2_200,
    "capitals": "P<BEL" * 4_000,
    "degrees": "12°02'47\" " * 2_000,
    "null-ish": "\u202e\u200b" * 10_000,
    "arabic": "من بونو إلى أريكيبا " * 1_000,
}


@pytest.mark.parametrize("name", WORST)
def test_worst_texts_stay_cheap_and_their_findings_few(name):
    began = time.thread_time()
    findings = run_phases(screened(body=WORST[name], countries=("PE", "BO", "CL")))
    assert time.thread_time() - began < 2
    assert len(findings) <= 3 * FINDINGS_MAX
    assert not [f for f in findings if f.code == "screening_failed"]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [([], "3"), ([NOTE], "3"), ([NOTE, RISK], "2"), ([RISK], "2")],
)
def test_priority_follows_the_gravest_finding(findings, expected):
    assert priority_of([Finding(FindingCode.LINKS, severity) for severity in findings]) == expected


def test_threat_to_life_is_first_of_all():
    assert priority_of([Finding(FindingCode.LINKS, RISK), Finding(FindingCode.THREAT_TO_LIFE, URGENT)]) == Priority.LIFE


# -- with the database -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_same_text_again_by_the_same_author_is_a_repeat():
    person = UserFactory()
    first = create_topic(actor=person, text=text())
    second = create_topic(actor=person, text=text())
    other = create_topic(actor=UserFactory(), text=text())
    codes = {post.pk: [f["code"] for f in item_of(post).findings] for post in (first, second, other)}
    assert "repeat" not in codes[first.pk] + codes[other.pk]
    assert "repeat" in codes[second.pk]


@pytest.mark.django_db
def test_ones_own_draft_and_ones_own_edit_are_no_repeat():
    person = UserFactory()
    create_topic(actor=person, text=text(), submit=False)
    post = create_topic(actor=person, text=text())
    edit_post(actor=person, post=post, text=text(), version_number=1)
    assert "repeat" not in [f["code"] for f in item_of(post).findings]


@pytest.mark.django_db
def test_author_is_new_until_something_was_published():
    person = UserFactory()
    assert "new_author" in [f["code"] for f in item_of(make_post(author=person)).findings]
    assert "new_author" in [f["code"] for f in item_of(make_post(author=person)).findings]
    make_post(author=person, status="published")
    assert "new_author" not in [f["code"] for f in item_of(make_post(author=person)).findings]


@pytest.mark.django_db
def test_facts_cost_one_query(django_assert_num_queries):
    post = make_post()
    with django_assert_num_queries(1):
        screen_post(post, post.latest_version, ["PE"])
    with django_assert_num_queries(1):
        screen_draft(text(), post.author, "nl")


@pytest.mark.django_db
def test_reply_is_read_with_the_countries_of_its_topic():
    topic = make_post(status="published", countries=["PE"]).topic
    item = item_of(make_reply(topic=topic, body="Bel 984 555 318 voor de bus."))
    assert [(f["code"], f["detail"]) for f in item.findings if f["code"] == "personal_data"] == [("personal_data", "phone")]
    assert (item.country_id, item.need) == ("PE", "borders")


@pytest.mark.django_db
def test_profile_is_screened_without_length_and_novelty():
    version = submit_profile(actor=UserFactory(), pseudonym="Jan", about="Bel 0475 12 34 56")
    assert [f.code for f in screen_profile(version)] == ["personal_data"]
    assert ReviewItem.objects.get(profile=version).priority == Priority.RISK


@pytest.mark.django_db
def test_stored_findings_hold_no_words_of_the_text():
    item = item_of(make_post(body="Bel 0475 12 34 56 of mail jan@example.org, nummer 85.07.30-033.28"))
    stored = str(item.findings)
    assert not any(words in stored for words in ("0475", "jan@", "85.07"))
    assert all(set(finding) == {"code", "severity", "field", "start", "end", "detail"} for finding in item.findings)
