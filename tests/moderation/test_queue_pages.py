"""The queue in the admin: who may open it, what it lists, its filters, pages by key, figures, queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import submit_profile
from forum.services import edit_post
from moderation.enums import ItemState
from moderation.models import ReviewItem
from moderation.queue import CAP, PAGE, desk_head, figures, page_of, upcoming, waiting_count
from moderation.services import decide
from tests.factories import UserFactory, make_post, make_reply, text
from tests.moderation.conftest import english, item_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"
REVIEWING = ["moderator", "embassy", "duty_officer", "supervisor", "spokesperson"]
NOT_REVIEWING = ["crisis_editor", "analyst", "administrator"]


def titles(response):
    """Return the titles of the rows, in order."""
    found = re.findall(r"data-queue-row>([^<]*)</a>", response.content.decode())
    return [title.replace("&#x27;", "'").replace("&amp;", "&") for title in found]


def aged(item, **ago):
    """Make an item wait since some time ago."""
    moment = timezone.now() - timedelta(**ago)
    ReviewItem.objects.filter(pk=item.pk).update(opened_at=moment, target_at=moment + timedelta(hours=2))
    return item_of(item.post)


def test_address_is_that_of_the_contract():
    assert reverse("moderation:queue") == QUEUE
    assert reverse("moderation:item", args=["ABC"]) == "/admin/moderation/ABC/"


@pytest.mark.parametrize("role", REVIEWING)
def test_reviewers_open_the_queue(role, staff, signed_in, waiting):
    waiting(title="Bus naar Puno")
    response = signed_in(staff(role)).get(QUEUE)
    assert (response.status_code, titles(response)) == (200, ["Bus naar Puno"])
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("role", NOT_REVIEWING)
@pytest.mark.parametrize("name", ["queue", "history", "next", "item", "log", "of_post"])
def test_staff_without_review_right_get_403_and_no_title(name, role, staff, signed_in, waiting):
    item = waiting(title="Geheime titel")
    args = {"item": [item.public_id], "log": [item.public_id], "of_post": [item.post.public_id]}.get(name, [])
    response = signed_in(staff(role)).get(reverse(f"moderation:{name}", args=args))
    assert response.status_code == 403
    assert b"Geheime titel" not in response.content


def test_members_and_visitors_do_not_get_in(client, signed_in, waiting):
    item = waiting(title="Geheime titel")
    for path in (QUEUE, f"{QUEUE}{item.public_id}/", f"{QUEUE}history/"):
        assert client.get(path).status_code == 302
        response = signed_in(UserFactory()).get(path)
        assert response.status_code == 403
        assert b"Geheime titel" not in response.content


@pytest.mark.parametrize("name", ["item", "log", "of_post"])
def test_items_of_other_desks_do_not_exist(name, staff, signed_in, waiting):
    item = waiting(countries=["PE"])
    key = item.post.public_id if name == "of_post" else item.public_id
    path = reverse(f"moderation:{name}", args=[key])
    assert signed_in(staff("moderator", country="BO")).get(path).status_code == 404
    assert signed_in(staff("moderator", country="PE")).get(path, follow=True).status_code == 200
    assert signed_in(staff("moderator", country="PE", language="fr")).get(path).status_code == 404


def test_unknown_item_is_404(staff, signed_in):
    client = signed_in(staff("supervisor"))
    for path in ("AAAAAAAAAA/", "AAAAAAAAAA/log/", "post/AAAAAAAAAA/", "x/y/z/"):
        assert client.get(QUEUE + path).status_code == 404


def test_post_to_another_desk_is_404_and_writes_nothing(staff, signed_in, waiting):
    item = waiting(countries=["PE"])
    response = signed_in(staff("moderator", country="BO")).post(f"{QUEUE}{item.public_id}/", {"action": "approve", "revision": 1})
    assert response.status_code == 404
    assert item_of(item.post).post.status == "pending"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_list_is_only_read(method, staff, signed_in):
    assert getattr(signed_in(staff("moderator")), method)(QUEUE).status_code == 405


def test_order_is_risk_first_then_the_oldest(staff, signed_in, waiting):
    old, new = aged(waiting(title="oud"), hours=3), aged(waiting(title="nieuw"), minutes=1)
    risk = waiting(title="nummer", body="Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij.")
    life = waiting(title="nood", body="Je n’ai plus d’insuline depuis hier, que faire ?", language="fr")
    assert [i.priority for i in (life, risk, old, new)] == ["1", "2", "3", "3"]
    assert titles(signed_in(staff("moderator")).get(QUEUE)) == ["nood", "nummer", "oud", "nieuw"]


def test_row_says_time_and_risk_in_words(staff, signed_in, waiting):
    aged(waiting(title="laat"), hours=3)
    waiting(title="nummer", body="Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij.")
    page = signed_in(staff("moderator")).get(QUEUE).content.decode()
    assert "queue-late" in page
    assert "queue-calm" in page
    assert page.count('class="queue-mark queue-risk"') == 1
    for ring in re.findall(r'<p class="queue-ring"[^>]*>', page):
        assert 'aria-hidden="true"' in ring


FILTERS = [
    ({"country": "BO"}, ["bolivia"]),
    ({"country": "-", "subject": "post"}, ["zonder land"]),
    ({"language": "fr"}, ["frans"]),
    ({"kind": "offer"}, ["kamer"]),
    ({"need": "shelter"}, ["kamer"]),
    ({"subject": "profile"}, ["Profile: Lieve"]),
    ({"priority": "2"}, ["nummer"]),
    ({"age": "1h"}, ["oud"]),
    ({"age": "late"}, ["oud"]),
    ({"age": "1d"}, []),
    ({"country": "PE", "kind": "tip", "age": "4h"}, ["oud"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(query, expected, staff, signed_in, waiting):
    waiting(title="bolivia", countries=["BO"])
    waiting(title="zonder land", countries=[])
    waiting(title="frans", language="fr")
    waiting(title="kamer", kind="offer", needs=["shelter"])
    waiting(title="nummer", body="Bel Ricardo op +51 984 555 318, hij houdt plaatsen vrij.")
    aged(waiting(title="oud"), hours=5)
    submit_profile(actor=UserFactory(language="en"), pseudonym="Lieve")
    found = titles(signed_in(english(staff("moderator"))).get(QUEUE, query))
    assert found == expected


def test_with_the_author_is_a_list_of_its_own(staff, signed_in, waiting):
    item, actor = waiting(title="terug"), staff("moderator")
    decide(item.pk, "request_changes", actor=actor, revision=1, ground="danger", facts="De brug.")
    client = signed_in(actor)
    assert titles(client.get(QUEUE)) == []
    assert titles(client.get(QUEUE, {"state": "with_author"})) == ["terug"]


@pytest.mark.parametrize(
    "query", [{"country": "XX"}, {"kind": "essay"}, {"state": "decided"}, {"age": "7d"}, {"priority": "9"}, {"language": "x" * 500}]
)
def test_bad_filter_is_400_with_the_whole_list(query, staff, signed_in, waiting):
    waiting(title="bus")
    response = signed_in(staff("moderator")).get(QUEUE, query)
    assert (response.status_code, titles(response)) == (400, ["bus"])


@pytest.mark.parametrize("after", ["", "ZZZZZZZZZZ", "'; drop table", "9" * 300])
def test_unknown_page_key_begins_again(after, staff, signed_in, waiting):
    waiting(title="bus")
    assert titles(signed_in(staff("moderator")).get(QUEUE, {"after": after})) == ["bus"]


def grow(number, author):
    """Make many waiting items in bulk, a few with equal moments."""
    post = make_post(author=author)
    version = post.latest_version
    ReviewItem.objects.all().delete()
    now = timezone.now()
    posts = [make_post(author=author) for _ in range(number)]
    ReviewItem.objects.all().delete()
    items = [
        ReviewItem(
            subject="post", post=p, version=p.latest_version, author=author, priority="123"[n % 3], language="nl", country_id="PE",
            opened_at=now - timedelta(minutes=n // 2), target_at=now + timedelta(minutes=n),
        )
        for n, p in enumerate(posts)
    ]  # fmt: skip
    ReviewItem.objects.bulk_create(items)
    return version


def test_pages_by_key_show_every_item_once_in_order(staff):
    grow(2 * PAGE + 7, UserFactory())
    user, seen, after = staff("moderator"), [], ""
    for _page in range(5):
        items, after = page_of(user, {}, after=after)
        seen += items
        if not after:
            break
    assert [i.pk for i in seen] == list(ReviewItem.objects.waiting().in_order().values_list("pk", flat=True))
    assert len(seen) == 2 * PAGE + 7


def test_next_page_link_keeps_the_filters(staff, signed_in):
    grow(PAGE + 1, UserFactory())
    client = signed_in(staff("moderator"))
    page = client.get(QUEUE, {"country": "PE"}).content.decode()
    href = re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert "country=PE" in href
    assert len(titles(client.get(QUEUE + href))) == 1


def test_page_is_stable_when_an_item_before_it_was_decided(staff):
    grow(PAGE + 5, UserFactory())
    user = staff("moderator")
    first, after = page_of(user, {})
    ReviewItem.objects.filter(pk=first[0].pk).update(state=ItemState.DECIDED, decided_at=timezone.now())
    ReviewItem.objects.filter(public_id=after).update(state=ItemState.DECIDED, decided_at=timezone.now())
    second, _last = page_of(user, {}, after=after)
    assert len(second) == 5
    assert not {i.pk for i in first} & {i.pk for i in second}


def test_figures_are_exact_about_the_oldest_whatever_the_page_shows(staff, waiting):
    aged(waiting(), days=2)
    urgent = waiting()
    ReviewItem.objects.filter(pk=urgent.pk).update(priority="1")
    counted = figures(staff("moderator"), timezone.now())
    assert (counted.waiting, counted.late, counted.oldest) == (2, 1, "2 days")


def test_figures_of_an_empty_desk(staff):
    assert (figures(staff("moderator"), timezone.now()).waiting, figures(staff("moderator"), timezone.now()).oldest) == (0, "")


def test_figures_count_the_users_desks_alone(staff, waiting):
    waiting(countries=["PE"])
    aged(waiting(countries=["BO"]), days=2)
    peru = staff("moderator", country="PE")
    assert (figures(peru, timezone.now()).waiting, figures(peru, timezone.now()).oldest, waiting_count(peru)) == (1, "0 min", 1)


def test_counts_stop_at_the_cap(staff, signed_in):
    grow(CAP + 6, UserFactory())
    user = staff("moderator")
    assert waiting_count(user) == CAP + 1 == len(desk_head(user)) == figures(user, timezone.now()).waiting
    assert f"({CAP}+)" in signed_in(user).get(QUEUE).content.decode()


def test_menu_shows_the_number_to_those_who_review(staff, signed_in, waiting):
    waiting()
    waiting(countries=["BO"])
    assert "(1)" in signed_in(staff("moderator", country="PE")).get("/admin/").content.decode()
    page = signed_in(staff("analyst")).get("/admin/").content.decode()
    assert "/admin/moderation/" not in page


def test_upcoming_follows_the_order_and_begins_again(staff, waiting):
    user = staff("moderator")
    first, second, third, fourth = (aged(waiting(title=str(n)), hours=9 - n) for n in range(4))
    assert [i.pk for i in upcoming(user, first)] == [second.pk, third.pk, fourth.pk]
    assert [i.pk for i in upcoming(user, third)] == [fourth.pk]
    assert [i.pk for i in upcoming(user, fourth)] == [first.pk, second.pk, third.pk]


def test_upcoming_beyond_the_head_of_a_long_queue(staff):
    grow(CAP + 8, UserFactory())
    user = staff("moderator")
    order = list(ReviewItem.objects.waiting().in_order())
    assert [i.pk for i in upcoming(user, order[CAP + 2])] == [i.pk for i in order[CAP + 3 : CAP + 6]]


def test_own_texts_are_never_dealt(staff, signed_in, waiting):
    user = staff("moderator")
    waiting(author=user, title="eigen")
    other = waiting(title="ander")
    assert [i.pk for i in upcoming(user, item_of(other.post))] == []
    response = signed_in(user).get(f"{QUEUE}next/")
    assert response["Location"].endswith(f"/{other.public_id}/")


def test_next_with_nothing_waiting_leads_to_the_list(staff, signed_in):
    assert signed_in(staff("moderator")).get(f"{QUEUE}next/")["Location"] == QUEUE


def test_from_a_post_to_its_newest_item(staff, signed_in, published):
    item = published()
    edit_post(actor=item.author, post=item.post, text=text(title="Nieuw"), version_number=1)
    newest = item_of(item.post)
    response = signed_in(staff("moderator")).get(f"{QUEUE}post/{item.post.public_id}/")
    assert response["Location"] == f"{QUEUE}{newest.public_id}/"


def test_titles_of_replies_and_profiles(staff, signed_in, published):
    topic = published(title="Bus naar Puno").post.topic
    make_reply(topic=topic)
    submit_profile(actor=UserFactory(), pseudonym="Lieve <b>")
    user = staff("moderator")
    page = signed_in(user).get(QUEUE).content.decode()
    assert "Bus naar Puno" in page
    assert "Lieve &lt;b&gt;" in page
    assert "Lieve <b>" not in page


def test_empty_queue_says_so(staff, signed_in):
    response = signed_in(staff("moderator")).get(QUEUE)
    assert (response.status_code, titles(response)) == (200, [])
    assert 'class="queue-empty"' in response.content.decode()


# -- queries and policy -------------------------------------------------------------------------------------------------


def counted(client, path, query=None):
    """Return the queries of a page in the steady state of a session."""
    client.get(path, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, query).status_code == 200
    return [q["sql"][:160] for q in captured.captured_queries]


@pytest.mark.parametrize("number", [0, 1, PAGE + 1])
def test_list_costs_ten_queries_however_long(number, staff, signed_in):
    if number:
        grow(number, UserFactory())
    queries = counted(signed_in(staff("moderator")), QUEUE)
    # Wagtail's furniture: session, user, grants, its profile, locales, page, collection and group permissions (8). Ours: rows, figures.
    assert len(queries) == 10, "\n".join(queries)


def test_second_page_costs_one_query_more_for_its_key(staff, signed_in):
    grow(PAGE + 1, UserFactory())
    user = staff("moderator")
    queries = counted(signed_in(user), QUEUE, {"after": page_of(user, {})[1]})
    assert len(queries) == 11, "\n".join(queries)


def test_item_costs_twelve_queries(staff, signed_in, waiting):
    for _ in range(5):
        waiting()
    item = waiting()
    queries = counted(signed_in(staff("moderator")), f"{QUEUE}{item.public_id}/")
    # Furniture (8); ours: the item with labels and record, decisions, official notices, what comes next with the number for the menu.
    assert len(queries) == 12, "\n".join(queries)


def test_item_with_an_edit_and_a_history_costs_twelve_queries(staff, signed_in, published):
    item, actor = published(), staff("moderator")
    for number in range(1, 4):
        edit_post(actor=item.author, post=item.post, text=text(title=f"Nieuw {number}", needs=["borders", "transport"]), version_number=number)
        newest = item_of(item.post)
        decide(newest.pk, "approve_edit", actor=actor, revision=newest.revision)
    edit_post(actor=item.author, post=item.post, text=text(title="Laatste"), version_number=4)
    queries = counted(signed_in(actor), f"{QUEUE}{item_of(item.post).public_id}/")
    assert len(queries) == 12, "\n".join(queries)


def test_history_costs_ten_queries(staff, signed_in, published):
    for _ in range(3):
        published()
    queries = counted(signed_in(staff("moderator")), f"{QUEUE}history/")
    # Furniture (8) with the number for the menu (1); ours: the decisions.
    assert len(queries) == 10, "\n".join(queries)


def test_pages_hold_no_inline_script_or_style_of_ours(staff, signed_in, published):
    item, client = published(), signed_in(staff("moderator"))
    for path in (QUEUE, f"{QUEUE}{item.public_id}/", f"{QUEUE}history/", f"{QUEUE}{item.public_id}/log/"):
        response = client.get(path)
        main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", main), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", main), path
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
