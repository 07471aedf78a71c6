"""A person's own pages: the profile waits for review, the language of mails, the look of allauth's pages."""

from pathlib import Path
from typing import Any

import pytest
from allauth.account import urls as allauth_account_urls
from allauth.mfa import urls as allauth_mfa_urls
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver

from accounts import urls
from accounts.enums import ProfileStatus
from accounts.models import ProfileVersion, User
from accounts.services import PseudonymTaken, confirm_address, set_profile_status, submit_profile, withdraw_profile
from moderation.enums import ItemState
from moderation.models import ReviewItem
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "/en/account/profile/"
PASSWORD = "drie kano's naar Iquitos"


@pytest.fixture
def member() -> User:
    user: User = UserFactory(language="en")
    return user


def test_proposal_waits_while_the_approved_text_stays(member: User, signed_in: Any) -> None:
    first = submit_profile(actor=member, pseudonym="Lieve uit Cusco", about="Old text")
    set_profile_status(version=first, status=ProfileStatus.PUBLISHED)
    browser = signed_in(User.objects.get(pk=member.pk))
    answers = {"pseudonym": "  Lieve   uit Lima ", "about": "I moved.", "status": "published", "number": "9", "user": "1"}
    assert browser.post(PROFILE, answers).status_code == 302
    member.refresh_from_db()
    assert (member.pseudonym, member.about) == ("Lieve uit Cusco", "Old text")
    version = member.profile_versions.get(number=2)
    assert (version.pseudonym, version.about, version.status, version.user) == ("Lieve uit Lima", "I moved.", "pending", member)
    html = browser.get(PROFILE).content.decode()
    assert "“Lieve uit Lima” waits for review." in html
    assert 'value="Lieve uit Lima"' in html
    assert ReviewItem.objects.undecided().get().profile == version


def test_second_proposal_replaces_the_first(member: User, signed_in: Any) -> None:
    browser = signed_in(member)
    for name in ("Lieve een", "Lieve twee"):
        browser.post(PROFILE, {"pseudonym": name, "about": ""})
    statuses = list(member.profile_versions.order_by("number").values_list("status", flat=True))
    assert statuses == ["withdrawn", "pending"]
    assert ReviewItem.objects.undecided().count() == 1


def test_withdrawing_closes_the_item_and_keeps_the_name(member: User, signed_in: Any) -> None:
    set_profile_status(version=submit_profile(actor=member, pseudonym="Lieve"), status=ProfileStatus.PUBLISHED)
    submit_profile(actor=member, pseudonym="Lieve nieuw")
    browser = signed_in(User.objects.get(pk=member.pk))
    assert browser.get("/en/account/profile/withdraw/").status_code == 405
    assert browser.post("/en/account/profile/withdraw/").status_code == 302
    member.refresh_from_db()
    assert member.pseudonym == "Lieve"
    assert member.profile_versions.get(number=2).status == ProfileStatus.WITHDRAWN
    assert not ReviewItem.objects.filter(state=ItemState.OPEN, profile__number=2).exists()


@pytest.mark.parametrize(
    ("field", "value"), [("pseudonym", ""), ("pseudonym", "x"), ("pseudonym", "a\x00b"), ("about", "x" * 1001), ("about", "a\x00b")]
)
def test_bad_profile_is_refused(member: User, signed_in: Any, field: str, value: str) -> None:
    response = signed_in(member).post(PROFILE, {"pseudonym": "Lieve", "about": "Text that comes back"} | {field: value})
    assert response.status_code == 400
    if field != "about":
        assert "Text that comes back" in response.content.decode()
    assert not ProfileVersion.objects.exists()
    assert not ReviewItem.objects.exists()


def test_taken_name_is_refused(member: User, signed_in: Any) -> None:
    submit_profile(actor=UserFactory(), pseudonym="Marie")
    response = signed_in(member).post(PROFILE, {"pseudonym": "MАRIE", "about": ""})
    assert response.status_code == 400
    assert 'id="id_pseudonym_error"' in response.content.decode()
    assert not member.profile_versions.exists()


def test_refused_new_text_does_not_take_the_approved_name_away(member: User) -> None:
    set_profile_status(version=submit_profile(actor=member, pseudonym="Lieve", about="Good"), status=ProfileStatus.PUBLISHED)
    worse = submit_profile(actor=User.objects.get(pk=member.pk), pseudonym="Lieve", about="Bad")
    for status in (ProfileStatus.CHANGES_REQUESTED, ProfileStatus.REJECTED):
        set_profile_status(version=worse, status=status)
        member.refresh_from_db()
        assert (member.pseudonym, member.about) == ("Lieve", "Good")


def test_approval_taken_back_takes_the_name_back(member: User) -> None:
    version = set_profile_status(version=submit_profile(actor=member, pseudonym="Lieve"), status=ProfileStatus.PUBLISHED)
    set_profile_status(version=version, status=ProfileStatus.PENDING)
    member.refresh_from_db()
    assert (member.pseudonym, member.pseudonym_key, member.about) == (None, None, "")


def test_name_of_two_is_shown_for_one(member: User) -> None:
    version = submit_profile(actor=member, pseudonym="Lieve")
    UserFactory(pseudonym="Lieve", pseudonym_key="lieve")
    with pytest.raises(PseudonymTaken):
        set_profile_status(version=version, status=ProfileStatus.PUBLISHED)


def test_withdrawing_nothing_changes_nothing(member: User) -> None:
    withdraw_profile(actor=member)
    assert not ProfileVersion.objects.exists()


def test_language_of_mails(member: User, signed_in: Any) -> None:
    browser = signed_in(member)
    assert browser.post("/en/account/language/", {"language": "de", "is_superuser": "1"}).status_code == 302
    member.refresh_from_db()
    assert (member.language, member.is_superuser) == ("de", False)
    for bad in ("es", "", "de\x00"):
        assert browser.post("/en/account/language/", {"language": bad}).status_code == 400
    member.refresh_from_db()
    assert member.language == "de"


def test_home_shows_no_address_and_signs_out_by_post(member: User, signed_in: Any) -> None:
    html = signed_in(member).get("/en/account/").content.decode()
    assert member.email not in html
    assert 'method="post" action="/en/account/logout/"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("path", ["/en/account/", PROFILE, "/en/account/email/", "/en/account/2fa/"])
def test_own_pages_ask_to_sign_in_first(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/en/account/login/?next=")


def names(patterns: list[Any]) -> set[str]:
    found: set[str] = set()
    for entry in patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add(entry.name)
    return found


def test_our_list_has_what_allauth_would_add_itself() -> None:
    ours = names(list(urls.urlpatterns))
    assert names(allauth_account_urls.urlpatterns) | names(allauth_mfa_urls.urlpatterns) <= ours


def test_every_page_of_allauth_that_can_be_shown_is_ours() -> None:
    """Their own templates load scripts and styles that our policy refuses."""
    not_shown = {
        "account/confirm_phone_verification_code",
        "account/email",
        "account/email_confirm",
        "account/password_reset_done",
        "account/phone_change",
        "account/signup_by_passkey",
        "account/verification_sent",
        "account/verified_email_required",
        "mfa/trust",
    }
    theirs = Path(str(allauth_account_urls.__file__)).parent.parent / "templates"
    ours = Path(django_settings.BASE_DIR) / "templates"
    pages = {str(path.relative_to(theirs).with_suffix("")) for part in ("account", "mfa") for path in theirs.glob(f"{part}/**/*.html")}
    pages = {page for page in pages if "/base" not in page and "webauthn" not in page and "/snippets/" not in page} - not_shown
    assert not sorted(page for page in pages if not (ours / f"{page}.html").is_file())


def test_what_was_typed_in_an_ended_session_comes_back_once_after_the_sign_in(client: Client) -> None:
    member = UserFactory(language="en")
    member.set_password(PASSWORD)
    member.save()
    confirm_address(member)
    typed = {"pseudonym": "Lieve uit Puno", "about": "Ken de weg naar Desaguadero. " + "x" * 3_000}
    response = client.post(PROFILE, typed)
    assert (response.status_code, response["Location"]) == (302, f"/en/account/login/?next={PROFILE}")
    assert not ProfileVersion.objects.exists()
    assert "Your text is kept" in client.get(response["Location"]).content.decode()
    assert client.post("/en/account/login/", {"login": member.email, "password": PASSWORD, "next": PROFILE})["Location"] == PROFILE
    html = client.get(PROFILE).content.decode()
    assert 'value="Lieve uit Puno"' in html
    assert "Ken de weg naar Desaguadero" in html
    assert "x" * 2_000 not in html
    assert "Desaguadero" not in client.get(PROFILE).content.decode()
    assert not ProfileVersion.objects.exists()


def test_a_stranger_who_only_looks_leaves_nothing(client: Client) -> None:
    response = client.get(PROFILE)
    assert (response.status_code, response.cookies) == (302, {})


def test_an_address_opens_few_sessions_by_profiles(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"keep": {"account": "", "address": "2/h"}}
    answers = [Client(REMOTE_ADDR="198.51.100.7").post(PROFILE, {"pseudonym": "Lieve", "about": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2].cookies == {}
