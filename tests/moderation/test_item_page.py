"""One item in the admin: what it shows, what a POST does, what comes back when it is refused, undo, history, log."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services import submit_profile
from accounts.sessions import new_session
from crisis.services import approve_notice, save_notice, submit_notice
from forum.models import ForumTag
from forum.services import edit_post, withdraw_post
from moderation.enums import Ground
from moderation.models import Decision, ReviewItem
from moderation.services import decide
from tests.factories import UserFactory, make_post, text
from tests.moderation.conftest import english, item_of, reply_item, row_counts, state_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"
GROUND = {"ground": "danger", "facts": "De brug is weg."}
PHONE = "Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij in de bus."


def path_of(item):
    return f"{QUEUE}{item.public_id}/"


def page_of(client, item, **extra):
    response = client.get(path_of(item), extra)
    assert response.status_code == 200
    return response.content.decode()


def send(client, item, action, **fields):
    return client.post(path_of(item), {"action": action, "revision": item.revision, **fields})


def refused(client, item, action, status, **fields):
    """Post a decision that must be refused; return the page, after asserting that nothing was written."""
    before, counts = state_of(item), row_counts()
    response = send(client, item, action, **fields)
    assert response.status_code == status
    assert (state_of(item), row_counts()) == (before, counts)
    return response.content.decode()


def buttons(page):
    """Return the values of the decision buttons, in order."""
    return re.findall(r'<button form="queue-decide" name="action" value="(\w+)"', page)


# -- what it shows -------------------------------------------------------------------------------------------------------


def test_text_is_shown_as_written_with_its_language_and_marks(desk, waiting):
    item = waiting(title="Bel <b>nu</b>", body=PHONE)
    page = page_of(desk[1], item)
    assert '<div class="queue-text" lang="nl" dir="ltr">' in page
    assert '<mark title="Phone number">+51 984 555 318<span class="w-sr-only"> [Phone number]</span></mark>' in page
    assert "Bel &lt;b&gt;nu&lt;/b&gt;" in page
    assert "<b>nu</b>" not in page


def test_right_to_left_text_says_so(desk, waiting, staff, signed_in):
    item = waiting(language="ar", title="من بونو إلى أريكيبا", body="غادرنا بالحافلة في الساعة الخامسة والنصف.")
    assert '<div class="queue-text" lang="ar" dir="rtl">' in page_of(desk[1], item)


def test_script_of_an_author_does_not_run_in_the_admin(desk, waiting):
    item = waiting(title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)> [x](javascript:alert(1))", place="<svg/onload=1>")
    page = page_of(desk[1], item).split("<main", 1)[1]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<img|<svg/onload|href=\"javascript", page.replace('<svg class="icon', ""))


def test_particulars_are_those_of_the_version(desk, waiting):
    ForumTag.objects.create(slug="bus", name="bus", name_fr="bus", name_nl="bus", name_de="Bus", name_en="coach")
    item = waiting(countries=["PE", "BO"], needs=["transport", "borders"], place="Cusco", tags=["bus"])
    page = page_of(desk[1], item)
    assert "<dd>Peru, Bolivia</dd>" in page
    assert re.search(r"<dd>Local transport, fuel, Routes and borders</dd>", page)
    assert "<dd>Cusco</dd>" in page
    assert "<dd>bus</dd>" in page


def test_edit_is_shown_as_a_difference_to_the_live_text(desk, published):
    item = published(body="De bus vertrekt om zes uur aan de terminal.")
    edit_post(
        actor=item.author, post=item.post, text=text(body="De bus vertrekt om acht uur aan de terminal.", needs=["transport"]), version_number=1
    )
    page = page_of(desk[1], item_of(item.post))
    assert '<del><span class="w-sr-only">[taken out] </span>zes</del>' in page
    assert '<ins><span class="w-sr-only">[added] </span>acht</ins>' in page
    assert "<del>Routes and borders</del> <ins>Local transport, fuel</ins>" in page
    assert buttons(page)[:3] == ["approve_edit", "return_edit", "reject_edit"]


def test_author_panel_shows_the_record_without_an_address(desk, published):
    author = UserFactory(named=True, is_minor=True)
    published(author=author)
    item = item_of(make_post(author=author))
    page = page_of(desk[1], item)
    assert author.pseudonym in page
    assert "1 public, 0 refused, 2 sent in all" in page
    assert "<strong>minor</strong>" in page
    assert author.email not in page


def notice(staff, country):
    texts = {"fr": {"title": f"Frontière fermée {country}", "known": "Fermée."}, "nl": {"title": f"Grens dicht {country}", "known": "Dicht."}}
    made = submit_notice(
        actor=(writer := staff("crisis_editor")),
        notice=save_notice(actor=writer, texts=texts, signed_as="SPF Affaires étrangères", country=country),
    )
    return approve_notice(actor=staff("spokesperson"), notice=made, revision=made.revision)


def test_official_word_of_that_country_stands_beside(desk, staff, waiting):
    notice(staff, "PE")
    notice(staff, "BO")
    page = page_of(desk[1], waiting(countries=["PE"]))
    assert "Frontière fermée PE" in page
    assert "Frontière fermée BO" not in page
    assert "queue-official" in page
    assert "No official notice" in page_of(desk[1], waiting(countries=["CL"]))


def test_reply_and_profile_have_their_page(desk, published):
    topic = published(title="Bus naar Puno").post.topic
    page = page_of(desk[1], reply_item(topic=topic))
    assert "Reply to “Bus naar Puno”" in page
    submit_profile(actor=UserFactory(language="nl"), pseudonym="Lieve <i>", about="Ik woon in Lima.")
    page = page_of(desk[1], ReviewItem.objects.get(subject="profile"))
    assert "Lieve &lt;i&gt;" in page
    assert "Ik woon in Lima." in page
    assert buttons(page) == ["approve", "request_changes", "reject", "escalate", "note"]


def test_buttons_are_the_available_actions_and_approve_is_the_main_one(desk, waiting):
    page = page_of(desk[1], waiting())
    assert buttons(page) == ["approve", "request_changes", "reject", "spam", "merge", "escalate", "note"]
    assert re.search(r'value="approve" data-queue-key="a" class="queue-button queue-main"', page)


def test_with_a_mark_approve_is_not_the_main_button_and_each_mark_is_asked(desk, waiting):
    page = page_of(desk[1], waiting(body=PHONE))
    assert "queue-main" not in page
    assert page.count("data-queue-mark") == 1


def test_grounds_have_their_keys_and_the_sentence_in_the_authors_language(desk, waiting):
    page = page_of(desk[1], waiting(author=UserFactory(language="nl")))
    digits = re.findall(r'data-queue-digit="(\d?)" data-queue-facts="([^"]+)"', page)
    assert [digit for digit, _facts in digits] == [*"123456789", "", "", ""]
    assert len(digits) == len(Ground)
    assert '<textarea id="facts" name="facts" rows="4" maxlength="5000" lang="nl"' in page


def test_own_text_has_no_form(staff, signed_in, waiting):
    user = english(staff("moderator"))
    item = waiting(author=user)
    client = signed_in(user)
    page = page_of(client, item)
    assert buttons(page) == []
    assert "queue-decide" not in page
    assert "your own text" in page
    refused(client, item, "approve", 403)


def test_old_item_points_at_the_newer_text(desk, published):
    item = published()
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    page = page_of(desk[1], ReviewItem.objects.get(pk=item.pk))
    assert buttons(page) == ["note"]
    assert "newer text" in page


def test_enter_in_a_field_presses_no_decision(desk, waiting):
    page = page_of(desk[1], waiting())
    form = page.split('id="queue-decide"', 1)[1].split("</form>", 1)[0]
    assert re.search(r'^[^<]*>\s*<button type="submit" disabled hidden></button>', form)


# -- decisions -------------------------------------------------------------------------------------------------------------


def test_approve_goes_on_to_the_next_with_an_offer_to_undo(desk, waiting):
    user, client = desk
    item, following = waiting(title="Eerste"), waiting(title="Tweede")
    response = send(client, item, "approve")
    decision = Decision.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{path_of(following)}?undo={decision.public_id}")
    assert (decision.actor_ref, item_of(item.post).post.status) == (user.audit_ref, "published")
    page = client.get(response["Location"]).content.decode()
    assert "Done: Approve, “Eerste”" in page
    assert re.search(r"Undo \((29|30) s\)", page)


def test_last_decision_leads_to_the_list_with_the_offer(desk, waiting):
    response = send(desk[1], waiting(title="Enige"), "approve")
    assert response["Location"].startswith(f"{QUEUE}?undo=")
    assert "“Enige”" in desk[1].get(response["Location"]).content.decode()


def test_offer_undoes_and_leads_back(desk, waiting):
    _user, client = desk
    item = waiting()
    page = client.get(send(client, item, "approve")["Location"]).content.decode()
    form = page.split('class="queue-undo"', 1)[1].split("</form>", 1)[0]
    action, revision = re.search(r'action="([^"]+)"', form).group(1), re.search(r'name="revision" value="(\d+)"', form).group(1)
    response = client.post(action, {"action": "undo", "revision": revision})
    assert response["Location"].startswith(path_of(item))
    assert item_of(item.post).post.status == "pending"


@pytest.mark.parametrize("whose", ["other", "late", "unknown", "taken back"])
def test_no_offer_for_what_cannot_be_undone(whose, desk, staff, waiting, settings):
    user, client = desk
    settings.UNDO_SECONDS = 0 if whose == "late" else 30
    item = waiting()
    decision = decide(item.pk, "approve", actor=staff("moderator") if whose == "other" else user, revision=1)
    if whose == "taken back":
        decide(item.pk, "undo", actor=user, revision=2)
    reference = "AAAAAAAAAA" if whose == "unknown" else decision.public_id
    assert "queue-undo" not in client.get(QUEUE, {"undo": reference}).content.decode()


@pytest.mark.parametrize("action", ["request_changes", "reject", "spam"])
def test_decisions_against_the_author_carry_their_words(action, desk, waiting):
    item = waiting()
    send(desk[1], item, action, **GROUND, note="Dank u.", internal_note="Zie Lima.")
    words = Decision.objects.select_related("text").get()
    assert (words.action, words.ground, words.text.facts, words.text.note, words.text.internal_note) == (
        action,
        "danger",
        "De brug is weg.",
        "Dank u.",
        "Zie Lima.",
    )


def test_note_stays_on_the_item(desk, waiting):
    item = waiting()
    response = send(desk[1], item, "note", internal_note="Gebeld.")
    assert response["Location"].startswith(path_of(item))
    assert item_of(item.post).state == "open"
    assert "Gebeld." in page_of(desk[1], item)


@pytest.mark.parametrize("typed", ["{id}", "{lower}", "/nl/onderwerpen/{id}-met-de-bus/", "https://example.org/t/{id}", " {id} "])
def test_merge_takes_an_id_or_a_pasted_address(typed, desk, waiting):
    item, target = waiting(), make_post(status="published").topic
    merge_into = typed.format(id=target.public_id, lower=target.public_id.lower())
    response = send(desk[1], item, "merge", merge_into=merge_into, ground="duplicate", facts="Zie daar.")
    assert (response.status_code, item_of(item.post).post.merged_into_id) == (302, target.pk)


@pytest.mark.parametrize("typed", ["", "nergens", "ZZZZZZ", "/nl/onderwerpen/", "x" * 299])
def test_merge_without_a_topic_comes_back_with_what_was_typed(typed, desk, waiting):
    page = refused(desk[1], waiting(), "merge", 400, merge_into=typed, ground="duplicate", facts="Zie daar, <b>zelfde</b> tekst.")
    assert "Zie daar, &lt;b&gt;zelfde&lt;/b&gt; tekst." in page
    assert 'id="merge-error"' in page


# -- refusals --------------------------------------------------------------------------------------------------------------


def test_missing_ground_is_400_with_fields_kept(desk, waiting):
    page = refused(desk[1], waiting(), "reject", 400, facts="De brug is weg.", note="Dank u.")
    assert 'id="ground-error"' in page
    assert ">De brug is weg.</textarea>" in page
    assert ">Dank u.</textarea>" in page


def test_missing_facts_are_400_and_begin_with_the_sentence_of_the_ground(desk, waiting):
    item = waiting(author=UserFactory(language="en"))
    page = refused(desk[1], item, "reject", 400, ground="danger")
    assert 'id="facts-error"' in page
    assert ">Whoever follows your text may come to harm, because: </textarea>" in page
    assert re.search(r'name="ground" value="danger"[^>]*checked', page)


def test_unanswered_mark_is_400_and_names_it(desk, waiting):
    item = waiting(body=PHONE)
    page = refused(desk[1], item, "approve", 400)
    assert 'id="answered-error"' in page
    assert send(desk[1], item, "approve", answered=["personal_data"]).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "publish"}, {"action": ""}, {"action": "import"}, {"revision": "x"}, {"revision": ""}, {"revision": "-1"}, {"ground": "because"},
        {"answered": ["everything"]}, {"facts": "x" * 5001}, {"note": "x" * 2001}, {"merge_into": "x" * 301}, {"version": "one"},
    ],
)  # fmt: skip
def test_forged_or_broken_fields_are_400_or_403_and_write_nothing(fields, desk, waiting):
    item = waiting()
    before, counts = state_of(item), row_counts()
    response = desk[1].post(path_of(item), {"action": "approve", "revision": 1} | fields)
    assert response.status_code in ({403} if fields.get("action") == "import" else {400})
    assert (state_of(item), row_counts()) == (before, counts)


def test_forged_status_or_role_in_the_post_changes_nothing(desk, waiting):
    item = waiting()
    response = desk[1].post(path_of(item), {"action": "escalate", "revision": 1, "status": "published", "state": "decided", "role": "supervisor"})
    assert response.status_code == 302
    assert (item_of(item.post).post.status, item_of(item.post).state) == ("pending", "open")


@pytest.mark.parametrize("action", ["restore", "archive", "hide", "approve_edit", "lift_danger", "undo"])
def test_action_that_is_not_available_is_403(action, desk, waiting):
    page = refused(desk[1], waiting(), action, 403, **GROUND)
    assert 'role="alert"' in page


def test_csrf_token_is_asked_for(staff, waiting):
    item, client = waiting(), Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = new_session(staff("moderator")).session_key
    response = client.post(path_of(item), {"action": "approve", "revision": 1})
    assert response.status_code == 403
    assert item_of(item.post).post.status == "pending"


# -- conflict --------------------------------------------------------------------------------------------------------------


def test_conflict_with_a_colleague_is_409_names_them_and_gives_back_the_words(desk, staff, waiting):
    item = waiting()
    colleague = staff("moderator", pseudonym="A. Maes", pseudonym_key="amaes")
    decide(item.pk, "note", actor=colleague, revision=1, internal_note="Gebeld.")
    page = refused(desk[1], item, "reject", 409, ground="danger", facts="Mijn lange motivering.", note="Groet.", internal_note="Eigen nota.")
    assert "Nothing was stored" in page
    assert "A. Maes" in page
    for words in ("Mijn lange motivering.", "Groet.", "Eigen nota."):
        assert f">{words}</textarea>" in page
    assert re.search(r'name="ground" value="danger"[^>]*checked', page)
    assert 'name="revision" value="2"' in page
    assert 'role="alert"' in page


def test_conflict_with_the_author_shows_the_difference(desk, waiting):
    item = waiting(body="De bus vertrekt om zes uur aan de terminal.")
    edit_post(actor=item.author, post=item.post, text=text(body="De bus vertrekt om acht uur aan de terminal."), version_number=1)
    page = refused(desk[1], item, "approve", 409, version=1)
    conflict = page.split('id="queue-conflict"', 1)[1].split("</section>", 1)[0]
    assert "The author wrote a newer text" in conflict
    assert re.search(r"<del>.*zes</del>", conflict)
    assert re.search(r"<ins>.*acht</ins>", conflict)
    assert re.search(r'name="revision" value="2"', page)


def test_after_a_conflict_the_given_back_form_can_be_sent(desk, waiting):
    item = waiting()
    edit_post(actor=item.author, post=item.post, text=text(body="Een andere tekst over dezelfde bus."), version_number=1)
    refused(desk[1], item, "approve", 409, version=1)
    assert send(desk[1], item_of(item.post), "approve").status_code == 302
    assert item_of(item.post).post.live_version.number == 2


def test_conflict_after_the_colleague_decided_offers_what_is_possible_now(desk, staff, waiting):
    item = waiting()
    decide(item.pk, "approve", actor=staff("moderator"), revision=1)
    page = refused(desk[1], item, "reject", 409, **GROUND)
    assert "reject" not in buttons(page)
    assert {"hide", "note"} <= set(buttons(page))


def test_conflict_after_the_author_withdrew(desk, waiting):
    item = waiting()
    withdraw_post(actor=item.author, post=item.post)
    page = refused(desk[1], item, "approve", 409)
    assert "Withdrawn by its author" in page
    assert buttons(page) == ["note"]


# -- queries -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "words", "number"), [("approve", {}, 20), ("reject", GROUND, 15), ("escalate", {}, 11), ("note", {"internal_note": "Gebeld."}, 10)]
)
def test_request_that_decides_has_a_fixed_number_of_queries(action, words, number, desk, waiting, settings):
    settings.GENERATION_SECONDS = 3600
    _user, client = desk
    for _round in range(2):
        send(client, waiting(), action, **words)
    item = waiting()
    with CaptureQueriesContext(connection) as captured:
        assert send(client, item, action, **words).status_code == 302
    sql = [q["sql"][:120] for q in captured.captured_queries if q["sql"].lstrip("(").startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    # Sign-in (5: session, user, grants, Wagtail's profile, item), the decision (at most 15), where to go on.
    assert len(sql) == number, "\n".join(sql)
