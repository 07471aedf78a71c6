"""What goes wrong at a real desk: pressed twice, half a reason, a reason that everybody will read, words of every kind, somebody else's realm."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.enums import Language, Realm
from accounts.models import RoleGrant, User
from forum.services.publication import GONE_REASON_MAX
from moderation.charter import TEXTS, without_opening
from moderation.enums import Ground
from moderation.models import Decision, ReviewItem
from moderation.queue import facts_of
from moderation.services import ReasonMissing, ReviewConflict, decide
from notifications.models import Intent
from notifications.services.delivering import deliver_intent
from tests.factories import UserFactory, make_post
from tests.moderation.conftest import english, item_of, row_counts, state_of

pytestmark = pytest.mark.django_db

GROUND = {"ground": "danger", "facts": "De brug is weg."}
RLO, HEBREW, HTML = "\u202e", "הגשר נהרס", "<script>alert(1)</script><b>weg</b> & 'weg' \"weg\""


def send(client, item, action, revision=None, **words):
    fields = {"action": action, "revision": item.revision if revision is None else revision} | words
    return client.post(f"/admin/moderation/{item.public_id}/", fields)


def page_of(response):
    return response.content.decode()


def opening(ground, language):
    with translation.override(language):
        return str(TEXTS[ground].facts)


# -- the reason ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("ground", Ground.values)
def test_the_beginning_that_the_page_offers_is_no_reason(ground, language, staff, waiting):
    item, begun = waiting(), opening(ground, language)
    before = state_of(item), row_counts()
    for facts in (begun, begun.strip(), f"\n{begun}\n\n", begun.replace(" ", "\u00a0")):
        with pytest.raises(ReasonMissing):
            decide(item.pk, "reject", actor=staff("moderator"), revision=1, ground=ground, facts=facts)
    assert (state_of(item), row_counts()) == before
    assert without_opening(f"{begun}de brug is weg.") == "De brug is weg."


@pytest.mark.parametrize("facts", ["De brug is weg.", "because", "Whoever follows", "  x  "])
def test_facts_without_that_beginning_stay_as_they_are(facts):
    assert without_opening(facts) == facts.strip()


def test_the_page_gives_the_beginning_back_until_something_follows(desk, waiting):
    item = waiting(author=UserFactory(language="nl"))
    first = send(desk[1], item, "reject", ground="danger")
    assert first.status_code == 400
    offered = re.search(r'<textarea id="facts"[^>]*>(.*?)</textarea>', page_of(first), re.DOTALL).group(1)
    assert offered == opening(Ground.DANGER, "nl")
    assert send(desk[1], item, "reject", ground="danger", facts=offered).status_code == 400
    assert not Decision.objects.exists()
    assert send(desk[1], item, "reject", ground="danger", facts=f"{offered}de brug is weg.").status_code == 302


def test_readers_of_a_tombstone_are_not_spoken_to_as_its_author(desk, published):
    item = published()
    begun = opening(Ground.DANGER, "fr")
    assert send(desk[1], item, "mark_dangerous", ground="danger", facts=f"{begun}le pont est parti.").status_code == 302
    item.post.topic.refresh_from_db()
    assert item.post.topic.gone_reason == "Le pont est parti."
    assert Decision.objects.get(action="mark_dangerous").text.facts.startswith(begun.strip())


@pytest.mark.parametrize(("length", "status"), [(GONE_REASON_MAX, 302), (GONE_REASON_MAX + 1, 400)])
def test_the_reason_of_a_danger_mark_is_never_cut(desk, published, length, status):
    item = published()
    response = send(desk[1], item, "mark_dangerous", ground="danger", facts=opening(Ground.DANGER, "fr") + "X" * length)
    assert response.status_code == status
    item.post.topic.refresh_from_db()
    assert item.post.topic.gone_reason == ("X" * length if status == 302 else "")
    assert ("At most 300 characters" in page_of(response)) is (status == 400)


def test_who_can_mark_as_dangerous_is_told_who_reads_the_words(desk, published, waiting):
    assert "gives way to these words" in page_of(desk[1].get(f"/admin/moderation/{published().public_id}/"))
    assert "gives way to these words" not in page_of(desk[1].get(f"/admin/moderation/{waiting().public_id}/"))


# -- words of every kind -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "longest"),
    [("facts", 5000), ("note", 2000), ("internal_note", 2000)],
)
def test_texts_at_their_limits(field, longest, desk, waiting):
    item = waiting()
    # A browser counts a line break as one character and sends two.
    lines = ("y" * 9 + "\r\n") * (longest // 10)
    fits = GROUND | {field: lines[:-2] + "z"}
    too_long = GROUND | {field: lines + "zz"}
    refused = send(desk[1], item, "reject", **too_long)
    assert refused.status_code == 400
    assert page_of(refused).count('aria-invalid="true"') == 1
    assert not Decision.objects.exists()
    assert send(desk[1], item, "reject", **fits).status_code == 302
    stored = getattr(Decision.objects.get().text, field)
    assert (len(stored), "\r" in stored) == (longest, False)


@pytest.mark.parametrize("words", [HTML, HEBREW, f"mixed {HEBREW} 12:30 a.m."])
def test_words_reach_the_log_the_author_and_the_mail_as_words(words, desk, waiting, signed_in, mailoutbox):
    author = UserFactory(language="en")
    item = waiting(author=author)
    send(desk[1], item, "reject", ground="danger", facts=words, note=words, internal_note="Only us: " + words)
    deliver_intent(Intent.objects.get().pk, now=timezone.now() + timedelta(minutes=1))
    from_log = page_of(desk[1].get(f"/admin/moderation/{item.public_id}/log/"))
    own = page_of(signed_in(author).get(f"/en/account/posts/{item.post.public_id}/"))
    for page in (from_log, own):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page or words != HTML
        assert words != HEBREW or HEBREW in page
    assert "Only us" in from_log
    assert "Only us" not in own
    (mail,) = mailoutbox
    assert words in str(mail.body)
    assert "Only us" not in str(mail.body)


def test_a_reversed_reason_is_refused_and_comes_back(desk, waiting):
    response = send(desk[1], waiting(), "reject", ground="danger", facts=f"De brug {RLO}gew si")
    assert response.status_code == 400
    assert not Decision.objects.exists()


def test_titles_have_a_direction_of_their_own(desk, waiting):
    item = waiting(title=HEBREW, language="nl")
    for page in (desk[1].get("/admin/moderation/"), desk[1].get(f"/admin/moderation/{item.public_id}/")):
        assert 'dir="auto"' in page_of(page)


def test_the_language_of_the_facts_is_named(desk, waiting):
    page = page_of(desk[1].get(f"/admin/moderation/{waiting(author=UserFactory(language='de')).public_id}/"))
    assert "(Deutsch)" in page
    assert "(de)" not in page


# -- pressed twice, at the same time, too late -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("approve", {}),
        ("reject", GROUND),
        ("request_changes", GROUND | {"note": "Dank u."}),
        ("note", {"internal_note": "Gebeld."}),
        ("escalate", {}),
    ],
)
def test_a_button_that_was_pressed_twice_decides_once(action, words, desk, waiting):
    item = waiting()
    first, second = (send(desk[1], item, action, revision=1, **words) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Decision.objects.count() == 1
    assert first.url.split("?")[1] == second.url.split("?")[1]


@pytest.mark.parametrize("other", [{"note": "Iets anders."}, {"facts": "Iets anders."}, {"ground": "scam"}, {"action": "spam"}])
def test_other_words_are_no_second_press(other, desk, waiting):
    item = waiting()
    fields = {"action": "reject"} | GROUND
    assert send(desk[1], item, revision=1, **fields).status_code == 302
    assert send(desk[1], item, revision=1, **(fields | other)).status_code == 409
    assert Decision.objects.count() == 1


def test_somebody_else_with_the_same_words_is_told(desk, waiting, staff, signed_in):
    item = waiting()
    assert send(signed_in(staff("moderator")), item, "reject", revision=1, **GROUND).status_code == 302
    response = send(desk[1], item, "reject", revision=1, **GROUND)
    assert response.status_code == 409
    assert "Something changed while you were reading" in page_of(response)
    assert Decision.objects.count() == 1


def test_what_was_taken_back_is_no_second_press(desk, waiting):
    item = waiting()
    send(desk[1], item, "approve", revision=1)
    send(desk[1], item, "undo", revision=2)
    assert send(desk[1], item, "approve", revision=1).status_code == 409
    assert item_of(item.post).post.status == "pending"


@pytest.mark.parametrize("revision", [0, 2, 2**31 - 1])
def test_a_revision_that_is_not_the_present_one_decides_nothing(revision, desk, waiting):
    item = waiting()
    assert send(desk[1], item, "approve", revision=revision).status_code == 409
    assert not Decision.objects.exists()


@pytest.mark.parametrize("words", [{}, {"internal_note": ""}, {"internal_note": "  \n "}, {"note": "Dank u."}])
def test_an_empty_note_is_no_note(words, desk, waiting):
    response = send(desk[1], waiting(), "note", **words)
    assert response.status_code == 400
    assert "Write the note first." in page_of(response)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("action", "words", "said"), [("note", {"internal_note": "Gebeld."}, "Done: Note"), ("escalate", {}, "Done: Escalate")])
def test_what_has_no_undo_is_said_all_the_same(action, words, said, desk, waiting):
    item = waiting()
    page = page_of(desk[1].get(send(desk[1], item, action, **words).url))
    assert said in page
    assert "Undo (" not in page


# -- rights that end, realms ---------------------------------------------------------------------------------------------------


def test_a_grant_that_runs_out_between_reading_and_deciding(desk, waiting):
    user, client = desk
    item = waiting()
    assert client.get(f"/admin/moderation/{item.public_id}/").status_code == 200
    RoleGrant.objects.filter(user=user).update(valid_until=timezone.now())
    assert send(client, item, "approve").status_code in {302, 403}
    assert not Decision.objects.exists()
    assert item_of(item.post).post.status == "pending"


def test_without_the_second_factor_nobody_decides(staff, waiting, client):
    user, item = staff("moderator"), waiting()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = send(client, item, "approve")
    assert response.status_code == 302
    assert "/2fa/" in response.url
    assert not Decision.objects.exists()


@pytest.mark.parametrize("scope", [{"country": "BO"}, {"language": "fr"}, {"country": "PE", "language": "de"}])
def test_the_item_of_another_desk_does_not_exist(scope, staff, signed_in, waiting):
    item = waiting()
    client = signed_in(staff("moderator", **scope))
    assert client.get(f"/admin/moderation/{item.public_id}/").status_code == 404
    assert send(client, item, "approve").status_code == 404
    assert not Decision.objects.exists()


def test_what_is_practised_says_so(waiting, desk):
    item = waiting()
    assert "Practice" not in facts_of(item, "en")
    ReviewItem.objects.filter(pk=item.pk).update(realm=Realm.PRACTICE)
    assert "Practice" in facts_of(item_of(item.post), "en")
    send(desk[1], item, "reject", **GROUND)
    assert Decision.objects.get().realm == Realm.PRACTICE


def test_nothing_is_merged_from_one_realm_into_another(desk, waiting):
    item, target = waiting(), make_post(status="published", title="Ander onderwerp").topic
    target.realm = Realm.PRACTICE
    target.save(update_fields=["realm"])
    assert send(desk[1], item, "merge", ground="duplicate", facts="Zelfde.", merge_into=target.public_id).status_code == 400
    assert not Decision.objects.exists()


@pytest.mark.parametrize("second", ["approve", "reject", "request_changes", "hide", "undo"])
def test_the_second_of_two_moderators_overwrites_nothing(second, staff, waiting):
    item = waiting()
    decide(item.pk, "approve", actor=staff("moderator"), revision=1)
    before = state_of(item), row_counts()
    with pytest.raises(ReviewConflict):
        decide(item.pk, second, actor=staff("moderator"), revision=1, **GROUND)
    assert (state_of(item), row_counts()) == before


def test_the_english_helper_makes_english_rooms(staff):
    assert User.objects.get(pk=english(staff("moderator")).pk).language == "en"
