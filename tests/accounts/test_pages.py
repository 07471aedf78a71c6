"""Every page of an account that can be shown is whole: no hole, no inline style or script, one primary button at most, a title of its own."""

import re
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command
from django.test import Client

from accounts.enrolment import issue_enrolment_link
from accounts.enums import ProfileStatus
from accounts.models import User
from accounts.second_factor import set_up_authenticator
from accounts.services import confirm_address, grant_role, set_profile_status, submit_profile
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "drie kano's naar Iquitos"
OWN = [
    "",
    "profile/",
    "email/",
    "password/set/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
]


def whole(response: Any, status: int = 200) -> str:
    """Check one page and return it."""
    assert response.status_code == status, response
    html: str = response.content.decode()
    assert "{{" not in html
    assert "{%" not in html
    assert " style=" not in html
    assert "<script" not in html
    assert len(re.findall(r'class="btn main"', html)) <= 1
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.search(r"<title>[^<]+ · [^<]+</title>", html)
    assert "no-store" in response.headers["Cache-Control"] or "private" in response.headers["Cache-Control"]
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), sorted(ids)
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= set(ids)
    return html


def member(**fields: Any) -> User:
    user: User = UserFactory(language="en", **fields)
    confirm_address(user)
    return user


@pytest.mark.parametrize("path", ["login/", "login/code/", "signup/", "password/reset/", "inactive/", "password/reset/done/"])
@pytest.mark.parametrize("language", ["fr/compte", "nl/account", "de/konto", "en/account"])
def test_pages_before_signing_in(client: Client, language: str, path: str) -> None:
    whole(client.get(f"/{language}/{path}"))


@pytest.mark.parametrize("path", ["login/", "login/code/", "signup/", "password/reset/"])
def test_empty_forms_come_back_with_errors_tied_to_fields(client: Client, path: str) -> None:
    html = whole(client.post(f"/en/account/{path}", {}), 400)
    assert 'role="alert"' in html
    assert 'aria-invalid="true"' in html


def test_pages_between_the_steps(client: Client, mailed_code: Any) -> None:
    user = member()
    client.post("/en/account/login/", {"login": user.email, "password": ""})
    html = whole(client.get("/en/account/login/code/confirm/"))
    assert 'name="action" value="resend"' in html
    whole(client.post("/en/account/login/code/confirm/", {"code": "1"}), 400)
    other = Client()
    other.post("/en/account/password/reset/", {"email": user.email})
    whole(other.get("/en/account/password/reset/confirm/"))
    other.post("/en/account/password/reset/confirm/", {"code": mailed_code()})
    whole(other.get("/en/account/password/reset/complete/"))
    whole(other.post("/en/account/password/reset/complete/", {"password1": "a", "password2": "b"}), 400)


@pytest.mark.parametrize("path", OWN)
def test_own_pages(signed_in: Any, path: str) -> None:
    whole(signed_in(member()).get(f"/en/account/{path}"))


@pytest.mark.parametrize("status", [None, *ProfileStatus])
def test_profile_in_every_state(signed_in: Any, status: ProfileStatus | None) -> None:
    user = member()
    if status:
        set_profile_status(version=submit_profile(actor=user, pseudonym="Lieve", about="Lives in Cusco."), status=status)
    browser = signed_in(User.objects.get(pk=user.pk))
    whole(browser.get("/en/account/"))
    whole(browser.get("/en/account/profile/"))


def test_pages_with_a_password_and_an_app(signed_in: Any) -> None:
    user = member()
    user.set_password(PASSWORD)
    user.save()
    set_up_authenticator(user)
    RecoveryCodes.activate(user)
    grant_role(user=user, role="moderator", actor=None, reason="test")
    browser = signed_in(user)
    for path in ("", "password/change/", "reauthenticate/", "2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"):
        whole(browser.get(f"/en/account/{path}"))
    whole(browser.get("/en/account/2fa/reauthenticate/"))
    whole(browser.post("/en/account/password/change/", {"oldpassword": "x", "password1": "y", "password2": "z"}), 400)
    refused = whole(browser.get("/en/account/2fa/totp/deactivate/"))
    assert "Staff keep their authenticator app" in refused
    second = Client()
    second.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
    whole(second.get("/en/account/2fa/authenticate/"))
    whole(second.post("/en/account/2fa/authenticate/", {"code": "1"}), 400)
    codes = browser.get("/en/account/2fa/recovery-codes/download/")
    assert (codes.status_code, len(codes.content.split())) == (200, 10)


def test_pages_while_an_address_changes(signed_in: Any) -> None:
    browser = signed_in(member())
    assert browser.post("/en/account/email/", {"email": "new@example.org", "action_add": "1"}).status_code == 302
    whole(browser.get("/en/account/confirm-email/"))
    whole(browser.get("/en/account/email/"))
    whole(browser.post("/en/account/email/", {"email": "no address", "action_add": "1"}), 400)


def test_pages_of_the_enrolment_link(client: Client) -> None:
    path = issue_enrolment_link(user=member()).removeprefix("http://localhost:8000")
    whole(client.get(path))
    whole(client.post(path, {"password": "short"}), 400)
    whole(client.get("/en/account/enrol/nothing/"), 410)


def test_page_of_a_refused_language(signed_in: Any) -> None:
    whole(signed_in(member()).post("/en/account/language/", {"language": "es"}), 400)


@pytest.mark.parametrize(("language", "label"), [("fr/compte", "Adresse e-mail"), ("nl/account", "E-mailadres"), ("de/konto", "E-Mail-Adresse")])
def test_an_address_is_called_the_same_on_every_page(client: Client, signed_in: Any, language: str, label: str) -> None:
    pages = [client.get(f"/{language}/{path}") for path in ("login/", "signup/", "login/code/", "password/reset/")]
    for response in [*pages, signed_in(member()).get(f"/{language}/email/")]:
        assert f">{label}</label>" in whole(response), response.request["PATH_INFO"]


def test_a_new_password_is_explained_in_one_line(signed_in: Any) -> None:
    with_password = member()
    with_password.set_password(PASSWORD)
    with_password.save()
    for person, path in ((member(), "set"), (with_password, "change")):
        html = whole(signed_in(person).get(f"/en/account/password/{path}/"))
        assert "12 characters at least, 15 or more are better. No common password." in html
        assert "entirely numeric" not in html


def test_the_rules_are_named_beside_the_sign_up(client: Client, db: None) -> None:
    call_command("ensure_site", verbosity=0)
    html = whole(client.get("/en/account/signup/"))
    beside = html[html.index("Worth reading first") : html.index("</aside>")]
    assert [re.search(rf'href="/en/{slug}/"', beside) is not None for slug in ("charter", "privacy", "accessibility")] == [True, True, False]


@pytest.mark.parametrize("language", ["fr/compte", "nl/account", "de/konto", "en/account"])
def test_the_code_of_an_app_is_called_a_code(signed_in: Any, language: str) -> None:
    assert ">Code</label>" in whole(signed_in(member()).get(f"/{language}/2fa/totp/activate/"))
