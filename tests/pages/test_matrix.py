"""Every address as every role. Somebody who adds an address must say in pages.matrix who may open it."""

import json
import re
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from accounts.enums import STAFF_ROLES, Role
from accounts.models import User
from accounts.services import confirm_address, grant_role, submit_profile
from crisis.models import Crisis, OfficialNotice
from crisis.services import approve_notice, open_crisis, save_notice, submit_notice
from moderation.models import ReviewItem
from pages.editors import EDITOR_ROLES
from pages.matrix import DOORS, NAMESPACES, UNNAMED, Door, Route, routes
from pages.models import HomePage, StandingPage
from pages.services import ensure_site
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Persona:
    """Somebody who tries every door."""

    role: Role
    country: str | None = None

    def may(self, door: Door) -> bool:
        return self.role in door.roles and not (door.unscoped and self.country)


PERSONAS = [
    Persona(Role.ANONYMOUS),
    Persona(Role.MEMBER),
    Persona(Role.RESIDENT, "PE"),
    *(Persona(role, "PE") for role in sorted(STAFF_ROLES)),
    # Without a scope, where that makes a difference.
    *(Persona(role) for role in sorted(EDITOR_ROLES)),
    Persona(Role.MODERATOR),
]
# Pages between two steps of signing in: without the first step they lead back to it.
BETWEEN_STEPS = {
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_authenticate",
    "admin_login",
    "wagtailadmin_login",
    "wagtailcore_login",
    "admin_logout",
    "wagtailadmin_logout",
}
# Behind an open door there may be nothing: no recovery codes, no second factor, no such page, no restriction.
MAY_BE_EMPTY = {
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "wagtailcore_authenticate_with_password",
    "wagtail_serve",
    "short_country",
    "wagtail_bulk_action",
    "wagtailadmin_tag_model_autocomplete",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_chosen_multiple",
    "wagtailadmin_block_preview",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
}
BY_HAND = {
    "two_letters": "pe",
    "wagtail_serve": "en/",
    "wagtailadmin_pages:revisions_compare": "admin/pages/{page}/revisions/compare/live...latest/",
    "admin/^.*/$": "admin/no/such/room/",
}


@dataclass
class World:
    """One of everything in Peru, and what belongs to the persona."""

    values: dict[str, dict[str, str]]
    client: Client
    bodies: dict[str, dict[str, str]]


def persona_user(persona: Persona) -> User:
    user: User = UserFactory(language="en")
    user.set_password("drie kano's naar Iquitos")
    user.save()
    confirm_address(user)
    if persona.role not in {Role.MEMBER, Role.ANONYMOUS}:
        grant_role(user=user, role=persona.role, actor=None, reason="test", country=persona.country)
    return user


def make_world(persona: Persona, signed_in: Any) -> World:
    ensure_site()
    officer = UserFactory()
    grant_role(user=officer, role=Role.DUTY_OFFICER, actor=None, reason="test")
    topic = make_post(status="published").topic
    question = make_post(kind="question", status="published")
    user = persona_user(persona)
    own = make_post(author=user, status="pending")
    own_question = make_post(author=user, kind="question", status="published")
    reply = make_reply(topic=own_question.topic, status="published")
    submit_profile(actor=user, pseudonym="Somebody new")
    crisis: Crisis = open_crisis(actor=officer, texts=crisis_texts(), scope="countries", countries=["PE"])
    notice = save_notice(actor=officer, notice=None, texts={}, signed_as="SPF", country="PE", crisis=crisis)
    published = published_notice(officer)
    item = ReviewItem.objects.get(post=make_post(status="pending"))
    home = str(HomePage.objects.get(locale__language_code="en").pk)
    page = str(StandingPage.objects.filter(locale__language_code="en").first().pk)
    ids = {"topic": topic.public_id, "own": own.public_id, "crisis": crisis.public_id, "notice": notice.public_id, "item": item.public_id}
    values = {
        "": {
            "slug": "peru",
            "code": "pe",
            "secret": "x" * 43,
            "page_id": page,
            "parent_page_id": home,
            "page_to_move_id": page,
            "destination_id": home,
            "content_type_app_name": "pages",
            "content_type_model_name": "standingpage",
            "app_label": "pages",
            "app_name": "pages",
            "model_name": "standingpage",
            "action": "delete",
            "action_name": "copy",
            "public_id": ids["topic"],
            "page": page,
            "object_id": page,
        },
        "topic": {"slug": topic.slug},
        "topic_answer": {"public_id": own_question.topic.public_id},
        "topic_reply": {"public_id": question.topic.public_id},
        "short_topic": {"code": ids["topic"]},
        "crisis_close": {"public_id": ids["crisis"]},
        "notice": {"public_id": published.public_id},
        **{f"notice_{verb}": {"public_id": ids["notice"]} for verb in ("edit", "submit", "return", "approve", "withdraw")},
        **{name: {"public_id": ids["own"]} for name in ("account_post", "post_edit", "post_withdraw")},
        "moderation:item": {"public_id": ids["item"]},
        "moderation:log": {"public_id": ids["item"]},
        "moderation:of_post": {"public_id": item.post.public_id if item.post else ""},
    }
    client = Client() if persona.role == Role.ANONYMOUS else signed_in(user)
    return World(values=values, client=client, bodies={"topic_answer": {"reply": reply.public_id}})


def published_notice(writer: User) -> OfficialNotice:
    """Return a notice that everybody may read."""
    second = UserFactory()
    grant_role(user=second, role=Role.SPOKESPERSON, actor=None, reason="test")
    texts = {code: {"title": "Avondklok", "known": "Van 21 tot 5 uur."} for code in ("fr", "nl")}
    notice = submit_notice(actor=writer, notice=save_notice(actor=writer, texts=texts, signed_as="SPF", country="PE"))
    return approve_notice(actor=second, notice=notice, revision=notice.revision)


def crisis_texts() -> dict[str, Any]:
    """Return what a crisis is called."""
    return {code: {"title": "Blokkades", "summary": "Wegen zijn dicht."} for code in ("fr", "nl")}


def path_of(route: Route, world: World) -> str:
    """Return the address with the values of the world in it."""
    with override("en"):
        pattern = route.patterns.get("en") or route.pattern
    given = world.values[""] | world.values.get(route.name, {})
    pattern = BY_HAND.get(route.name) or BY_HAND.get(pattern) or pattern
    filled = re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: given.get(found[2], "1" if found[1] == "int" else "x"), pattern)
    return "/" + filled.format(**given).replace("^", "")


def outcome(client: Client, path: str, body: dict[str, str]) -> str:
    """Return `open`, `closed` or `nothing`; an address that takes only POST gets one."""
    response = client.get(path)
    if response.status_code == 405:
        response = client.post(path, body)
    assert response.status_code < 500, f"{path}: {response.status_code}"
    if response.status_code in {301, 302}:
        target = response["Location"].split("?", 1)[0]
        return "closed" if target.endswith("/login/") or target == "/admin/" or "/2fa/totp/activate" in target else "open"
    return {401: "closed", 403: "closed", 404: "nothing"}.get(response.status_code, "open")


def right(route: Route, persona: Persona, seen: str) -> bool:
    """Say whether what was seen is what the matrix says."""
    assert route.door is not None
    if not persona.may(route.door):
        return seen != "open"
    if route.name in BETWEEN_STEPS:
        return True
    wagtails = ":" in route.name and not route.name.startswith("moderation:")
    return seen == "open" or (seen == "nothing" and (wagtails or not route.name or route.name in MAY_BE_EMPTY))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda p: f"{p.role.value}{'-' + p.country if p.country else ''}")
def test_doors_open_to_whom_the_matrix_says(persona: Persona, signed_in: Any) -> None:
    world = make_world(persona, signed_in)
    world.client.raise_request_exception = True
    wrong = []
    last = {"account_logout"}
    for route in sorted(routes(), key=lambda route: route.name in last):
        if route.door is None:
            continue
        path = path_of(route, world)
        seen = outcome(world.client, path, world.bodies.get(route.name, {}))
        if not right(route, persona, seen):
            wrong.append(f"{route.name or route.pattern} {path}: {seen}, the matrix says {'open' if persona.may(route.door) else 'closed'}")
    assert not wrong, "\n".join(wrong)


def test_every_address_is_listed() -> None:
    unlisted = [route.pattern for route in routes() if route.door is None]
    assert not unlisted, f"Say in pages/matrix.py who may open: {unlisted}"


def test_matrix_lists_nothing_that_does_not_exist() -> None:
    found = routes()
    names = {route.name for route in found}
    assert set(DOORS) <= names
    assert set(NAMESPACES) <= {name.split(":", 1)[0] for name in names if ":" in name}
    assert set(UNNAMED) <= {route.pattern for route in found if not route.name}


def test_staff_rooms_are_closed_to_the_public() -> None:
    for route in routes():
        if route.pattern.startswith("admin/") and route.name not in {"admin_login", "admin_logout", "wagtailadmin_login", "wagtailadmin_logout"}:
            assert route.door is not None
            assert not route.door.roles & {Role.ANONYMOUS, Role.MEMBER, Role.TRUSTED, Role.RESIDENT}, route.pattern


def test_second_sign_in_of_wagtail_is_closed(client: Client) -> None:
    user = persona_user(Persona(Role.MEMBER))
    answers = {"username": user.email, "password": "drie kano's naar Iquitos"}
    for path in ("/en/_util/login/", "/admin/login/"):
        assert client.post(path, answers).status_code in {302, 405}
        assert "_auth_user_id" not in client.session


def test_page_of_staff_takes_no_picture_and_no_name(signed_in: Any) -> None:
    user = persona_user(Persona(Role.MODERATOR, "PE"))
    browser = signed_in(user)
    assert b"avatar-avatar" not in browser.get("/admin/account/").content
    picture = SimpleUploadedFile(
        "me.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )
    answers = {
        "avatar-avatar": picture,
        "name_email-first_name": "Forged",
        "name_email-last_name": "Name",
        "locale-preferred_language": "nl",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }
    assert browser.post("/admin/account/", answers).status_code == 302
    assert user.wagtail_userprofile.preferred_language == "nl"
    assert not user.wagtail_userprofile.avatar
    assert User.objects.get(pk=user.pk).display_name == user.display_name


def test_command_prints_roles_for_programs() -> None:
    out = StringIO()
    call_command("routes", "--json", stdout=out)
    rows = {row["name"]: row for row in json.loads(out.getvalue())}
    assert len(json.loads(out.getvalue())) == len(routes())
    assert "anonymous" in rows["home"]["roles"]
    assert rows["home"]["patterns"] == {"fr": "fr/", "nl": "nl/", "de": "de/", "en": "en/"}
    assert rows["moderation:queue"]["pattern"] == "admin/moderation/"
    assert rows["moderation:queue"]["roles"] == ["duty_officer", "embassy", "moderator", "spokesperson", "supervisor"]
    assert rows["wagtailadmin_pages:edit"]["unscoped"] is True
    assert set().union(*(row["roles"] for row in rows.values())) == {role.value for role in Role}
    text = StringIO()
    call_command("routes", stdout=text)
    assert len(text.getvalue().splitlines()) == len(routes())
