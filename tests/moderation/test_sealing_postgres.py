"""On PostgreSQL an id that is given out may become visible later than a higher one: the chain waits for it. Real connections, real commits."""

import threading

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from forum.models import Post, PostVersion, Topic
from moderation.models import Decision, ReviewItem
from moderation.services.records import write_decision
from moderation.services.sealing import seal_chain, settled_up_to, verify_chain

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server (DATABASE_URL)"),
]


@pytest.fixture
def item(transactional_db):
    person = User.objects.create_user("a@example.org")
    post = Post.objects.create(topic=Topic.objects.create(author=person), author=person)
    version = PostVersion.objects.create(post=post, number=1, content_hash="x", terms_version="1")
    return ReviewItem.objects.create(subject="post", post=post, version=version, author=person, opened_at=post.created_at, target_at=post.created_at)


def write(item):
    return write_decision(item=item, actor=item.author, action="note", from_status="draft", to_status="draft", snapshot={})


@pytest.fixture
def slow_writer(item):
    """Return (start, end) of another connection that takes an id and keeps its transaction open until told."""
    taken, leave = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            write(item)
            taken.set()
            leave.wait(20)
        connections.close_all()

    thread = threading.Thread(target=run)

    def start():
        thread.start()
        assert taken.wait(20)

    def end():
        leave.set()
        thread.join(20)

    yield start, end
    end() if thread.is_alive() else None


def test_higher_id_that_committed_first_waits_for_the_open_one(item, slow_writer):
    start, end = slow_writer
    start()
    later = write(item)
    assert settled_up_to(patience=0.1) == 0
    assert seal_chain() == 0
    end()
    assert settled_up_to(patience=0.1) == later.pk
    assert seal_chain() == 2
    assert verify_chain(realm="live") == (2, [])


def test_writer_that_ends_within_the_patience_is_waited_for(item, slow_writer):
    start, end = slow_writer
    start()
    write(item)
    threading.Timer(0.3, end).start()
    assert settled_up_to(patience=10) == Decision.objects.order_by("-pk")[0].pk


def test_reader_with_an_open_transaction_does_not_hold_the_chain(item):
    write(item)
    reading, leave = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            list(Decision.objects.all())
            reading.set()
            leave.wait(20)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert reading.wait(20)
    assert seal_chain() == 1
    leave.set()
    thread.join(20)


def test_writer_of_other_tables_does_not_hold_the_chain(item):
    write(item)
    wrote, leave = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            User.objects.create_user("b@example.org")
            wrote.set()
            leave.wait(20)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert wrote.wait(20)
    assert seal_chain() == 1
    leave.set()
    thread.join(20)


def test_rolled_back_id_leaves_a_gap_and_no_fault(item, slow_writer):
    write(item)
    with transaction.atomic():
        write(item)
        transaction.set_rollback(True)
    write(item)
    assert seal_chain() == 2
    assert verify_chain(realm="live") == (2, [])
