"""The flush after a transactional test empties the append-only tables and leaves them guarded."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from accounts.models import User
from forum.models import Post, PostVersion, Topic
from moderation.models import Decision, ReviewItem
from moderation.services.records import write_decision


@pytest.mark.django_db
def test_flush_of_the_framework_needs_the_guards_lifted():
    person = User.objects.create_user("a@example.org")
    post = Post.objects.create(topic=Topic.objects.create(author=person), author=person)
    version = PostVersion.objects.create(post=post, number=1, content_hash="x", terms_version="1")
    item = ReviewItem.objects.create(subject="post", post=post, version=version, author=person, opened_at=post.created_at, target_at=post.created_at)
    write_decision(item=item, actor=person, action="note", from_status="draft", to_status="draft", snapshot={})
    connection.check_constraints()
    sql = "TRUNCATE moderation_decision CASCADE" if connection.vendor == "postgresql" else "DELETE FROM moderation_decision"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Decision.objects.count() == 1


def test_teardown_of_transactional_tests_is_the_one_that_lifts():
    assert TransactionTestCase._fixture_teardown.__module__ == "tests.conftest"
