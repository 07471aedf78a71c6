"""Sign-in by code or password: no word about who has an account, limits, a safe way on."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import archive_author, confirm_address, system_user
from tests.accounts.conftest import CODE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "drie kano's naar Iquitos"
LOGIN = "/en/account/login/"
CONFIRM = "/en/account/login/code/confirm/"


@pytest.fixture
def member() -> User:
    """A member with a confirmed address and a password."""
    user: User = UserFactory(email="member@example.org", language="nl")
    user.set_password(PASSWORD)
    user.save()
    confirm_address(user)
    return user


@pytest.fixture
def limits(settings: Any) -> None:
    """Rate limits as in production."""
    settings.ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/5m/key,60/m/ip", "request_login_code": "3/m/key,20/h/key,60/m/ip"}


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_code_signs_in_and_works_once(client: Client, member: User, mailed_code: Any, mailoutbox: list[Any]) -> None:
    assert client.post(LOGIN, {"login": "Member@example.org", "password": ""}).status_code == 302
    assert mailoutbox[0].to == ["member@example.org"]
    assert mailoutbox[0].extra_headers["Content-Language"] == "nl"
    before = client.session.session_key
    assert client.post(CONFIRM, {"code": mailed_code()}).status_code == 302
    assert signed_in_as(client) == str(member.pk)
    assert client.session.session_key != before
    other = Client()
    other.post(CONFIRM, {"code": mailed_code()})
    assert signed_in_as(other) is None


def test_code_may_be_typed_without_its_dash(client: Client, member: User, mailed_code: Any) -> None:
    client.post(LOGIN, {"login": member.email, "password": ""})
    client.post(CONFIRM, {"code": mailed_code().replace("-", " ")})
    assert signed_in_as(client) == str(member.pk)


def test_password_signs_in_and_rotates_the_session(client: Client, member: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["kept"] = 1
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    assert client.post(LOGIN, {"login": member.email, "password": PASSWORD}).status_code == 302
    assert signed_in_as(client) == str(member.pk)
    assert client.session.session_key != before


def test_expired_code_is_refused(client: Client, member: User, mailed_code: Any, settings: Any) -> None:
    client.post(LOGIN, {"login": member.email, "password": ""})
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    assert client.post(CONFIRM, {"code": mailed_code()}).status_code == 302
    assert signed_in_as(client) is None


def test_three_wrong_codes_end_the_attempt(client: Client, member: User, mailed_code: Any) -> None:
    client.post(LOGIN, {"login": member.email, "password": ""})
    right = mailed_code()
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"
    statuses = [client.post(CONFIRM, {"code": wrong}).status_code for _ in range(3)]
    assert statuses == [400, 400, 302]
    client.post(CONFIRM, {"code": right})
    assert signed_in_as(client) is None


def clean(html: str) -> str:
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
    return re.sub(r"[a-z]+@example\.org", "ADDRESS", html)


@pytest.mark.parametrize("password", ["", "wrong password of twelve"])
def test_stranger_and_member_see_the_same(member: User, mailoutbox: list[Any], password: str) -> None:
    inactive = UserFactory(email="inactive@example.org", is_active=False)
    confirm_address(inactive)
    seen = []
    for address in ("member@example.org", "nobody@example.org", "inactive@example.org"):
        browser = Client()
        response = browser.post(LOGIN, {"login": address, "password": password})
        follow = browser.get(response["Location"]) if response.status_code == 302 else response
        seen.append((response.status_code, response.get("Location"), clean(follow.content.decode())))
    assert seen[0] == seen[1] == seen[2]
    assert [mail.to for mail in mailoutbox] == ([["member@example.org"]] if not password else [])


def test_inactive_user_cannot_sign_in_with_the_right_password(client: Client, member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)
    client.post(LOGIN, {"login": member.email, "password": PASSWORD})
    assert signed_in_as(client) is None


def test_deactivation_ends_the_session_at_once(member: User, signed_in: Any) -> None:
    browser = signed_in(member)
    assert browser.get("/en/account/").status_code == 200
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert browser.get("/en/account/").status_code == 302


def test_reserved_accounts_cannot_sign_in(client: Client, mailoutbox: list[Any]) -> None:
    system = system_user()
    User.objects.filter(pk=system.pk).update(email="system@example.org")
    author = archive_author(source="fb", key="7", pseudonym="Jan")
    User.objects.filter(pk=author.pk).update(is_active=True)
    for address in ("system@example.org", author.email):
        browser = Client()
        browser.post(LOGIN, {"login": address, "password": ""})
        codes = [CODE.search(mail.body) for mail in mailoutbox if mail.to == [address]]
        for code in filter(None, codes):
            browser.post(CONFIRM, {"code": code.group()})
        assert signed_in_as(browser) is None


@pytest.mark.parametrize(
    ("wanted", "safe"),
    [("/nl/", True), ("https://evil.example/", False), ("//evil.example/", False), ("/\\evil.example", False), ("javascript:alert(1)", False)],
)
def test_way_on_stays_on_this_site(client: Client, member: User, wanted: str, safe: bool) -> None:
    response = client.post(LOGIN, {"login": member.email, "password": PASSWORD, "next": wanted})
    assert response.status_code == 302
    assert response["Location"] == (wanted if safe else "/en/account/")


def test_way_on_survives_the_code_page(client: Client, member: User, mailed_code: Any) -> None:
    response = client.post(LOGIN, {"login": member.email, "password": "", "next": "/nl/"})
    assert "next=" in response["Location"]
    assert client.post(CONFIRM, {"code": mailed_code(), "next": "/nl/"})["Location"] == "/nl/"


@pytest.mark.usefixtures("limits")
def test_failed_passwords_are_limited_per_account(member: User) -> None:
    for _ in range(5):
        assert Client().post(LOGIN, {"login": member.email, "password": "wrong password of twelve"}).status_code == 400
    browser = Client()
    assert browser.post(LOGIN, {"login": member.email, "password": PASSWORD}).status_code == 400
    assert signed_in_as(browser) is None
    other: User = UserFactory(email="other@example.org")
    other.set_password(PASSWORD)
    other.save()
    confirm_address(other)
    assert browser.post(LOGIN, {"login": other.email, "password": PASSWORD}).status_code == 302


@pytest.mark.usefixtures("limits")
def test_codes_are_limited_per_account_and_say_nothing_more(member: User, mailoutbox: list[Any]) -> None:
    for address in (member.email, "nobody@example.org"):
        statuses = [Client().post(LOGIN, {"login": address, "password": ""}).status_code for _ in range(4)]
        assert statuses == [302, 302, 302, 400]
    assert len(mailoutbox) == 3


def test_too_many_requests_say_when_to_come_back(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post(LOGIN, {"login": "a@example.org", "password": ""})
    response = client.post(LOGIN, {"login": "b@example.org", "password": ""})
    assert response.status_code == 429
    assert response["Retry-After"] == "60"


def test_sign_out_needs_a_post(member: User, signed_in: Any) -> None:
    browser = signed_in(member)
    assert browser.get("/en/account/logout/").status_code == 200
    assert signed_in_as(browser) == str(member.pk)
    assert browser.post("/en/account/logout/").status_code == 302
    assert signed_in_as(browser) is None


def test_forms_refuse_a_post_without_token(member: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(LOGIN, {"login": member.email, "password": PASSWORD}).status_code == 403
    assert signed_in_as(browser) is None


def test_password_reset_by_code(client: Client, member: User, mailed_code: Any) -> None:
    client.post("/en/account/password/reset/", {"email": member.email})
    client.post("/en/account/password/reset/confirm/", {"code": mailed_code()})
    weak = client.post("/en/account/password/reset/complete/", {"password1": "password1234", "password2": "password1234"})
    assert weak.status_code == 400
    good = "vier kano's naar Iquitos"
    assert client.post("/en/account/password/reset/complete/", {"password1": good, "password2": good}).status_code == 302
    member.refresh_from_db()
    assert member.check_password(good)
    assert signed_in_as(client) == str(member.pk)


def test_new_address_counts_only_once_confirmed(member: User, signed_in: Any, mailed_code: Any) -> None:
    browser = signed_in(member)
    browser.post("/en/account/email/", {"email": "new@example.org", "action_add": "1"})
    member.refresh_from_db()
    assert member.email == "member@example.org"
    browser.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert list(EmailAddress.objects.filter(user=member).values_list("email", flat=True)) == ["new@example.org"]
    assert member.has_usable_password()


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"x-requested-with": "XMLHttpRequest"}])
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "account_request_login_code"])
def test_programs_are_answered_by_the_same_rules_as_people(client: Client, name: str, headers: dict[str, str]) -> None:
    """allauth would write its forms out as JSON, and failed on ours."""
    assert client.get(reverse(name), headers=headers).status_code == 200
    answer = client.post(reverse(name), {}, headers=headers)
    assert answer.status_code == 400
    assert answer["Content-Type"] == ("application/problem+json" if "accept" in headers else "text/html; charset=utf-8")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "account_logout", "mfa_authenticate"])
def test_a_form_is_sent_by_post_alone(client: Client, name: str, method: str) -> None:
    answer = client.generic(method, reverse(name), b"login=a%40b.be&password=x", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
