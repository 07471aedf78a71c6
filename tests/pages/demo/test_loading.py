"""Loading twice changes nothing, removing leaves nothing, and a database of real people is never touched."""

import io
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model

from accounts.models import User
from forum.models import Confirmation, Topic
from moderation.models import Decision
from pages.demo.clock import age, happening
from pages.demo.loading import DatabaseInUse, load_demo, mark_database, remove_demo
from pages.demo.mark import DemoMark, database_is_demo
from pages.demo.signins import read_sign_ins
from pages.management.commands.demo_accounts import present_code
from tests.factories import UserFactory, make_post
from tests.pages.demo.conftest import NIGHT

pytestmark = pytest.mark.django_db

OWN_APPS = ("accounts", "crisis", "forum", "moderation", "notifications")
# What stays on purpose: groups of roles are made once, the generation only rises, jobs that tell the index to forget.
KEPT: set[str] = {"PublicGeneration"}


def counts() -> dict[str, int]:
    models: list[type[Model]] = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]
    return {model.__name__: model._default_manager.count() for model in models if model.__name__ not in KEPT}


def test_twice_is_once(data_dir: Path) -> None:
    assert load_demo().fresh
    before, sign_ins = counts(), read_sign_ins()
    again = load_demo()
    assert not again.fresh
    assert counts() == before
    assert read_sign_ins() == sign_ins
    # The file is lost, or damaged: the sign-ins are made anew.
    (data_dir / "demo-accounts.json").write_text("{broken")
    load_demo()
    after = read_sign_ins()
    assert set(after) == set(sign_ins)
    row = after["moderator@demo.example"]
    assert row.password != sign_ins["moderator@demo.example"].password
    assert User.objects.get(email=row.email).check_password(row.password)


def test_removing_leaves_the_database_as_it_was(data_dir: Path) -> None:
    before = counts()
    load_demo()
    removed = remove_demo()
    assert counts() == before
    assert removed["Topic"] == 48
    assert removed["UserKept"] == 0
    assert not (data_dir / "demo-accounts.json").exists()
    assert database_is_demo()


def test_what_a_visitor_wrote_stays(data_dir: Path) -> None:
    load_demo()
    visitor, member = UserFactory(), User.objects.get(email="hanne-puno@demo.example")
    own, under_demo_name = make_post(author=visitor, status="published"), make_post(author=member)
    removed = remove_demo()
    assert removed["UserKept"] == 1
    assert set(Topic.objects.values_list("pk", flat=True)) == {own.topic_id, under_demo_name.topic_id}
    assert User.objects.filter(pk=visitor.pk).exists()


@pytest.mark.parametrize("what", ["person", "topic"])
def test_database_of_others_is_refused_and_untouched(what: str, data_dir: Path) -> None:
    if what == "person":
        UserFactory()
    else:
        make_post()
    before = counts()
    with pytest.raises(DatabaseInUse):
        load_demo()
    with pytest.raises(CommandError, match="did not make"):
        call_command("load_demo", stdout=io.StringIO())
    assert counts() == before
    assert not DemoMark.objects.exists()
    assert not (data_dir / "demo-accounts.json").exists()


def test_remove_refuses_a_database_without_mark() -> None:
    post = make_post(status="published")
    with pytest.raises(CommandError, match="nothing was removed"):
        call_command("remove_demo", stdout=io.StringIO())
    assert Topic.objects.filter(pk=post.topic_id).exists()


def test_content_of_another_release_is_replaced(data_dir: Path) -> None:
    load_demo()
    DemoMark.objects.update(content="older")
    assert load_demo().fresh
    assert Topic.objects.count() == 48


def test_mark_is_written_once() -> None:
    first = mark_database()
    UserFactory()
    assert mark_database() == first


def test_load_at_night_when_ages_fall_on_one_day(data_dir: Path) -> None:
    assert load_demo(now=NIGHT).fresh
    assert not Confirmation.objects.filter(created_at__gt=NIGHT).exists()
    assert not Decision.objects.filter(decided_at__gt=NIGHT).exists()


def test_commands_say_what_they_did(data_dir: Path) -> None:
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    call_command("load_demo", stdout=out)
    call_command("load_demo", "--fresh", stdout=out)
    call_command("remove_demo", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("demonstration loaded: people=36 topics=48 ")
    assert lines[2] == "demonstration: loaded already"
    assert lines[4].startswith("demonstration loaded: ")
    assert "Topic=48" in lines[6]


def test_accounts_command_shows_codes_and_needs_demo(data_dir: Path, settings: object) -> None:
    row = {"role": "moderator", "email": "m@demo.example", "password": "p", "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
    (data_dir / "demo-accounts.json").write_text(json.dumps([row | {"language": "nl", "name": "M"}]))
    with pytest.raises(CommandError):
        call_command("demo_accounts", stdout=io.StringIO())
    settings.DEMO = True  # type: ignore[attr-defined]
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    assert out.getvalue().split()[:3] == ["moderator", "m@demo.example", "p"]
    assert len(out.getvalue().split()[-1]) == 6


# RFC 6238, appendix B, SHA-1, the last six of eight digits.
@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_present_code(at: int, code: str) -> None:
    assert present_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at=at) == code


@pytest.mark.parametrize("text", ["", "4", "d", "-4d", "4w", "4d2h", "4.5h"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an age"):
        age(text)


def test_clock_goes_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), happening(NIGHT):
        raise ZeroDivisionError
    topic = make_post(status="published").topic
    assert topic.published_at.year >= 2026
    assert topic.published_at != NIGHT
