"""Sign-up: what is asked, what waits, and what a stranger learns from it (nothing)."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.enums import ProfileStatus
from accounts.models import ProfileVersion, RoleGrant, User
from moderation.models import ReviewItem
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def answers(**changes: Any) -> dict[str, Any]:
    """Return a complete form."""
    form = {"email": "Lieve@Example.org", "pseudonym": "Lieve uit Cusco", "age": "adult", "password1": "", "terms": "on"}
    return {key: value for key, value in (form | changes).items() if value is not None}


def sign_up(client: Client, language: str = "nl", **changes: Any) -> Any:
    with translation.override(language):
        return client.post(reverse("account_signup"), answers(**changes))


def confirm(client: Client, code: str, language: str = "nl") -> Any:
    with translation.override(language):
        return client.post(reverse("account_email_verification_sent"), {"code": code})


def test_sign_up_confirms_by_code_and_sends_the_name_to_review(client: Client, mailed_code: Any, mailoutbox: list[Any]) -> None:
    response = sign_up(client)
    assert response.status_code == 302
    assert len(mailoutbox) == 1
    assert mailoutbox[0].to == ["lieve@example.org"]
    assert "Lieve" not in mailoutbox[0].subject + mailoutbox[0].body
    user = User.objects.get(email="lieve@example.org")
    assert (user.language, user.is_minor, user.terms_version) == ("nl", False, "2026-11")
    assert user.terms_accepted_at is not None
    assert not user.has_usable_password()
    assert user.profile_versions.get().status == ProfileStatus.UNCONFIRMED
    assert not ReviewItem.objects.exists()

    response = confirm(client, mailed_code())
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.pseudonym is None
    assert user.display_name.startswith("Member") or user.member_code[:4] in user.display_name
    assert user.profile_versions.get().status == ProfileStatus.PENDING
    assert ReviewItem.objects.get().profile == user.profile_versions.get()
    assert client.get(reverse("account_home")).status_code == 200
    assert not RoleGrant.objects.exists()


def test_minor_is_flagged(client: Client) -> None:
    sign_up(client, age="minor")
    assert User.objects.get(email="lieve@example.org").is_minor


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("age", "child"),
        ("age", ""),
        ("age", "grown"),
        ("terms", None),
        ("pseudonym", ""),
        ("pseudonym", "L"),
        ("pseudonym", "Lie\x00ve"),
        ("pseudonym", "Li\u202eeve"),
        ("pseudonym", "lieve@example.org"),
        ("pseudonym", "https://example.org"),
        ("pseudonym", "!!!"),
        ("pseudonym", "L" * 41),
        ("email", "no-address"),
        ("email", ""),
        ("email", "a\x00b@example.org"),
        ("password1", "short"),
        ("password1", "passwordpassword"[:8] * 1),
        ("password1", "123456789012"),
    ],
)
def test_bad_input_is_refused_and_comes_back(client: Client, mailoutbox: list[Any], field: str, value: str | None) -> None:
    response = sign_up(client, language="en", **{field: value})
    assert response.status_code == 400
    html = response.content.decode()
    assert 'role="alert"' in html
    assert "aria-invalid" in html
    if field != "email":
        assert 'value="Lieve@Example.org"' in html
    if field != "pseudonym":
        assert 'value="Lieve uit Cusco"' in html
    assert not User.objects.filter(email="lieve@example.org").exists()
    assert not ProfileVersion.objects.exists()
    assert mailoutbox == []


def test_errors_are_tied_to_their_fields(client: Client) -> None:
    html = sign_up(client, language="en", pseudonym="", age="").content.decode()
    assert 'href="#id_pseudonym"' in html
    assert 'aria-describedby="id_pseudonym_helptext id_pseudonym_error"' in html
    assert 'id="id_pseudonym_error"' in html
    assert 'href="#id_age_0"' in html
    assert 'id="id_age_error"' in html


def test_password_of_sign_up_works_once_confirmed(client: Client, mailed_code: Any) -> None:
    sign_up(client, password1="drie kano's naar Iquitos")
    confirm(client, mailed_code())
    assert User.objects.get(email="lieve@example.org").check_password("drie kano's naar Iquitos")


def test_forged_fields_give_no_right(client: Client, mailed_code: Any) -> None:
    forged = {"role": "administrator", "is_superuser": "1", "is_staff": "1", "trust": "trusted", "groups": "1", "is_active": "0", "is_system": "1"}
    sign_up(client, **forged)
    confirm(client, mailed_code())
    user = User.objects.get(email="lieve@example.org")
    assert (user.is_superuser, user.is_system, user.is_active, user.trust) == (False, False, True, "new")
    assert not user.grants.exists()
    assert not user.groups.exists()
    assert client.get("/admin/").status_code == 403


def without_tokens(html: str) -> str:
    """Return a page without what differs from one answer to the next."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
    return re.sub(r"lieve@example\.org|taken@example\.org", "ADDRESS", html)


def test_existing_address_gets_the_same_answer_and_another_mail(mailoutbox: list[Any]) -> None:
    taken = UserFactory(email="taken@example.org", language="de")
    EmailAddress.objects.create(user=taken, email=taken.email, verified=True, primary=True)
    pages = []
    for address in ("lieve@example.org", "taken@example.org"):
        browser = Client()
        response = sign_up(browser, email=address)
        assert response.status_code == 302
        pages.append((response["Location"], without_tokens(browser.get(response["Location"]).content.decode())))
        # Typed again: the name of an unconfirmed sign-up is not taken, so the second answer tells nothing either.
        assert sign_up(Client(), email=address).status_code == 302
    assert pages[0] == pages[1]
    assert User.objects.filter(email="taken@example.org").count() == 1
    assert taken.profile_versions.count() == 0
    to_taken = [mail for mail in mailoutbox if mail.to == ["taken@example.org"]]
    assert len(to_taken) == 2
    assert not any(re.search(r"\d{4}-\d{4}", mail.body) for mail in to_taken)
    assert to_taken[0].extra_headers["Content-Language"] == "de"


def test_code_of_somebody_else_or_too_often_wrong_does_not_confirm(client: Client, mailed_code: Any) -> None:
    sign_up(client)
    right = mailed_code()
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"
    assert confirm(client, wrong).status_code == 400
    assert confirm(client, wrong).status_code == 400
    assert confirm(client, wrong).status_code == 302
    confirm(client, right)
    assert not EmailAddress.objects.get(email="lieve@example.org").verified
    assert client.get(reverse("account_home")).status_code == 302


def test_expired_code_does_not_confirm(client: Client, mailed_code: Any, settings: Any) -> None:
    sign_up(client)
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = -1
    response = confirm(client, mailed_code())
    assert response.status_code == 302
    assert not EmailAddress.objects.get(email="lieve@example.org").verified
    assert User.objects.get(email="lieve@example.org").profile_versions.get().status == ProfileStatus.UNCONFIRMED


def test_whoever_signs_up_with_another_ones_address_keeps_no_key(client: Client, mailed_code: Any) -> None:
    """The owner of the address later signs in by code: password and name of the stranger are gone."""
    sign_up(client, password1="drie kano's naar Iquitos", pseudonym="Rude name")
    owner = Client()
    with translation.override("nl"):
        owner.post(reverse("account_login"), {"login": "lieve@example.org", "password": ""})
        response = owner.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    assert response.status_code == 302
    user = User.objects.get(email="lieve@example.org")
    assert not user.has_usable_password()
    assert user.profile_versions.get().status == ProfileStatus.WITHDRAWN
    assert not ReviewItem.objects.exists()
    assert owner.get(reverse("account_home")).status_code == 200


def test_name_taken_meanwhile_is_dropped_with_a_word(client: Client, mailed_code: Any) -> None:
    sign_up(client, language="en")
    UserFactory(pseudonym="Lieve uit Cusco", pseudonym_key="lieveuitcusco")
    confirm(client, mailed_code(), language="en")
    user = User.objects.get(email="lieve@example.org")
    assert user.profile_versions.get().status == ProfileStatus.WITHDRAWN
    assert "could not be kept" in client.get("/en/account/").content.decode()


@pytest.mark.parametrize("name", ["Marie", "MARIE", "Mаrie", "m a r i e", "Márie"])
def test_taken_name_or_one_that_looks_like_it_is_refused(client: Client, name: str) -> None:
    UserFactory(pseudonym="Marie", pseudonym_key="marie")
    assert sign_up(client, pseudonym=name).status_code == 400
    assert not User.objects.filter(email="lieve@example.org").exists()


def test_one_address_gets_three_unconfirmed_mails_a_day(mailoutbox: list[Any]) -> None:
    for number in range(5):
        response = sign_up(Client(), email=f"lieve+{number}@example.org", pseudonym=f"Lieve {number}")
        assert response.status_code == 302
    assert len(mailoutbox) == 3
