"""Staff show a second factor before the staff's rooms; members may, and nobody else gets in."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts import cipher
from accounts.enums import STAFF_ROLES, AccountEventKind, Role
from accounts.models import AccountEvent, RoleGrant, User
from accounts.second_factor import set_up_authenticator
from accounts.services import confirm_address, grant_role, revoke_role
from pages.editors import ensure_editor_groups
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "drie kano's naar Iquitos"


def staff_with_password(role: str = "moderator", **grant: Any) -> User:
    user: User = UserFactory(language="en")
    user.set_password(PASSWORD)
    user.save()
    confirm_address(user)
    RoleGrant.objects.create(user=user, role=role, reason="test", **grant)
    return user


def by_password(user: User) -> Client:
    client = Client()
    client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_staff_without_second_factor_are_led_to_its_set_up(client: Client) -> None:
    user = staff_with_password()
    client = by_password(user)
    for path in ("/admin/", "/admin/pages/", "/admin/nothing-here/", "/admin/account/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/en/account/2fa/totp/activate/?next=")
    assert client.post("/admin/account/", {}).status_code == 302
    assert client.get("/en/account/").status_code == 200


def test_set_up_opens_the_door_in_the_same_session(app_code: Any, django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]) -> None:
    user = staff_with_password()
    client = by_password(user)
    page = client.get("/en/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    html = page.content.decode()
    assert "data:image/svg+xml;base64," in html
    assert secret[:4] + " " + secret[4:8] in html
    assert client.post("/en/account/2fa/totp/activate/", {"code": "000"}).status_code == 400
    assert not Authenticator.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/en/account/2fa/totp/activate/", {"code": app_code(secret)})
    assert response["Location"] == "/en/account/2fa/recovery-codes/"
    codes = client.get(response["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200
    assert AccountEvent.objects.filter(user=user, kind=AccountEventKind.SECOND_FACTOR_ADDED).count() == 1
    assert len(mailoutbox) == 1


def test_signing_in_asks_for_the_second_factor(app_code: Any) -> None:
    user = staff_with_password()
    secret = set_up_authenticator(user)
    client = by_password(user)
    assert "_auth_user_id" not in client.session
    assert "/login/" in client.get("/admin/")["Location"]
    assert client.post("/en/account/2fa/authenticate/", {"code": "000000"}).status_code == 400
    assert client.post("/en/account/2fa/authenticate/", {"code": app_code(secret)}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_code_of_the_app_works_once(app_code: Any) -> None:
    user = staff_with_password()
    secret = set_up_authenticator(user)
    first, second = by_password(user), by_password(user)
    code = app_code(secret)
    assert first.post("/en/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/en/account/2fa/authenticate/", {"code": code}).status_code == 400
    assert "_auth_user_id" not in second.session


def test_session_without_the_second_factor_must_show_it(app_code: Any) -> None:
    """Somebody becomes staff, or sets an app up elsewhere, while signed in."""
    user = staff_with_password()
    client = by_password(user)
    secret = set_up_authenticator(user)
    response = client.get("/admin/account/?p=2")
    assert response["Location"] == "/en/account/2fa/reauthenticate/?next=%2Fadmin%2Faccount%2F%3Fp%3D2"
    response = client.post(response["Location"], {"code": app_code(secret)})
    assert response["Location"] == "/admin/account/?p=2"
    assert client.get("/admin/").status_code == 200


def test_another_ones_record_in_the_session_does_not_count() -> None:
    user = staff_with_password()
    client = by_password(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk + 1)
    session.save()
    assert client.get("/admin/").status_code == 302


def test_anonymous_is_led_to_the_sign_in_of_everybody(client: Client) -> None:
    response = client.get("/admin/pages/")
    assert response.status_code == 302
    assert "/login/?next=%2Fadmin%2Fpages%2F" in response["Location"]
    assert "/login/" in client.get("/admin/login/?next=/admin/")["Location"]
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code in {302, 405}


@pytest.mark.parametrize("role", [None, Role.RESIDENT])
def test_member_and_resident_are_refused(signed_in: Any, role: str | None) -> None:
    user = UserFactory()
    if role:
        RoleGrant.objects.create(user=user, role=role, reason="test")
    client = signed_in(user)
    for path in ("/admin/", "/admin/pages/", "/admin/nothing-here/"):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_scoped_grant_gives_the_door_and_nothing_more(signed_in: Any, role: str) -> None:
    user = UserFactory()
    grant_role(user=user, role=role, actor=None, reason="test", country="PE")
    assert user.has_perm("wagtailadmin.access_admin")
    assert not user.groups.exists()
    assert user.get_all_permissions() == set()
    client = signed_in(user)
    assert client.get("/admin/").status_code == 200
    for path in ("/admin/users/", "/admin/groups/", "/admin/pages/"):
        assert client.get(path).status_code == 403


def test_unscoped_editor_edits_pages_and_nothing_else(signed_in: Any) -> None:
    ensure_editor_groups()
    user = UserFactory()
    grant_role(user=user, role="crisis_editor", actor=None, reason="test")
    client = signed_in(user)
    assert client.get("/admin/pages/").status_code == 200
    for path in ("/admin/users/", "/admin/groups/", "/admin/images/", "/admin/documents/"):
        assert client.get(path).status_code == 403
    assert client.post("/admin/images/add/", {"title": "x"}).status_code == 403


def test_expired_grant_gives_nothing_at_once(signed_in: Any) -> None:
    user = UserFactory()
    grant = grant_role(user=user, role="moderator", actor=None, reason="test", valid_until=timezone.now() + timedelta(hours=1))
    client = signed_in(user)
    assert client.get("/admin/").status_code == 200
    assert user.groups.count() == 1
    RoleGrant.objects.filter(pk=grant.pk).update(valid_until=timezone.now() - timedelta(seconds=1))
    assert client.get("/admin/").status_code == 403
    assert not User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


def test_one_expired_grant_of_two_takes_its_group_away(signed_in: Any) -> None:
    user = UserFactory()
    grant = grant_role(user=user, role="supervisor", actor=None, reason="test")
    grant_role(user=user, role="moderator", actor=None, reason="test", country="PE")
    RoleGrant.objects.filter(pk=grant.pk).update(valid_until=timezone.now() - timedelta(seconds=1))
    assert signed_in(user).get("/admin/").status_code == 200
    assert not user.groups.exists()


def test_revoked_grant_gives_nothing_at_once(signed_in: Any) -> None:
    user = UserFactory()
    grant = grant_role(user=user, role="moderator", actor=None, reason="test")
    client = signed_in(user)
    assert client.get("/admin/").status_code == 200
    revoke_role(grant=grant, actor=None)
    assert client.get("/admin/").status_code == 403
    assert not user.groups.exists()
    kinds = list(AccountEvent.objects.filter(user=user).order_by("pk").values_list("kind", "actor_ref", "detail"))
    assert kinds == [("role_granted", "command", "moderator"), ("role_revoked", "command", "moderator")]


def test_staff_keep_their_app_members_may_remove_it(app_code: Any, django_capture_on_commit_callbacks: Any) -> None:
    staff = staff_with_password()
    member = UserFactory(language="en")
    member.set_password(PASSWORD)
    member.save()
    confirm_address(member)
    for user, left in ((staff, 1), (member, 0)):
        secret = set_up_authenticator(user)
        client = by_password(user)
        client.post("/en/account/2fa/authenticate/", {"code": app_code(secret)})
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post("/en/account/2fa/totp/deactivate/")
        assert response.status_code == (400 if left else 302)
        assert Authenticator.objects.filter(user=user, type="totp").count() == left


def test_secrets_are_encrypted_in_the_database(settings: Any) -> None:
    user = UserFactory()
    secret = set_up_authenticator(user)
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in stored
    assert cipher.decrypt(stored) == secret
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
    assert cipher.decrypt(stored) == secret
