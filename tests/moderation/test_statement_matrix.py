"""Every decision that is told × every language × post and profile: a statement that is whole, in that language, without internal words."""

import pytest
from django.utils import translation

from accounts.services import submit_profile
from forum.services import edit_post
from moderation.author_status import author_status
from moderation.enums import Action, Ground
from moderation.grounds import EFFECTS, statement_of
from moderation.models import Decision, ReviewItem
from moderation.services import decide
from moderation.services.deciding import SILENT, is_negative
from moderation.workflow import TRANSITIONS
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

LANGUAGES = ["fr", "nl", "de", "en"]
TOLD = sorted(set(TRANSITIONS) - SILENT)
WORDS = {"ground": "outdated", "facts": "Sinds gisteren rijdt de bus niet meer.", "note": "Dank u.", "internal_note": "Telex 12."}


@pytest.fixture
def taken(staff, waiting, published):
    """Return a maker of decisions, each reached as in life."""

    def make(action):
        actor, senior = staff("moderator"), staff("supervisor")
        if action in {"approve", "request_changes", "reject", "spam", "merge"}:
            item = waiting(title="Met de bus")
        elif action in {"approve_edit", "return_edit", "reject_edit"}:
            item = published()
            edit_post(actor=item.author, post=item.post, text=text(title="Met de bus"), version_number=1)
            item = item_of(item.post)
        else:
            item = published(title="Met de bus")
            before = {"restore": "hide", "lift_danger": "mark_dangerous"}.get(action)
            if before:
                decide(item.pk, before, actor=actor, revision=item.revision, ground="danger", facts="x")
                item = item_of(item.post)
        target = make_post(status="published").topic if action == "merge" else None
        words = WORDS if TRANSITIONS[Action(action)].needs_reason else {"note": "Dank u.", "internal_note": "Telex 12."}
        made = decide(item.pk, Action(action), actor=senior, revision=item.revision, merged_into=target, **words)
        return Decision.objects.select_related("item", "text", "reverted_by").get(pk=made.pk)

    return make


@pytest.mark.parametrize("action", TOLD)
def test_statement_of_every_decision_in_every_language(action, taken):
    decision = taken(action)
    seen = {}
    for language in LANGUAGES:
        statement = statement_of(decision, language)
        whole = "\n".join(statement.paragraphs)
        assert statement.title
        assert "“Met de bus”" in whole or "« Met de bus »" in whole or "„Met de bus“" in whole or "Met de bus" in whole
        assert "Dank u." in whole
        assert "Telex" not in whole
        assert not any(mark in whole for mark in ("%(", "{", "None")), whole
        assert ("Sinds gisteren" in whole) == is_negative(decision)
        assert (decision.public_id in whole) == is_negative(decision)
        assert len(statement.redress) == (3 if is_negative(decision) else 0)
        seen[language] = (statement.title, statement.effect)
    assert len({title for title, _effect in seen.values()}) == 4
    assert len({effect for _title, effect in seen.values()}) == 4


@pytest.mark.parametrize("action", sorted(a for a in TOLD if TRANSITIONS[a].needs_reason))
def test_scope_and_duration_are_said_of_every_restriction(action):
    with translation.override("en"):
        effect = str(EFFECTS[action])
    assert len(effect) > 40
    if action in {"reject", "spam", "merge", "hide"}:
        assert "every country" in effect
        assert "time limit" in effect


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", ["approve", "request_changes", "reject"])
def test_statement_about_a_profile(action, language, staff):
    person = UserFactory(language=language)
    submit_profile(actor=person, pseudonym="Consul Lima")
    words = {"ground": "false_official", "facts": "U bent geen consul."} if action != "approve" else {}
    decide(ReviewItem.objects.get(author=person).pk, action, actor=staff("moderator"), revision=1, **words)
    decision = Decision.objects.select_related("item", "text", "reverted_by").get()
    statement = statement_of(decision, decision.language)
    assert (decision.language, statement.subject) == (language, "Consul Lima")
    assert bool(statement.ground_text) == (action != "approve")
    with translation.override("en"):
        assert (statement.title == statement_of(decision, "en").title) == (language == "en")


@pytest.mark.parametrize("action", TOLD)
def test_author_reads_the_same_words_as_in_the_statement(action, taken):
    decision = taken(action)
    with translation.override(decision.language):
        newest = author_status([decision.item.post])[decision.item.post_id][0]
    statement = statement_of(decision, decision.language)
    if (
        action in {"return_edit", "request_changes"}
        or decision.item.state == "decided"
        or TRANSITIONS[Action(action)].item_states != frozenset({"open"})
    ):
        assert (newest.title, newest.reference, newest.at) == (statement.title, decision.public_id, decision.decided_at)
        assert newest.detail == "\n\n".join(statement.paragraphs)


@pytest.mark.parametrize("ground", list(Ground))
def test_legal_ground_is_named_only_against_the_author(ground, taken):
    negative, positive = taken("reject"), taken("restore")
    negative.ground = positive.ground = ground
    assert statement_of(positive, "nl").law == ""
    assert statement_of(positive, "nl").redress == ()
    assert [way.code for way in statement_of(negative, "nl").redress][:3] == ["internal", "ombudsman", "council_of_state"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_written_as_in_the_language(language, taken):
    decision = taken("reject")
    moment = decision.decided_at.replace(year=2026, month=3, day=18, hour=15, minute=20)
    decision.decided_at = moment
    last = statement_of(decision, language).paragraphs[-1]
    month = {"fr": "mars", "nl": "maart", "de": "März", "en": "March"}[language]
    assert month in last
    # The time of Brussels, not of Greenwich.
    clock = {"fr": "16h20", "nl": "16.20 uur", "de": "16.20 Uhr", "en": "16:20"}[language]
    assert f"2026, {clock}" in last
