"""The operator's commands: create_staff, its one-time link, sign_in_as."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.enrolment import EnrolmentLinkNotUsable, issue_enrolment_link, use_enrolment_link
from accounts.enums import AccountEventKind
from accounts.models import AccountEvent, EnrolmentLink, RoleGrant, User
from accounts.querysets import RecordIsAppendOnly
from accounts.second_factor import set_up_authenticator
from accounts.services import confirm_address
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "drie kano's naar Iquitos"


def run(*arguments: str) -> str:
    """Run create_staff and return what it prints on standard output."""
    out = StringIO()
    call_command("create_staff", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def path_of(link: str) -> str:
    assert link.startswith("http://localhost:8000/")
    return link.removeprefix("http://localhost:8000")


def test_first_administrator_sets_up_the_sign_in(app_code: Any, django_capture_on_commit_callbacks: Any) -> None:
    path = path_of(run("Chief@example.org", "--role", "administrator"))
    user = User.objects.get(email="chief@example.org")
    grant = RoleGrant.objects.get(user=user)
    assert (grant.role, grant.granted_by, grant.country_id, grant.language) == ("administrator", None, None, "")
    assert not EmailAddress.objects.filter(user=user, verified=True).exists()

    browser = Client()
    assert browser.get(path).status_code == 200
    assert browser.head(path).status_code in {200, 405}
    assert browser.post(path, {"password": "short"}).status_code == 400
    response = browser.post(path, {"password": PASSWORD})
    assert response.status_code == 302
    assert "totp/activate" in response["Location"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    assert browser.get("/admin/").status_code == 302
    secret = browser.get(response["Location"]).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(response["Location"], {"code": app_code(secret)})
    assert browser.get("/admin/").status_code == 200
    kinds = list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["role_granted", "enrolment_issued", "enrolment_used", "second_factor_added"]


def test_link_works_once() -> None:
    path = path_of(run("chief@example.org", "--role", "administrator"))
    assert Client().post(path, {"password": ""}).status_code == 302
    again = Client()
    assert again.get(path).status_code == 410
    assert again.post(path, {"password": PASSWORD}).status_code == 410
    assert "_auth_user_id" not in again.session
    assert not User.objects.get(email="chief@example.org").has_usable_password()
    assert AccountEvent.objects.filter(kind=AccountEventKind.ENROLMENT_USED).count() == 1


def test_link_expires_and_a_newer_one_replaces_it() -> None:
    first = path_of(run("chief@example.org", "--role", "administrator"))
    second = path_of(run("chief@example.org", "--role", "administrator"))
    assert RoleGrant.objects.count() == 1
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    EnrolmentLink.objects.update(created_at=timezone.now() - timedelta(days=5), expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(second, {"password": ""}).status_code == 410


@pytest.mark.parametrize("secret", ["x", "' OR 1=1", "%00", "a" * 500])
def test_invented_link_opens_nothing(secret: str) -> None:
    browser = Client()
    assert browser.post(f"/en/account/enrol/{secret}/", {"password": ""}).status_code in {400, 404, 410}
    assert "_auth_user_id" not in browser.session


def test_second_of_two_at_once_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked; the first uses the link up in between."""
    user = UserFactory()
    secret = issue_enrolment_link(user=user).rstrip("/").rsplit("/", 1)[-1]
    monkeypatch.setattr("accounts.enrolment.user_of_link", lambda _secret: user)
    use_enrolment_link(secret=secret)
    with pytest.raises(EnrolmentLinkNotUsable):
        use_enrolment_link(secret=secret, password=PASSWORD)
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_link_of_an_inactive_person_opens_nothing() -> None:
    path = path_of(run("chief@example.org", "--role", "administrator"))
    User.objects.filter(email="chief@example.org").update(is_active=False)
    assert Client().get(path).status_code == 410
    with pytest.raises(CommandError):
        run("chief@example.org", "--role", "moderator")


def test_link_does_not_replace_a_second_factor() -> None:
    user = UserFactory(email="chief@example.org")
    set_up_authenticator(user)
    browser = Client()
    response = browser.post(path_of(run("chief@example.org", "--role", "administrator")), {"password": ""})
    assert "2fa/authenticate" in response["Location"]
    assert "_auth_user_id" not in browser.session


def test_link_ends_the_session_of_whoever_was_signed_in(signed_in: Any) -> None:
    other = UserFactory()
    browser = signed_in(other)
    path = path_of(run("chief@example.org", "--role", "administrator"))
    browser.post(path, {"password": ""})
    assert browser.session["_auth_user_id"] == str(User.objects.get(email="chief@example.org").pk)
    assert browser.get("/admin/").status_code == 302


def test_reset_takes_factor_password_and_sessions_away(signed_in: Any) -> None:
    user = UserFactory(email="lost@example.org")
    user.set_password(PASSWORD)
    user.save()
    confirm_address(user)
    RoleGrant.objects.create(user=user, role="moderator", reason="test")
    set_up_authenticator(user)
    browser = signed_in(user)
    assert browser.get("/admin/").status_code == 200
    path = path_of(run("Lost@example.org", "--reset-second-factor"))
    assert browser.get("/admin/")["Location"].startswith(("/fr/", "/en/"))
    assert "login" in browser.get("/admin/")["Location"]
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not Authenticator.objects.exists()
    assert "totp/activate" in Client().post(path, {"password": ""})["Location"]
    assert AccountEvent.objects.filter(user=user, kind=AccountEventKind.SECOND_FACTOR_RESET, actor_ref="command").count() == 1


def test_scope_is_kept_and_checked() -> None:
    run("desk@example.org", "--role", "moderator", "--country", "pe", "--language", "nl")
    grant = RoleGrant.objects.get()
    assert (grant.country_id, grant.language, grant.user.language) == ("PE", "nl", "nl")
    assert not grant.user.groups.exists()
    for bad in (["--role", "king"], ["--role", "moderator", "--country", "QQ"], ["--role", "moderator", "--language", "es"], []):
        with pytest.raises(CommandError):
            run("other@example.org", *bad)
    with pytest.raises(CommandError):
        run("no address", "--role", "moderator")
    with pytest.raises(CommandError):
        run("nobody@example.org", "--reset-second-factor")
    assert User.objects.count() == 1
    assert RoleGrant.objects.count() == 1


def test_log_and_record_hold_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    run("chief@example.org", "--role", "administrator")
    event = AccountEvent.objects.first()
    assert event is not None
    assert "@" not in f"{event.detail}{event.actor_ref}"
    with pytest.raises(RecordIsAppendOnly):
        event.save()
    with pytest.raises(RecordIsAppendOnly):
        event.delete()
    with pytest.raises(RecordIsAppendOnly):
        AccountEvent.objects.update(detail="")
    with pytest.raises(RecordIsAppendOnly):
        AccountEvent.objects.all().delete()
    assert AccountEvent.objects.count() == 2


def test_secret_is_not_stored() -> None:
    secret = path_of(run("chief@example.org", "--role", "administrator")).rstrip("/").rsplit("/", 1)[-1]
    assert EnrolmentLink.objects.get().digest != secret
    assert len(secret) >= 40


def cookie(email: str) -> str:
    out = StringIO()
    call_command("sign_in_as", email, stdout=out)
    return out.getvalue().strip()


def test_sign_in_as_refuses_in_production() -> None:
    UserFactory(email="m@example.org")
    with pytest.raises(CommandError):
        cookie("m@example.org")
    assert not AccountEvent.objects.exists()


@pytest.mark.parametrize("flag", ["DEMO", "DEBUG"])
def test_sign_in_as_opens_a_whole_session(settings: Any, flag: str) -> None:
    setattr(settings, flag, True)
    user = UserFactory(email="m@example.org")
    RoleGrant.objects.create(user=user, role="moderator", reason="test")
    name, value = cookie("M@example.org").split("=")
    assert name == "sessionid"
    browser = Client()
    browser.cookies[name] = value
    assert browser.get("/admin/").status_code == 200
    assert AccountEvent.objects.get().kind == AccountEventKind.SIGNED_IN_AS


def test_sign_in_as_knows_only_people_who_may_sign_in(settings: Any) -> None:
    settings.DEMO = True
    UserFactory(email="gone@example.org", is_active=False)
    for email in ("gone@example.org", "nobody@example.org", "system@invalid"):
        with pytest.raises(CommandError):
            cookie(email)
