"""What must not grow: with more posts every step asks as often, and no statement reads a growing table from end to end.

Counts and plans, never times: those are `make bench-growth`.
"""

import pytest
from django.core.management import call_command
from django.db import transaction

from bench.filling import fill_once
from bench.growth import best_of, table, timed
from bench.plans import asked, faults
from bench.steps import Site, combinations
from countries import directory
from forum.models import ForumListing, Post, Topic
from moderation.models import Decision, ReviewItem

pytestmark = pytest.mark.django_db
# As many as a statement on each bar of PERFORMANCE.md may be (Wagtail's furniture included in those of the queue).
MOST = {
    "home": 8, "country": 8, "list": 5, "list, second page": 5, "list, every filter": 5, "topic": 5, "search": 3, "search in a country": 3,
    "queue": 12, "queue, second page": 12, "queue of a country": 12, "next item": 12, "item": 12, "history": 12, "reply": 12, "decision": 15,
}  # fmt: skip


@pytest.fixture
def grown(settings, fresh_engines):
    """Return what makes a site of so many posts, with its index, in the steady state of a process that has read the generation."""
    settings.GENERATION_SECONDS = settings.COUNTRIES_REFRESH_SECONDS = 3600
    # What a process reads once a minute must not fall into a step.
    directory.refresh()
    directory.entries("fr")

    def make(posts):
        fill_once(posts)
        call_command("rebuild_index", verbosity=0)
        return Site()

    yield make
    directory.refresh()


@pytest.fixture
def site(grown):
    return grown(2_000)


def test_no_step_reads_a_growing_table_from_end_to_end_and_each_keeps_its_bar(site):
    steps = site.steps()
    assert set(steps) == set(MOST)
    found = {}
    for name, work in steps.items():
        work()
        statements = asked(work)
        assert len(statements) <= MOST[name], (name, [sql for sql, _params in statements])
        found |= {f"{name}: {fault}": fault for fault in faults(statements)}
    assert list(found) == []


def test_no_list_reads_a_growing_table_from_end_to_end(site):
    lists = site.lists()
    assert len(lists) == len(combinations()) == 480
    for query, work in lists.items():
        statements = asked(work)
        assert len(statements) == 1, query
        assert faults(statements) == [], query


def test_more_posts_ask_as_often(grown):
    counts = []
    for posts in (1_200, 4_800):
        with transaction.atomic():
            steps, found = grown(posts).steps(), {}
            for name, work in steps.items():
                work()
                found[name] = len(asked(work))
            # Decisions refuse to be deleted: the first filling is taken back before the second.
            transaction.set_rollback(True)
        counts.append(found)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (Topic.objects.count, "forum_topic"),
        (lambda: list(Post.objects.order_by("source")[:5]), "forum_post"),
        (lambda: list(ReviewItem.objects.order_by("target_at")[:5]), "moderation_reviewitem"),
        (lambda: ForumListing.objects.filter(answered=True).count(), "forum_forumlisting"),
    ],
)
def test_what_reads_everything_is_seen(read, wrong):
    """The reader of plans can say no: a count, a sort without an index, a filter without one."""
    (fault,) = faults(asked(read))
    assert wrong in fault


@pytest.mark.parametrize(
    "read",
    [
        lambda: list(Topic.objects.filter(pk=1)),
        lambda: list(Decision.objects.order_by("-pk")[:5]),
        lambda: list(ReviewItem.objects.waiting().in_order()[:5]),
        lambda: list(ForumListing.objects.for_filters(country="PE").order_by("-newest_at", "-topic_id")[:5]),
    ],
)
def test_what_enters_an_index_or_stops_at_a_limit_is_no_fault(read):
    assert faults(asked(read)) == []


def run_of(milliseconds, queries=4, faults=()):
    return {"topic": {"queries": queries, "ms": milliseconds, "faults": list(faults)}}


def test_ratios_are_those_of_the_shortest_times():
    figures = {1_000: best_of([run_of(9.0), run_of(4.0)]), 20_000: best_of([run_of(5.0), run_of(8.0)])}
    lines = table(figures)
    assert lines[2] == "| topic | 4 | 4.0 | 1.25 |"
    assert lines[-1] == "No statement reads a growing table from end to end."


def test_a_count_that_grows_and_a_bad_plan_stand_in_the_table():
    lines = table({1_000: run_of(4.0), 20_000: run_of(4.0, queries=6, faults=["SCAN forum_topic: SELECT 1"])})
    assert lines[2] == "| topic | 4–6 | 4.0 | 1.00 |"
    assert lines[-1] == "20,000 topic: SCAN forum_topic: SELECT 1"


def test_the_lower_quartile_is_what_counts():
    moments = iter([0.0, 0.002, 0.0, 0.002, 0.0, 0.002, 0.0, 9.0])
    assert timed(lambda: None, lambda: next(moments), 4) == pytest.approx(2.0)
