"""What every page of the queue has around its content: rights, breadcrumbs, the offer to undo, the menu, the four languages, its form."""

import itertools
import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.models import RoleGrant
from forum.services import edit_post
from moderation.models import ReviewItem
from moderation.permissions import reviewable_by
from moderation.queue import WAITING, desk_head, figures, page_of, upcoming, waiting_count
from moderation.services import decide
from moderation.views.access import frame, reader_language, reviewers_only, undo_offer
from moderation.wagtail_hooks import QueueMenuItem, register_menu_item
from tests.factories import UserFactory, text
from tests.moderation.conftest import item_of

pytestmark = pytest.mark.django_db

GROUND = {"ground": "danger", "facts": "De brug is weg."}
PHONE = "Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij in de bus."


# -- furniture -------------------------------------------------------------------------------------------------------------


def test_frame_leads_back_to_the_queue():
    made = frame("Titel", ("/x/", "ABC"))
    assert made["page_title"] == "Titel"
    assert [crumb["url"] for crumb in made["crumbs"]] == ["/admin/", "/admin/moderation/", "/x/"]
    assert [str(crumb["label"]) for crumb in made["crumbs"]] == ["Home", "To review", "ABC"]


@pytest.mark.parametrize(("active", "expected"), [("fr", "fr"), ("nl", "nl"), ("de", "de"), ("en", "en"), ("en-gb", "en")])
def test_reader_language_has_two_letters(active, expected):
    with translation.override(active):
        assert reader_language() == expected


@pytest.mark.parametrize(("role", "status"), [("moderator", 200), ("supervisor", 200), ("analyst", 403), ("administrator", 403), ("resident", 403)])
def test_reviewers_only(role, status, staff):
    request = RequestFactory().get("/admin/moderation/")
    request.user = staff(role)
    called = []

    def view(request):
        called.append(request)
        return HttpResponse()

    if status == 200:
        assert reviewers_only(view)(request).status_code == 200
        assert len(called) == 1
    else:
        guarded = reviewers_only(view)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("moderation.views.access.render", lambda *a, status, **k: HttpResponse(status=status))
            assert guarded(request).status_code == 403
        assert called == []


# -- the offer to undo -----------------------------------------------------------------------------------------------------


def test_offer_names_decision_title_and_seconds(staff, waiting):
    actor = staff("moderator")
    decision = decide(waiting(title="Met de bus").pk, "approve", actor=actor, revision=1)
    offer = undo_offer(actor, decision.public_id)
    assert (str(offer["label"]), offer["title"], offer["decision"].pk) == ("Approve", "Met de bus", decision.pk)
    assert 29 <= offer["seconds"] <= 31
    assert offer["decision"].item.revision == 2


@pytest.mark.parametrize("action", ["note", "escalate"])
def test_remarks_are_not_offered_to_undo(action, staff, waiting):
    actor = staff("moderator")
    decision = decide(waiting().pk, action, actor=actor, revision=1)
    offer = undo_offer(actor, decision.public_id)
    # It is said that it was done; there is nothing to take back.
    assert (offer["decision"], offer["seconds"]) == (decision, 0)


def test_an_undo_is_said_and_not_offered_to_undo(staff, waiting):
    actor, item = staff("moderator"), waiting()
    first = decide(item.pk, "approve", actor=actor, revision=1)
    undone = decide(item.pk, "undo", actor=actor, revision=2)
    assert undo_offer(actor, first.public_id) is None
    assert undo_offer(actor, undone.public_id)["seconds"] == 0


@pytest.mark.parametrize("reference", ["", "AAAAAAAAAA", "'; --", "x" * 300])
def test_no_offer_for_what_is_no_decision(reference, staff):
    assert undo_offer(staff("moderator"), reference) is None


def test_offer_is_for_its_own_author_alone(staff, waiting):
    decision = decide(waiting().pk, "approve", actor=staff("moderator"), revision=1)
    assert undo_offer(staff("supervisor"), decision.public_id) is None


def test_offer_costs_one_query(staff, waiting, django_assert_num_queries):
    actor = staff("moderator")
    decision = decide(waiting().pk, "approve", actor=actor, revision=1)
    with django_assert_num_queries(1):
        undo_offer(actor, decision.public_id)


# -- the menu ----------------------------------------------------------------------------------------------------------------


def menu_request(user, **marks):
    request = RequestFactory().get("/admin/")
    request.user = user
    for name, value in marks.items():
        setattr(request, name, value)
    return request


def test_menu_item_is_for_reviewers(staff):
    item = register_menu_item()
    assert isinstance(item, QueueMenuItem)
    assert item.is_shown(menu_request(staff("embassy", country="PE")))
    assert not item.is_shown(menu_request(staff("analyst")))


def test_menu_item_counts_once_and_not_at_all_where_the_page_counted(staff, waiting, django_assert_num_queries):
    waiting()
    user, item = staff("moderator"), register_menu_item()
    assert item.is_shown(menu_request(user))
    with django_assert_num_queries(1):
        assert item.render_component(menu_request(user)).label == "To review (1)"
    with django_assert_num_queries(0):
        assert item.render_component(menu_request(user, **{WAITING: 42})).label == "To review (42)"


@pytest.mark.parametrize(("count", "label"), [(0, "To review"), (1, "To review (1)"), (99, "To review (99)"), (100, "To review (99+)")])
def test_menu_label(count, label, staff):
    assert register_menu_item().render_component(menu_request(staff("moderator"), **{WAITING: count})).label == label


# -- desks: every figure is about the same items ------------------------------------------------------------------------------


SCOPES = [
    [(None, "")],
    [("PE", "")],
    [(None, "nl")],
    [("PE", "nl")],
    [("PE", "nl"), ("BO", "fr")],
    [("PE", ""), (None, "de")],
    [("CL", "en")],
]


@pytest.mark.parametrize("scopes", SCOPES)
def test_list_figures_menu_and_next_agree_for_every_desk(scopes, waiting):
    user = UserFactory()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role="moderator", country_id=c, language=lang, reason="x") for c, lang in scopes)
    for country in ("PE", "BO", None):
        for language in ("nl", "fr", "de", "es"):
            item = waiting(language=language)
            ReviewItem.objects.filter(pk=item.pk).update(country=country)
    mine = list(reviewable_by(user).waiting().in_order())
    listed, _more = page_of(user, {})
    assert listed == mine
    assert desk_head(user) == mine
    assert waiting_count(user) == figures(user, timezone.now()).waiting == len(mine)
    if mine:
        assert upcoming(user, mine[-1]) == mine[:-1][:3]
        assert [item.pk for item in upcoming(user, mine[0])] == [item.pk for item in mine[1:4]]


def test_late_items_are_counted_by_their_own_target(staff, waiting):
    now = timezone.now()
    for minutes in (-5, -1, 1, 60):
        item = waiting()
        ReviewItem.objects.filter(pk=item.pk).update(target_at=now + timedelta(minutes=minutes))
    assert figures(staff("moderator"), now).late == 2


# -- languages -----------------------------------------------------------------------------------------------------------------


ENGLISH = [
    "To review",
    "History",
    "Text as written",
    "The author",
    "Decided before",
    "Ground, to send back",
    "Note for colleagues",
    "Take the next",
    "waits ",
]


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_pages_speak_the_language_of_the_reader(language, staff, signed_in, published, waiting):
    item = published(title="Bus", body=PHONE)
    edit_post(actor=item.author, post=item.post, text=text(title="Bus 2"), version_number=1)
    waiting(title="Nog een", body=PHONE)
    client = signed_in(staff("moderator", language="", country=None))
    client.cookies["language"] = language
    for path in ("", "history/", f"{item_of(item.post).public_id}/", f"{item_of(item.post).public_id}/log/"):
        page = client.get(f"/admin/moderation/{path}").content.decode()
        main = page.split("<main", 1)[1]
        assert [words for words in ENGLISH if words in main] == [], path


# -- the form, as a screen reader meets it ---------------------------------------------------------------------------------------


@pytest.fixture
def page(desk, waiting):
    """Return the item page of a text with a mark."""
    return desk[1].get(f"/admin/moderation/{waiting(body=PHONE).public_id}/").content.decode().split("<main", 1)[1]


def test_every_field_has_its_label(page):
    form = page.split('id="queue-decide"', 1)[1].split("</form>", 1)[0]
    ids = set(re.findall(r'<(?:textarea|input|select)[^>]*\sid="([^"]+)"', form))
    assert ids == {"facts", "note", "internal_note", "merge_into"}
    assert ids <= set(re.findall(r'<label for="([^"]+)"', form))
    bare = re.findall(r'<input type="(?:radio|checkbox)"', form)
    assert len(bare) == len(re.findall(r'<label><input type="(?:radio|checkbox)"', form)) == 13


def test_groups_have_a_legend(page):
    form = page.split('id="queue-decide"', 1)[1].split("</form>", 1)[0]
    assert form.count("<fieldset") == form.count("<legend>") == 2


def test_one_first_heading_and_none_skipped(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])", page.split('class="queue ', 1)[1])]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_ids_are_unique(page):
    ids = re.findall(r'\sid="([^"]+)"', page.split('class="queue ', 1)[1])
    assert sorted(set(ids)) == sorted(ids)


def test_what_is_described_exists(desk, waiting):
    item = waiting(body=PHONE)
    sent = {"action": "reject", "revision": 1, "merge_into": "nergens heen"}
    page = desk[1].post(f"/admin/moderation/{item.public_id}/", sent).content.decode()
    described = re.findall(r'aria-describedby="([^"]+)"', page.split('class="queue ', 1)[1])
    assert described
    assert all(f'id="{name}"' in page for name in described)


def test_hidden_fields_say_what_was_read(page):
    form = page.split('id="queue-decide"', 1)[1].split("</form>", 1)[0]
    assert re.search(r'name="revision" value="1"', form)
    assert re.search(r'name="version" value="1"', form)
    assert "csrfmiddlewaretoken" in form


def test_every_key_of_a_button_is_shown_on_it(page):
    for key, label in re.findall(r'data-queue-key="(\w)"[^>]*>(.*?)</button>', page, re.DOTALL):
        assert f"<kbd>{key.upper()}</kbd>" in label


def test_keys_are_listed_in_the_help(page):
    listed = set(re.findall(r"<kbd>(\S)</kbd>", page.split('id="queue-keys"', 1)[1].split("</dialog>", 1)[0]))
    assert {"a", "c", "r", "s", "g", "m", "n", "u", "j", "k", "o", "?"} <= listed
