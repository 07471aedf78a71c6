"""Grown databases hold rows that the site could have written: the checks of an operator pass, one post in ten waits, nothing is made twice."""

import io
from collections import Counter

import pytest
from django.core.management import call_command

from bench.bulk import scattered
from bench.filling import NotEmpty, fill_once
from crisis.publication import current_generation
from forum.models import Confirmation, ForumListing, Post, PostVersion, Topic
from forum.services import create_reply
from forum.texts import render
from moderation.enums import Action
from moderation.models import Decision, DecisionSeal, ReviewItem
from moderation.services import decide
from tests.factories import UserFactory, make_post, text

POSTS = 400


@pytest.fixture
def grown(db):
    return fill_once(POSTS)


def figures(command):
    out = io.StringIO()
    call_command(command, stdout=out, stderr=out)
    return out.getvalue().strip().splitlines()[-1]


@pytest.mark.usefixtures("grown")
def test_operators_checks_pass():
    # Both end with SystemExit where something does not hold.
    assert f"items={POSTS} faults=0" in figures("check_data")
    assert f"live_sealed={Decision.objects.count()} live_unsealed=0" in figures("check_audit")


@pytest.mark.usefixtures("grown")
def test_counts_and_shares():
    assert Post.objects.count() == PostVersion.objects.count() == ReviewItem.objects.count() == POSTS
    assert Counter(ReviewItem.objects.values_list("state", flat=True)) == {"open": POSTS // 10, "decided": POSTS - POSTS // 10}
    assert DecisionSeal.objects.count() == Decision.objects.count() >= POSTS - POSTS // 10
    assert 0.15 < Topic.objects.count() / POSTS < 0.4
    assert set(ForumListing.objects.values_list("kind", flat=True)) == {"tip", "offer", "question"}
    assert ForumListing.objects.filter(answered=True).exists()
    assert ForumListing.objects.filter(gone_at__isnull=False).exists()
    assert Confirmation.objects.exists()
    assert {"fr", "nl"} <= set(ForumListing.objects.values_list("language", flat=True))


@pytest.mark.usefixtures("grown")
def test_every_sort_of_text_is_rendered_as_the_site_renders_it():
    for version in PostVersion.objects.order_by("pk")[:: POSTS // 20]:
        assert version.html == render(version.body)
    waiting = Topic.objects.filter(status="pending")
    assert set(waiting.values_list("title", "slug", "published_at")) == {("", "", None)}


@pytest.mark.usefixtures("grown")
def test_the_site_goes_on_writing_behind_what_was_filled_in(staff):
    """New rows get primary keys and ids of their own, and a decision its place in the chain."""
    topic = Topic.objects.published().filter(gone_at=None).order_by("pk").last()
    reply = create_reply(actor=UserFactory(), topic=topic, text=text(title="", kind="", countries=[], needs=[], place=""))
    item = ReviewItem.objects.get(post=reply)
    answered = [finding["code"] for finding in item.findings]
    decide(item.pk, Action.APPROVE, actor=staff("supervisor"), revision=item.revision, answered_marks=answered)
    assert Topic.objects.get(pk=topic.pk).reply_count == topic.reply_count + 1
    assert "faults=0" in figures("check_data")
    assert "live_unsealed=1 " in figures("check_audit")


@pytest.mark.django_db
def test_what_readers_see_is_of_a_new_generation():
    """A process that keeps what it read of the site before, such as whose crisis hides what, reads it anew."""
    before = current_generation()
    fill_once(POSTS)
    assert current_generation() > before


def test_a_second_run_does_nothing(grown, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert fill_once(POSTS) == grown
    assert Post.objects.count() == POSTS


@pytest.mark.django_db
def test_a_database_with_other_posts_is_left_alone():
    make_post(status="published")
    with pytest.raises(NotEmpty):
        fill_once(POSTS)
    assert Post.objects.count() == 1


@pytest.mark.usefixtures("grown")
def test_another_number_of_posts_is_another_database():
    with pytest.raises(NotEmpty):
        fill_once(POSTS + 1)
    assert Post.objects.count() == POSTS


@pytest.mark.parametrize("length", [6, 10])
def test_ids_never_repeat(length):
    ids = {scattered(number, length) for number in range(50_000)}
    assert len(ids) == 50_000
    assert {len(public_id) for public_id in ids} == {length}
