"""Nobody learns from an answer, or from how long it takes, who has an account; and a double click is one sign-up."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ProfileVersion, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "drie kano's naar Iquitos"
ANSWERS = {"pseudonym": "Somebody New", "age": "adult", "password1": "", "terms": "on"}


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often a password was hashed: what an answer's time is made of."""
    done: list[str] = []
    original = MD5PasswordHasher.encode

    def encode(self: MD5PasswordHasher, password: str, salt: str, *rest: Any) -> str:
        done.append(salt)
        return original(self, password, salt, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


@pytest.fixture
def taken() -> User:
    """Return somebody who has an account."""
    user: User = UserFactory(email="taken@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_up(email: str, **changes: str) -> Any:
    return Client().post(reverse("account_signup"), {"email": email, **ANSWERS, **changes})


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_sign_up_hashes_and_writes_as_much_for_a_taken_address(taken: User, hashes: list[str], password: str) -> None:
    work = []
    for email in ("new@example.org", "taken@example.org"):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            assert sign_up(email, password1=password).status_code == 302
        written = sorted(re.sub(r"\s.*", "", query["sql"]) + query["sql"].split('"')[1] for query in queries if query["sql"].startswith("INSERT"))
        work.append((len(hashes), written))
    assert work[0][0] == work[1][0] == (1 if password else 0)
    # A code is a session's business, a mail to somebody who has an account holds none; everything else is written in both cases.
    assert {row for row in work[0][1] if "django_session" not in row} == {row for row in work[1][1] if "django_session" not in row}


def test_the_throwaway_sign_up_leaves_nothing(taken: User, mailoutbox: list[Any]) -> None:
    before = User.objects.count()
    client = Client()
    client.post(reverse("account_signup"), {"email": "taken@example.org", **ANSWERS, "password1": PASSWORD})
    assert User.objects.count() == before
    assert EmailAddress.objects.count() == 1
    assert not ProfileVersion.objects.exists()
    assert client.session.get("signed_up_as") is None
    taken.refresh_from_db()
    assert not taken.check_password(PASSWORD)
    assert [mail.to for mail in mailoutbox] == [["taken@example.org"]]
    assert "nobody.invalid" not in mailoutbox[0].body


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_sign_in_hashes_as_much_for_a_stranger(taken: User, hashes: list[str], password: str) -> None:
    with_password = UserFactory(email="other@example.org")
    with_password.set_password("another one of these")
    with_password.save()
    counts = []
    for email in ("taken@example.org", "other@example.org", "nobody@example.org"):
        hashes.clear()
        Client().post(reverse("account_login"), {"login": email, "password": password})
        counts.append(len(hashes))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("email", ["new@example.org", "taken@example.org"])
def test_double_click_on_sign_up_is_no_429(taken: User, settings: Any, mailoutbox: list[Any], email: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key,20/h/key", "signup": "60/h/ip"}
    answers = [sign_up(email) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[3]["Retry-After"] == "60"
    assert User.objects.filter(email=email).count() == 1


def test_rates_of_the_settings_hold_where_nobody_looks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What allauth would allow by itself is not written in our settings: changed there, it must be noticed here."""
    from allauth.account import app_settings

    assert app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS == 3
    assert app_settings.EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS == 3
    assert app_settings.PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS == 3


def guesses(client: Client, name: str, code: str, times: int) -> list[int]:
    return [client.post(reverse(name), {"code": code}).status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("start", "field", "name"),
    [
        ("account_login", "login", "account_confirm_login_code"),
        ("account_request_login_code", "email", "account_confirm_login_code"),
        ("account_reset_password", "email", "account_confirm_password_reset_code"),
    ],
)
def test_a_code_can_be_guessed_three_times(taken: User, mailed_code: Callable[[], str], start: str, field: str, name: str) -> None:
    client = Client()
    assert client.post(reverse(start), {field: "taken@example.org"}).status_code == 302
    right = mailed_code()
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"
    assert guesses(client, name, wrong, 3) == [400, 400, 302]
    client.post(reverse(name), {"code": right})
    assert client.get(reverse("account_home")).status_code == 302
    assert "_auth_user_id" not in client.session
