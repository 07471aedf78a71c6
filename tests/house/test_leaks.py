"""Nothing that no person approved appears anywhere: every written field, every status, every public surface, in four languages.

Each field of a text carries a mark of its own ("iuloq…"), so a leak names the field; no random id can hold it (ids have
no I, L, O, U). Register: tests/house/leak_register.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.services import submit_profile
from forum.models import Post
from forum.services import apply_status, create_reply, create_topic, edit_post, mark_dangerous
from forum.texts import PostText
from moderation.enums import Action
from moderation.models import ReviewItem
from moderation.services import decide
from search.engines import registry
from tests.factories import UserFactory
from tests.search.conftest import forget_engines

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "nl", "de", "en")
LISTS = {"fr": "sujets", "nl": "onderwerpen", "de": "themen", "en": "topics"}
COUNTRY = {"fr": "pays/perou", "nl": "landen/peru", "de": "laender/peru", "en": "countries/peru"}
SEARCH = {"fr": "recherche", "nl": "zoeken", "de": "suche", "en": "search"}
HIDDEN_STATUSES = ["draft", "pending", "changes_requested", "rejected", "spam", "hidden", "withdrawn"]


def marked(name: str, **fields: Any) -> PostText:
    """Return a text each of whose fields carries a mark: iuloq<name><field>."""
    return PostText(
        **(
            {
                "kind": "tip",
                "title": f"Bus nach Lima iuloq{name}title",
                "body": f"Der Bus faehrt um sechs Uhr und kostet 140 Sol. iuloq{name}body und noch mehr Worte dazu.",
                "language": "de",
                "countries": ["PE"],
                "place": f"iuloq{name}place",
                "needs": ["borders"],
            }
            | fields
        )
    )


@pytest.fixture
def index(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Build the index of what is searchable now, and give it back afterwards."""
    settings.SEARCH_DIR = tmp_path / "search"
    forget_engines()
    yield
    forget_engines()


def public_addresses(topics: list[Any]) -> list[str]:
    """Return every page, feed and search that the world can open, with those that would show these topics."""
    found = ["/robots.txt", "/sitemap.xml"]
    for code in LANGUAGES:
        base, lists = f"/{code}/", f"/{code}/{LISTS[code]}/"
        found += [
            base,
            f"{base}{COUNTRY[code]}/",
            lists,
            f"{lists}?country=PE&need=borders",
            f"{lists}?kind=tip&language=de",
            f"{lists}feed/?country=PE",
        ]
        found += [f"{base}{SEARCH[code]}/?q={words}" for words in ("Bus+Lima", "iuloq", "Sol", "Peru")]
        # The words of an address that is asked for come back in links to the other languages: only public ones are asked for.
        found += [f"{lists}{topic.public_id}-{topic.slug}/" for topic in topics if topic.status == "published"]
        found += [f"{lists}{topic.public_id}/" for topic in topics]
        found += [f"{lists}{topic.public_id}-bus-nach-lima/" for topic in topics]
    found += [f"/t/{topic.public_id}" for topic in topics]
    return found


def world_sees(topics: list[Any]) -> str:
    """Return everything that an anonymous reader gets: bodies, headers and addresses of redirects, twice (the second time from the cache)."""
    call_command("rebuild_index", verbosity=0)
    client, seen = Client(), []
    for address in public_addresses(topics) * 2:
        answer = client.get(address)
        assert answer.status_code < 500, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen.append(content.decode() + str(answer.headers))
    return "\n".join(seen).lower()


def brought_to(status: str, text: PostText) -> Post:
    """Return the first post of a topic with `status`."""
    post = create_topic(actor=UserFactory(), text=text, submit=status != "draft")
    if status in {"draft", "pending"}:
        return post
    if status == "hidden":
        post = apply_status(post=post, status="published", version=post.latest_version)
    return apply_status(post=post, status=status)


@pytest.mark.parametrize("status", HIDDEN_STATUSES)
def test_no_field_of_a_topic_that_is_not_public_is_seen(index: None, status: str) -> None:
    post = brought_to(status, marked("a"))
    assert "iuloqa" not in world_sees([post.topic])


@pytest.mark.parametrize("status", ["pending", "changes_requested", "rejected", "spam", "hidden", "withdrawn"])
def test_no_word_of_a_reply_that_is_not_public_is_seen(index: None, status: str) -> None:
    topic = apply_published(marked("t"))
    reply = create_reply(actor=UserFactory(), topic=topic, text=marked("r", title="", kind="", countries=(), needs=(), place=""))
    if status != "pending":
        if status == "hidden":
            reply = apply_status(post=reply, status="published", version=reply.latest_version)
        apply_status(post=reply, status=status)
    seen = world_sees([topic])
    assert "iuloqttitle" in seen
    assert "iuloqr" not in seen


def apply_published(text: PostText) -> Any:
    """Return a published topic."""
    post = create_topic(actor=UserFactory(), text=text)
    topic = apply_status(post=post, status="published", version=post.latest_version).topic
    topic.refresh_from_db()
    return topic


def test_an_edit_under_review_leaves_the_approved_text(index: None) -> None:
    topic = apply_published(marked("t"))
    post = topic.posts.get()
    edit_post(actor=post.author, post=post, text=marked("e"), version_number=1)
    seen = world_sees([topic])
    assert "iuloqtbody" in seen
    assert "iuloqe" not in seen


def test_an_undone_approval_leaves_nothing(index: None, staff: Callable[..., User]) -> None:
    moderator = staff("moderator")
    post = create_topic(actor=UserFactory(trust="known"), text=marked("u"))
    item = ReviewItem.objects.get(post=post)
    decide(item.pk, Action.APPROVE, actor=moderator, revision=item.revision)
    post.topic.refresh_from_db()
    assert "iuloqutitle" in world_sees([post.topic])
    slug = post.topic.slug
    item.refresh_from_db()
    decide(item.pk, Action.UNDO, actor=moderator, revision=item.revision)
    post.topic.refresh_from_db()
    seen = world_sees([post.topic])
    assert "iuloqu" not in seen
    assert slug not in seen.replace(f"{post.topic.public_id}-{slug}", "")


def test_a_dangerous_tip_shows_title_and_reason_alone(index: None) -> None:
    topic = apply_published(marked("g"))
    mark_dangerous(post=topic.posts.get(), reason="iuloqreason dangerous crossing")
    topic.refresh_from_db()
    seen = world_sees([topic])
    assert "iuloqgtitle" in seen
    assert "iuloqreason" in seen
    assert "iuloqgbody" not in seen


def test_no_word_of_a_proposed_profile_is_seen(index: None) -> None:
    author = UserFactory()
    submit_profile(actor=author, pseudonym="iuloqpseudonym", about="iuloqabout me")
    post = create_topic(actor=author, text=marked("t"))
    topic = apply_status(post=post, status="published", version=post.latest_version).topic
    topic.refresh_from_db()
    seen = world_sees([topic])
    assert "iuloqttitle" in seen
    assert "iuloqpseudonym" not in seen
    assert "iuloqabout" not in seen


def test_no_address_of_a_person_is_seen(index: None) -> None:
    author = UserFactory(email="zq.private@example.org")
    post = create_topic(actor=author, text=marked("t"))
    topic = apply_status(post=post, status="published", version=post.latest_version).topic
    topic.refresh_from_db()
    seen = world_sees([topic])
    assert "iuloqttitle" in seen
    assert "zq.private" not in seen
    assert author.audit_ref.lower() not in seen


def test_submitting_mails_nobody(index: None) -> None:
    topic = apply_published(marked("t"))
    create_reply(actor=UserFactory(), topic=topic, text=marked("r", title="", kind="", countries=(), needs=(), place=""))
    assert mail.outbox == []


def test_the_simple_engine_leaks_neither(index: None, settings: Any) -> None:
    post = brought_to("pending", marked("a"))
    published = apply_published(marked("t"))
    call_command("rebuild_index", verbosity=0)
    keys = {key for engine in registry.all_engines() for key, _revision in dict(engine.ids_with_revisions()).items()}
    assert keys == {f"topic-{published.pk}"}
    assert f"topic-{post.topic.pk}" not in keys
