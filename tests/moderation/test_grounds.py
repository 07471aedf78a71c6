"""Grounds, redress and the statement of reasons: complete, in four languages, the same for mail, author and admin."""

from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.services import submit_profile
from forum.extensions import AUTHOR_STATUS
from forum.services import edit_post, withdraw_post
from moderation.author_status import author_status
from moderation.charter import TEXTS, number_of
from moderation.enums import Action, Ground
from moderation.grounds import EFFECTS, PROFILE_TITLES, TITLES, Statement, statement_of
from moderation.models import Decision, ReviewItem
from moderation.redress import ALWAYS, OF_GROUND, redress_for
from moderation.services import decide, erase_texts
from moderation.services.deciding import SILENT, is_negative, tells_author
from moderation.workflow import TRANSITIONS
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import item_of

LANGUAGES = ["fr", "nl", "de", "en"]
GROUND = {"ground": "danger", "facts": "De brug is weg."}


# -- data --------------------------------------------------------------------------------------------------------------


def test_every_ground_has_its_rule_and_its_beginning_of_the_facts():
    assert set(TEXTS) == set(Ground)
    for ground, words in TEXTS.items():
        assert str(words.rule).endswith("."), ground
        assert str(words.facts).endswith(": "), ground
    rules = [str(words.rule) for words in TEXTS.values()]
    assert len(set(rules)) == len(rules)


def test_numbers_are_those_of_the_charter():
    assert [number_of(ground) for ground in Ground] == list(range(1, 13))
    assert [g.value for g in Ground][:3] == ["personal_data", "danger", "outdated"]
    assert number_of("host_state") == 12


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_grounds_are_translated(language):
    english = {ground: (str(words.rule), str(words.facts)) for ground, words in TEXTS.items()}
    with translation.override(language):
        for ground, words in TEXTS.items():
            assert str(words.rule) != english[ground][0], ground
            assert str(words.facts) != english[ground][1], ground


@pytest.mark.parametrize("ground", list(Ground))
def test_every_ground_has_internal_ombudsman_and_council_of_state(ground):
    codes = [way.code for way in redress_for(ground)]
    assert codes[:3] == ["internal", "ombudsman", "council_of_state"]
    assert len(set(codes)) == len(codes)


def test_special_ways_belong_to_their_ground():
    assert [way.code for way in redress_for("personal_data")][3:] == ["data_protection"]
    assert [way.code for way in redress_for("language_unclear")][3:] == ["languages"]
    assert set(OF_GROUND) == {Ground.PERSONAL_DATA, Ground.LANGUAGE_UNCLEAR}
    assert redress_for("") == ALWAYS


def test_time_limits_are_those_of_the_law():
    days = {way.code: way.days for way in ALWAYS}
    assert (days["council_of_state"], days["ombudsman"]) == (60, 0)
    # DSA art. 20(1): at least six months.
    assert days["internal"] >= 183
    assert "60 days" in str(ALWAYS[2].how)


def test_every_decision_that_is_told_has_title_and_effect():
    told = {action for action in TRANSITIONS if action not in SILENT}
    assert set(TITLES) == set(EFFECTS) == told
    assert set(PROFILE_TITLES) == {a for a, t in TRANSITIONS.items() if "profile" in t.subjects} - SILENT
    negative = {a for a, t in TRANSITIONS.items() if t.needs_reason}
    assert {a for a in Action if is_negative(Decision(action=a))} == negative
    assert {a for a in Action if not tells_author(Decision(action=a))} == SILENT


# -- statements ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def rejected(staff, waiting):
    item = waiting(title="Te voet over de brug")
    decide(item.pk, "reject", actor=staff("moderator"), revision=1, **GROUND, note="Dank u voor de moeite.", internal_note="Zie telex 12.")
    return Decision.objects.select_related("item", "text").get(item=item)


@pytest.mark.django_db
def test_statement_holds_every_part_that_the_law_asks_for(rejected, settings):
    statement = statement_of(rejected, "en")
    assert statement.title == "Your text is not published"
    assert statement.paragraphs == (
        "It is about “Te voet over de brug”.",
        "Nobody else can read it, on the whole site and in every country, without a time limit. It stays in your account.",
        "The facts: De brug is weg.",
        "Ground 2 of the charter, “Dangerous advice”: No advice that puts people in danger or reveals where vulnerable people are.",
        "A word from the person who read it: Dank u voor de moeite.",
        "It was read in the ordinary review of texts; no notice from somebody else led to this.",
        "A person decided, without automated means.",
        "What you can do if you do not agree:",
        *statement.paragraphs[8:11],
        f"Moderation of BelgesSolidaires, FPS Foreign Affairs: {settings.STAFF_HELP_EMAIL}",
        statement.paragraphs[-1],
    )
    assert [line.split(":")[0] for line in statement.paragraphs[8:11]] == [
        "Ask us to look again",
        "Federal Ombudsman",
        "Council of State, administrative litigation section",
    ]
    assert statement.paragraphs[-1].startswith(f"Reference {rejected.public_id}, decided on ")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ground", list(Ground))
def test_statement_exists_for_every_ground_in_every_language(ground, language, rejected):
    rejected.ground = ground
    with translation.override("en"):
        statement = statement_of(rejected, language)
        assert translation.get_language() == "en"
    assert statement.language == language
    assert "De brug is weg." in " ".join(statement.paragraphs)
    assert rejected.public_id in statement.paragraphs[-1]
    assert len(statement.redress) >= 3
    assert all(isinstance(value, str) for way in statement.redress for value in (way.name, way.how))
    assert bool(statement.law) == bool(TEXTS[Ground(ground)].law)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_statement_in_another_language_shares_no_sentence_with_the_english_one(language, rejected):
    english, other = statement_of(rejected, "en"), statement_of(rejected, language)
    assert english.title != other.title
    shared = set(english.paragraphs) & set(other.paragraphs)
    assert shared == set(), shared


@pytest.mark.django_db
def test_statement_never_holds_what_is_for_colleagues(rejected):
    assert "telex" not in str(statement_of(rejected, "nl"))
    assert "internal_note" not in {field.name for field in fields(Statement)}


@pytest.mark.django_db
def test_statement_names_no_person_who_decided(staff, waiting):
    actor = staff("moderator", pseudonym="A. Maes", pseudonym_key="amaes")
    decide(waiting().pk, "reject", actor=actor, revision=1, **GROUND)
    words = str(statement_of(Decision.objects.get(), "nl"))
    assert "Maes" not in words
    assert actor.email not in words
    assert actor.audit_ref not in words


@pytest.mark.django_db
def test_statement_says_that_checks_had_marked_passages(staff, waiting):
    item = waiting(body="Bel Ricardo op +51 984 555 318 voor de bus.")
    decide(item.pk, "reject", actor=staff("moderator"), revision=1, ground="personal_data", facts="Een nummer.")
    statement = statement_of(Decision.objects.get(), "en")
    assert statement.automation == "A person decided. Automatic checks had marked passages of the text for that person."
    assert statement.law == "Legal ground: Regulation (EU) 2016/679 (GDPR), art. 5 and 6."
    assert "Data Protection Authority" in " ".join(statement.paragraphs)


@pytest.mark.django_db
def test_publication_is_a_short_word_without_redress(staff, waiting):
    decide(waiting(title="Bus").pk, "approve", actor=staff("moderator"), revision=1, note="Mooi.")
    statement = statement_of(Decision.objects.get(), "en")
    assert statement.title == "Your text is published"
    assert statement.paragraphs == ("It is about “Bus”.", "Everybody can read it now.", "A word from the person who read it: Mooi.")
    assert statement.redress == ()


@pytest.mark.django_db
def test_automated_publication_says_so(staff, waiting):
    decision = decide(waiting().pk, "approve", actor=staff("moderator"), revision=1)
    decision.automated = True
    assert "No person decided" in " ".join(statement_of(decision, "en").paragraphs)


@pytest.mark.django_db
def test_profile_has_its_own_titles(staff):
    person = UserFactory()
    submit_profile(actor=person, pseudonym="Consul Lima")
    item = ReviewItem.objects.get(author=person)
    decide(item.pk, "reject", actor=staff("moderator"), revision=1, ground="false_official", facts="U bent geen consul.")
    statement = statement_of(Decision.objects.get(), "en")
    assert statement.title == "Your name or profile is not published"
    assert statement.subject == "Consul Lima"


@pytest.mark.django_db
def test_undone_decision_says_first_that_it_no_longer_holds(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, "reject", actor=actor, revision=1, **GROUND)
    decide(item.pk, "undo", actor=actor, revision=2)
    statement = statement_of(Decision.objects.select_related("item", "text", "reverted_by").get(action="reject"), "en")
    assert statement.superseded_at is not None
    assert statement.paragraphs[0].startswith("This decision was taken back on ")


@pytest.mark.django_db
def test_statement_of_an_erased_text_still_names_ground_and_redress(rejected):
    erase_texts(user=rejected.item.author)
    statement = statement_of(Decision.objects.select_related("item", "text").get(pk=rejected.pk), "en")
    assert (statement.facts, statement.note, statement.subject) == ("", "", "")
    assert "brug" not in " ".join(statement.paragraphs)
    assert statement.ground_text.startswith("Ground 2")


@pytest.mark.django_db
def test_statement_costs_no_query_when_its_rows_are_loaded(rejected, django_assert_num_queries):
    decision = Decision.objects.select_related("item", "text", "reverted_by").get(pk=rejected.pk)
    with django_assert_num_queries(0):
        statement_of(decision, "nl")


# -- the author's page -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_author_reads_until_when_somebody_reads_the_text(waiting):
    item = waiting()
    (status,) = author_status([item.post])[item.post_id]
    assert status.title == "Waits to be read"
    assert status.detail.startswith("Somebody reads it before ")
    assert status.reference == item.public_id


@pytest.mark.django_db
def test_author_reads_that_a_late_text_still_waits(waiting):
    item = waiting()
    ReviewItem.objects.filter(pk=item.pk).update(target_at=timezone.now() - timedelta(minutes=1))
    (status,) = author_status([item.post])[item.post_id]
    assert status.detail == "It takes longer than it should. Your text still waits; nobody refused it."


@pytest.mark.django_db
def test_author_reads_decisions_newest_first_and_no_internal_step(staff, waiting):
    item, actor = waiting(), staff("moderator")
    decide(item.pk, "note", actor=actor, revision=1, internal_note="Geheim.")
    decide(item.pk, "request_changes", actor=actor, revision=2, **GROUND)
    edit_post(actor=item.author, post=item.post, text=text(body="Nu met de prijs: 140 sol."), version_number=1)
    decide(item.pk, "approve", actor=actor, revision=4)
    statuses = author_status([item.post])[item.post_id]
    assert [s.title for s in statuses] == ["Your text is published", "Your text comes back to you: something is missing"]
    assert "De brug is weg." in statuses[1].detail
    assert "Geheim" not in str(statuses)


@pytest.mark.django_db
def test_author_reads_of_a_waiting_edit_that_the_approved_text_stays(published):
    item = published()
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    statuses = author_status([item.post])[item.post_id]
    assert [s.title for s in statuses] == ["Your new text waits to be read; the approved one stays public", "Your text is published"]


@pytest.mark.django_db
def test_withdrawn_text_no_longer_waits(waiting):
    item = waiting()
    withdraw_post(actor=item.author, post=item.post)
    assert author_status([item.post]) == {}


@pytest.mark.django_db
def test_status_of_a_page_of_posts_costs_two_queries(staff, waiting, published, django_assert_num_queries):
    posts = [waiting().post for _ in range(3)] + [published().post for _ in range(3)]
    posts.append(make_reply(topic=posts[-1].topic))
    with django_assert_num_queries(2):
        found = author_status(posts)
    assert set(found) == {post.pk for post in posts}


@pytest.mark.django_db
def test_nothing_about_other_peoples_posts(waiting):
    mine, other = waiting(), waiting()
    assert set(author_status([mine.post])) == {mine.post_id}
    assert other.post_id not in author_status([mine.post])
    assert author_status([]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("fr", "attend"), ("nl", "wacht"), ("de", "Wartet")])
def test_status_speaks_the_language_of_the_page(language, word, waiting):
    item = waiting()
    with translation.override(language):
        (status,) = author_status([item.post])[item.post_id]
    assert word.lower() in status.title.lower()


def test_provider_is_registered_once():
    assert AUTHOR_STATUS.count(author_status) == 1


@pytest.mark.django_db
def test_draft_has_no_status():
    assert author_status([make_post(status="draft")]) == {}


@pytest.mark.django_db
def test_every_told_action_is_said_in_the_history_of_an_item(staff, published):
    item = item_of(published().post)
    decide(item.pk, "hide", actor=staff("moderator"), revision=item.revision, **GROUND)
    decide(item.pk, "restore", actor=staff("supervisor"), revision=item.revision + 1)
    assert [s.title for s in author_status([item.post])[item.post_id]] == [
        "Your text is published again",
        "Your text was taken off the site",
        "Your text is published",
    ]
