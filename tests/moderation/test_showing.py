"""How waiting time, differences and marks are put into words and pieces; what the form takes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from moderation.casefile import actor_label
from moderation.differences import MOST_WORDS, difference, marked
from moderation.forms import DecisionForm, HistoryFilters, QueueFilters
from moderation.models import Decision
from moderation.queue import Figures, language_name, marks_of
from moderation.waiting import duration_words, moment_words, waiting_of

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


# -- waiting -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(0), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h 00"),
        (timedelta(minutes=72), "1 h 12"),
        (timedelta(hours=23, minutes=59), "23 h 59"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, hours=23), "1 day"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_durations_in_words(span, words):
    assert duration_words(span) == words


@pytest.mark.parametrize(
    ("waited", "target", "state", "against"),
    [
        (0, 120, "calm", "2 h 00 left"),
        (58, 120, "calm", "1 h 02 left"),
        (90, 120, "calm", "30 min left"),
        (91, 120, "soon", "29 min left"),
        (120, 120, "soon", "0 min left"),
        (121, 120, "late", "target missed by 1 min"),
        (31, 5, "late", "target missed by 26 min"),
        (3, 5, "calm", "2 min left"),
        (4, 5, "soon", "1 min left"),
    ],
)
def test_state_against_the_target(waited, target, state, against):
    opened = NOW - timedelta(minutes=waited)
    found = waiting_of(opened, opened + timedelta(minutes=target), NOW)
    assert (found.state, found.against) == (state, against)
    assert found.waited == f"waits {duration_words(timedelta(minutes=waited))}"


@pytest.mark.parametrize(
    ("minutes", "ring"),
    [
        (0, (0, "min")),
        (59, (59, "min")),
        (60, (1, "h")),
        (26 * 60, (26, "h")),
        (2 * 24 * 60 - 1, (47, "h")),
        (2 * 24 * 60, (2, "d")),
        (-3, (0, "min")),
    ],
)
def test_number_in_the_ring(minutes, ring):
    opened = NOW - timedelta(minutes=minutes)
    found = waiting_of(opened, opened + timedelta(hours=2), NOW)
    assert (found.number, found.unit) == ring


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (7, "7"), (99, "99"), (100, "99+"), (5000, "99+")])
def test_capped_figures(number, shown):
    assert Figures.shown(number) == shown


@pytest.mark.parametrize(
    ("code", "name"), [("fr", "Français"), ("nl", "Nederlands"), ("und", "language not certain"), ("es", "language: es"), ("", "language: ")]
)
def test_names_of_languages(code, name):
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "18 mars 2026, 9h05"),
        ("nl", "18 maart 2026, 9.05 uur"),
        ("de", "18. März 2026, 9.05 Uhr"),
        ("en", "18 March 2026, 09:05"),
        ("es", "18 March 2026, 09:05"),
    ],
)
def test_moments_in_words_in_the_time_of_brussels(language, words):
    assert moment_words(datetime(2026, 3, 18, 8, 5, tzinfo=UTC), language) == words
    assert moment_words(datetime(2026, 7, 18, 22, 30, tzinfo=UTC), language).startswith("19")


def test_the_first_of_a_month_in_french() -> None:
    assert moment_words(datetime(2026, 3, 1, 8, 5, tzinfo=UTC), "fr") == "1er mars 2026, 9h05"
    assert moment_words(datetime(2026, 3, 1, 8, 5, tzinfo=UTC), "nl") == "1 maart 2026, 9.05 uur"


# -- differences -------------------------------------------------------------------------------------------------------------


def kinds(pieces):
    return [(piece.kind, piece.text) for piece in pieces]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("zes uur", "zes uur", [("same", "zes uur")]),
        ("om zes uur", "om acht uur", [("same", "om "), ("removed", "zes"), ("added", "acht"), ("same", " uur")]),
        ("", "nieuw", [("added", "nieuw")]),
        ("oud", "", [("removed", "oud")]),
        ("open", "niet open", [("added", "niet "), ("same", "open")]),
        ("60 sol", "90 sol", [("removed", "60"), ("added", "90"), ("same", " sol")]),
        ("a\nb", "a\n\nb", [("same", "a"), ("removed", "\n"), ("added", "\n\n"), ("same", "b")]),
    ],
)
def test_difference_word_by_word(before, after, pieces):
    assert kinds(difference(before, after)) == pieces


words = st.text(alphabet="abc .\n", max_size=60)


@given(before=words, after=words)
def test_difference_holds_both_texts_whole(before, after):
    pieces = difference(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


def test_long_texts_are_compared_line_by_line_in_reasonable_time():
    lines = [f"regel {n} over de bus van {n} uur\n" for n in range(MOST_WORDS // 3)]
    before, after = "".join(lines), "".join([*lines[:400], "een nieuwe regel\n", *lines[400:]])
    pieces = difference(before, after)
    assert [p.text for p in pieces if p.kind == "added"] == ["een nieuwe regel\n"]
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


@pytest.mark.parametrize("text", ["a " * 9_000, "x" * 20_000, "\n" * 20_000, "a b " * 5_000])
def test_difference_of_awkward_texts_ends(text):
    pieces = difference(text, text[:-2] + "!!")
    assert "".join(p.text for p in pieces if p.kind != "removed") == text[:-2] + "!!"


def finding(start, end, code="personal_data", detail="phone", field="body"):
    return {"code": code, "severity": 2, "field": field, "start": start, "end": end, "detail": detail}


def test_marks_cut_the_text_into_pieces():
    text = "Bel 0475 of mail jan@x.be nu"
    pieces = marked(text, [finding(17, 25, detail="email"), finding(4, 8), finding(0, 3, field="title")], "body")
    assert [(p.text, p.label) for p in pieces] == [
        ("Bel ", ""),
        ("0475", "Phone number"),
        (" of mail ", ""),
        ("jan@x.be", "E-mail address"),
        (" nu", ""),
    ]


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [finding(0, 0)],
        [finding(5, 3)],
        [finding(90, 99)],
        [finding(0, 99)],
        [finding(0, 5), finding(2, 7)],
        [finding(0, 5), finding(0, 5)],
        [finding(0, 10), finding(2, 4)],
    ],
)
def test_marks_never_lose_or_repeat_a_letter(findings):
    text = "Bel 0475 nu"
    assert "".join(piece.text for piece in marked(text, findings, "body")) == text


@given(text=st.text(max_size=40), spots=st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6))
def test_marks_of_any_places_keep_the_text(text, spots):
    assert "".join(piece.text for piece in marked(text, [finding(a, b) for a, b in spots], "body")) == text


def test_marks_for_the_list_are_gravest_first_each_once():
    found = marks_of(
        [
            {"code": "new_author", "severity": 1, "detail": ""},
            {"code": "personal_data", "severity": 2, "detail": "phone"},
            {"code": "personal_data", "severity": 2, "detail": "phone"},
            {"code": "threat_to_life", "severity": 3, "detail": ""},
        ]
    )
    assert found == [("urgent", "Somebody may be in danger"), ("risk", "Phone number"), ("remark", "First text of this author")]


def test_who_decided_is_named_or_neutral():
    decision = Decision(automated=False)
    decision.actor_name, decision.actor_role, decision.actor_code = "A. Maes", "duty_officer", "7K3Q9D"
    assert actor_label(decision) == "A. Maes"
    decision.actor_name = None
    assert actor_label(decision) == "Duty officer 7K3Q"
    decision.actor_role = None
    assert actor_label(decision) == "Member 7K3Q"
    decision.actor_code = None
    assert actor_label(decision) == "Member ?"
    decision.automated = True
    assert actor_label(decision) == "the system, by the regime of the crisis"


# -- forms -------------------------------------------------------------------------------------------------------------------


def form(**fields):
    return DecisionForm({"action": "approve", "revision": "1"} | fields)


def test_smallest_decision():
    assert form().is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "publish"),
        ("action", ""),
        ("revision", ""),
        ("revision", "-1"),
        ("revision", "1.5"),
        ("revision", "9" * 400),
        ("ground", "because"),
        ("version", "x"),
        ("facts", "x" * 5_001),
        ("note", "x" * 2_001),
        ("internal_note", "x" * 2_001),
        ("merge_into", "x" * 301),
        ("merge_into", "nergens heen"),
        ("facts", "a\x00b"),
    ],
)
def test_what_the_form_refuses(field, value):
    made = form(**{field: value})
    assert not made.is_valid()
    assert list(made.errors) == [field]


@pytest.mark.parametrize("field", ["facts", "note", "internal_note"])
def test_words_of_the_full_length_pass(field):
    longest = {"facts": 5_000}.get(field, 2_000)
    assert form(**{field: "é" * longest}).is_valid()


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("", ""),
        ("7K3Q9D", "7K3Q9D"),
        ("7k3q9d", "7K3Q9D"),
        ("7kOqIl", "7K0Q11"),
        ("/fr/sujets/7K3Q9D-en-bus/", "7K3Q9D"),
        ("http://localhost:8000/t/7K3Q9D", "7K3Q9D"),
        ("https://x.be/nl/onderwerpen/7K3Q9D-met-de-bus", "7K3Q9D"),
    ],
)
def test_topic_from_id_or_address(typed, topic):
    made = form(merge_into=typed)
    assert made.is_valid(), made.errors
    assert made.cleaned_data["merge_into"] == topic


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_filters_name_countries_in_the_readers_language(language):
    with translation.override(language):
        names = dict(QueueFilters({}, reader=language).fields["country"].choices)
    assert names["PE"] == {"fr": "Pérou", "nl": "Peru", "de": "Peru", "en": "Peru"}[language]
    assert len(names) > 240


@pytest.mark.django_db
@pytest.mark.parametrize("shape", [QueueFilters, HistoryFilters])
def test_no_filter_is_valid_and_unknown_values_are_not(shape):
    assert shape({}, reader="fr").is_valid()
    assert not shape({"country": "XX"}, reader="fr").is_valid()
    assert shape({"country": "-"}, reader="fr").is_valid()
    assert shape({"unknown": "x"}, reader="fr").is_valid()
