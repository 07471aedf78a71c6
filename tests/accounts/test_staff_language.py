"""Staff read their rooms in the language of their account, whatever the browser asks for, and find the way there from the public pages."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from wagtail.users.models import UserProfile

from accounts.enums import Language, Role
from accounts.sessions import roles_seen
from tests.factories import UserFactory, make_post, make_reply

pytestmark = pytest.mark.django_db

MOMENTS = {
    "fr": ("18/03/2026, 6h04", "6h04", "18 mars 2026, 6h04"),
    "nl": ("18/03/2026, 6.04 uur", "6.04 uur", "18 maart 2026, 6.04 uur"),
    "de": ("18.03.2026, 6.04 Uhr", "6.04 Uhr", "18. März 2026, 6.04 Uhr"),
    "en": ("18/03/2026, 06:04", "06:04", "18 March 2026, 06:04"),
}


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("path", ["/admin/", "/admin/moderation/", "/admin/notices/"])
def test_the_rooms_speak_the_language_of_the_account(signed_in: Any, language: str, path: str) -> None:
    client = signed_in(_staff(language, "supervisor"))
    response = client.get(path, headers={"accept-language": "en" if language != "en" else "de"})
    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    assert response["Content-Language"] == language
    with translation.override(language):
        # The menu is JSON: letters with accents are escaped there.
        assert json.dumps(translation.gettext("To review"))[1:-1] in page


def _staff(language: str, role: str) -> Any:
    user = UserFactory(language=language)
    user.grants.create(role=role, reason="test")
    return user


def test_a_language_chosen_in_the_admin_goes_first(signed_in: Any) -> None:
    user = _staff("nl", "supervisor")
    UserProfile.objects.create(user=user, preferred_language="de")
    assert '<html lang="de"' in signed_in(user).get("/admin/moderation/").content.decode()


def test_a_refusal_is_said_in_the_language_of_the_account(signed_in: Any) -> None:
    member = UserFactory(language="de")
    response = signed_in(member).get("/admin/moderation/", headers={"accept-language": "fr"})
    assert response.status_code == 403
    assert response["Content-Language"] == "de"


@pytest.mark.parametrize("language", Language.values)
def test_moments_as_people_write_them(language: str) -> None:
    moment = datetime(2026, 3, 18, 6, 4, tzinfo=ZoneInfo("Europe/Brussels"))
    with translation.override(language):
        written = tuple(date_format(moment, name) for name in ("SHORT_DATETIME_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT"))
    assert written == MOMENTS[language]


def links(client: Client, path: str = "/en/") -> str:
    return client.get(path).content.decode().split("<main", 1)[0]


@pytest.mark.parametrize(
    ("role", "address"),
    [(role, "/admin/moderation/") for role in ("moderator", "embassy", "spokesperson", "duty_officer", "supervisor")]
    + [(role, '/admin/"') for role in ("crisis_editor", "analyst", "administrator")],
)
def test_staff_who_came_through_the_door_find_it_on_every_page(signed_in: Any, role: str, address: str) -> None:
    client = signed_in(_staff("en", role))
    assert "/admin/" not in links(client)
    client.get("/admin/")
    assert address in links(client)
    assert address in links(client, "/en/countries/")


@pytest.mark.parametrize("role", [None, Role.RESIDENT])
def test_nobody_else_is_offered_it(signed_in: Any, role: str | None) -> None:
    client = signed_in(_staff("en", role) if role else UserFactory(language="en"))
    client.get("/admin/")
    assert "/admin/" not in links(client)
    assert "/admin/" not in links(Client())


def test_what_staff_were_shown_never_reaches_the_shared_cache(signed_in: Any) -> None:
    client = signed_in(_staff("en", "moderator"))
    client.get("/admin/")
    path = f"/en/topics/{make_post(status='published').topic.public_id}/"
    assert "/admin/moderation/" in client.get(path, follow=True).content.decode()
    again = Client()
    for _ in range(2):
        assert "/admin/" not in again.get(path, follow=True).content.decode()


def test_a_topic_leads_reviewers_to_the_items_of_its_texts(signed_in: Any) -> None:
    post = make_post(status="published")
    reply = make_reply(topic=post.topic, status="published")
    client = signed_in(_staff("en", "moderator"))
    path = f"/en/topics/{post.topic.public_id}/"
    assert "/admin/moderation/post/" not in client.get(path, follow=True).content.decode()
    client.get("/admin/")
    page = client.get(path, follow=True).content.decode()
    for text in (post, reply):
        address = f"/admin/moderation/post/{text.public_id}/"
        assert address in page
        assert client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("kept", "roles"),
    [({}, []), ({"roles_seen": []}, []), ({"roles_seen": ["moderator PE nl", "moderator None fr", "analyst None "]}, ["analyst", "moderator"])],
)
def test_what_a_session_says_of_roles(kept: dict[str, Any], roles: list[str]) -> None:
    assert sorted(roles_seen(kept)) == roles


def test_each_language_of_the_site_is_one_of_the_admin() -> None:
    assert [code for code, _name in settings.WAGTAILADMIN_PERMITTED_LANGUAGES] == Language.values
