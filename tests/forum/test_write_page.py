"""Writing a topic: two steps, nothing lost, nothing half written, whatever comes in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from forum import extensions
from forum.enums import PostStatus
from forum.extensions import Preview
from forum.models import ForumTag, Post, PostVersion, Topic
from forum.services.versions import text_of
from forum.tags import forget_tags
from tests.factories import UserFactory, make_post
from tests.forum.pages import url

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"
GOOD: dict[str, Any] = {
    "kind": "tip", "country": "PE", "where": "", "place": "Cusco", "needs": ["borders"], "title": "Met de dagbus naar Lima",
    "body": "De dagbus vertrekt om **zes uur** aan de terminal van Cusco.", "language": "", "validity": "", "key": KEY, "step": "send",
}  # fmt: skip


def post(client: Client, language: str = "fr", **fields: Any) -> Any:
    return client.post(url("write", language), GOOD | fields)


def nothing_written() -> None:
    assert not Post.objects.exists()
    assert not Topic.objects.exists()
    assert not PostVersion.objects.exists()


@pytest.fixture
def member(signed_in: Any) -> Client:
    client: Client = signed_in(UserFactory())
    return client


def test_blank_form_takes_kind_and_country_from_the_link(client: Client) -> None:
    html = client.get(url("write") + "?kind=question&country=pe").content.decode()
    assert re.search(r'value="question"[^>]*checked', html)
    assert '<option value="PE" selected>' in html
    assert 'href="tel:105"' in html
    assert client.get(url("write") + "?kind=x&country=QQ").status_code == 200


def test_check_shows_the_text_as_others_read_it_and_stores_nothing(client: Client) -> None:
    response = post(client, step="check")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<strong>zes uur</strong>" in html
    assert '<div class="prose" lang="nl" dir="ltr">' in html
    assert '<option value="nl" selected>' in html
    assert f'name="key" value="{KEY}"' in html
    assert 'name="country" value="PE"' in html
    nothing_written()


def test_findings_are_shown_before_sending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Preview("phone", "Er staat een telefoonnummer in je tekst:", "Haal het weg.", "+51 984 555 318")
    monkeypatch.setattr(extensions, "PREVIEW_FINDINGS", [lambda text, author: [finding], lambda text, author: 1 / 0])
    monkeypatch.setattr("forum.views.steps.PREVIEW_FINDINGS", extensions.PREVIEW_FINDINGS)
    html = post(client, step="check").content.decode()
    assert "+51 984 555 318" in html
    assert "Haal het weg." in html


def test_undetermined_language_is_asked(client: Client) -> None:
    response = post(client, step="check", title="12:30", body="PE 12:30 -> 14:00 140 PEN")
    assert response.context["language"] == "und"
    assert "selected" not in response.content.decode()


def test_detected_language_outside_the_list_is_kept(client: Client, member: Client) -> None:
    swedish = "Bussen till Lima går klockan sex på morgonen från terminalen, köp biljetten kvällen innan och ta med vatten."
    html = post(client, step="check", title="Bussen till Lima", body=swedish).content.decode()
    assert '<option value="sv" selected>' in html
    member.post(url("write"), GOOD | {"title": "Bussen till Lima", "body": swedish, "language": "sv"})
    assert PostVersion.objects.get().language == "sv"


def test_send_stores_one_pending_post(member: Client) -> None:
    response = post(member)
    stored = Post.objects.get()
    assert response.status_code == 302
    assert response["Location"] == url("account_post", public_id=stored.public_id) + "?done=sent"
    assert 'role="status"' in member.get(response["Location"]).content.decode()
    assert (stored.status, stored.topic.status, stored.live_version_id) == ("pending", "pending", None)
    assert stored.latest_version is not None
    text = text_of(stored.latest_version)
    assert (text.kind, text.countries, text.place, text.needs, text.language) == ("tip", ["PE"], "Cusco", ["borders"], "nl")
    assert stored.latest_version.language_detected == "nl"


def test_author_says_the_language(member: Client) -> None:
    member.post(url("write"), GOOD | {"language": "de"})
    assert PostVersion.objects.get().language == "de"


def test_double_submit_is_one_post(member: Client) -> None:
    first, second = post(member), post(member)
    assert first["Location"] == second["Location"]
    assert Post.objects.count() == 1


def test_draft_may_be_thin_and_is_seen_by_nobody(member: Client) -> None:
    response = post(member, step="draft", body="", needs=[], country="")
    stored = Post.objects.get()
    assert response.status_code == 302
    assert (stored.status, stored.topic.status) == (PostStatus.DRAFT, PostStatus.DRAFT)


def test_back_gives_everything_typed_back(client: Client) -> None:
    html = post(client, step="back", validity="31/12/2199", title="").content.decode()
    assert "De dagbus vertrekt" in html
    assert "31/12/2199" in html
    nothing_written()


@pytest.mark.parametrize("typed", ["{0:%d/%m/%Y}", "{0:%Y-%m-%d}", "{0:%d.%m.%Y}", "{0:%d-%m-%Y}"])
def test_validity_as_people_type_it(member: Client, typed: str) -> None:
    day = timezone.localdate() + timedelta(days=10)
    post(member, validity=typed.format(day))
    until = PostVersion.objects.get().validity_until
    assert until is not None
    assert timezone.localtime(until).date() == day


YESTERDAY = f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("no title", {"title": ""}, "title"),
    ("blank title", {"title": " \t "}, "title"),
    ("long title", {"title": "x" * 151}, "title"),
    ("no body", {"body": ""}, "body"),
    ("blank body", {"body": " \n "}, "body"),
    ("long body", {"body": "x" * 20_001}, "body"),
    ("null byte in body", {"body": "a\x00b"}, "body"),
    ("null byte in title", {"title": "a\x00b"}, "title"),
    ("null byte in place", {"place": "a\x00b"}, "place"),
    ("broken character", {"body": "caf\ufffd au lait"}, "body"),
    ("direction override", {"body": "safe \u202egpj.exe"}, "body"),
    ("direction isolate in title", {"title": "bus \u2067abc\u2069"}, "title"),
    ("long place", {"place": "x" * 81}, "place"),
    ("unknown kind", {"kind": "advert"}, "kind"),
    ("no kind", {"kind": ""}, "kind"),
    ("unknown country", {"country": "QQ"}, "country"),
    ("country name as code", {"country": "Peru"}, "country"),
    ("unknown typed place", {"where": "Xyzzyville"}, "where"),
    ("unknown kept country", {"countries": ["QQ"]}, "countries"),
    ("unknown need", {"needs": ["gold"]}, "needs"),
    ("four needs", {"needs": ["borders", "visa", "money", "pets"]}, "needs"),
    ("nine countries", {"countries": ["BO", "CL", "AR", "BR", "EC", "CO", "VE", "UY"]}, "where"),
    ("unknown tag", {"tags": ["not-a-tag"]}, "tags"),
    ("unknown language", {"language": "klingon!"}, "language"),
    ("past validity", {"validity": YESTERDAY}, "validity"),
    ("no date", {"validity": "tomorrow"}, "validity"),
    ("impossible date", {"validity": "31/02/2199"}, "validity"),
    ("far date", {"validity": "01/01/2999"}, "validity"),
]  # fmt: skip


@pytest.mark.parametrize("step", ["check", "send"])
@pytest.mark.parametrize(("fields", "field"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_is_a_400_tied_to_its_field_and_writes_nothing(member: Client, fields: dict[str, Any], field: str, step: str) -> None:
    response = member.post(url("write"), GOOD | fields | {"step": step})
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {field}
    html = response.content.decode()
    assert 'role="alert"' in html
    assert f'href="#id_{field}"' in html
    if field not in {"kind", "needs", "tags", "countries"}:
        assert "aria-invalid" in html
        assert f"id_{field}_error" in html
    if field != "body":
        assert "De dagbus vertrekt" in html
    nothing_written()


def test_hidden_direction_marks_come_back_taken_out(member: Client) -> None:
    response = post(member, body="Bel \u202d+51 984\u202c morgen", title="Bus\ufffd")
    html = response.content.decode()
    assert "Bel +51 984 morgen" in html
    assert 'value="Bus"' in html
    nothing_written()


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("Bolivie", ["PE", "BO"]), ("Bolivie, Chili", ["PE", "BO", "CL"]), ("Kaboul", ["PE", "AF"]), ("Pérou", ["PE"]), (" , ,", ["PE"])],
)
def test_typed_countries_are_understood(member: Client, typed: str, codes: list[str]) -> None:
    post(member, where=typed)
    assert [row.country_id for row in PostVersion.objects.get().country_rows.all()] == codes


def test_an_ambiguous_place_is_a_question_then_an_answer(member: Client) -> None:
    response = post(member, where="Kongo", country="", step="check")
    html = response.content.decode()
    assert response.status_code == 400
    assert {"CD", "CG"} <= set(re.findall(r'name="choice" value="([A-Z]{2})"', html))
    nothing_written()
    post(member, where="Kongo", country="", choice=["CD"])
    assert [row.country_id for row in PostVersion.objects.get().country_rows.all()] == ["CD"]


def test_forged_fields_are_ignored(member: Client) -> None:
    post(
        member,
        status="published",
        live_version="1",
        signed_as="Ambassade",
        official="1",
        realm="demo",
        author="1",
        public_id="AAAAAA",
        role="moderator",
    )
    stored = Post.objects.get()
    assert (stored.status, stored.signed_as, stored.topic.realm, stored.live_version_id) == ("pending", "", "live", None)
    assert stored.topic.public_id != "AAAAAA"


def test_a_forged_key_is_replaced(member: Client) -> None:
    post(member, key="../../etc/passwd" + "x" * 300)
    assert Post.objects.get().submission_key


def test_ten_thousand_links_are_harmless(member: Client) -> None:
    response = post(member, body="http://a.be " * 1_600, step="check")
    assert response.status_code == 200
    assert post(member, body="http://a.be " * 10_000).status_code == 400
    nothing_written()


def test_a_megabyte_of_text_is_refused(member: Client) -> None:
    assert post(member, body="x" * 1_100_000).status_code == 413
    nothing_written()


def test_broken_utf8_in_the_body_is_a_400(member: Client) -> None:
    raw = b"kind=tip&title=caf%E9&body=caf%E9+" + b"abc+" * 10 + b"&step=send&key=" + KEY.encode()
    response = member.post(url("write"), raw, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    nothing_written()


def test_without_a_token_nothing_is_written() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(url("write"), GOOD).status_code == 403
    nothing_written()


def test_tags_come_from_the_list(member: Client) -> None:
    forget_tags()
    ForumTag.objects.create(slug="bus", name="bus", name_fr="car", name_nl="bus", name_de="Bus", name_en="bus")
    forget_tags()
    assert "car" in member.get(url("write")).content.decode()
    post(member, tags=["bus"])
    assert [tag.slug for tag in PostVersion.objects.get().tags.all()] == ["bus"]
    forget_tags()


class TestSignIn:
    """A visitor may type; sending asks for a sign-in and the text comes back."""

    @pytest.mark.parametrize("step", ["send", "draft"])
    def test_text_comes_back_after_sign_in(self, client: Client, step: str) -> None:
        response = client.post(url("write"), GOOD | {"step": step, "needs": ["borders", "visa"]})
        assert response.status_code == 302
        assert response["Location"].endswith(f"?next={url('write')}")
        nothing_written()
        client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
        html = client.get(url("write")).content.decode()
        assert "De dagbus vertrekt om **zes uur**" in html
        assert html.count('name="needs"') == 2
        nothing_written()
        assert client.get(url("write")).content.decode().count("De dagbus vertrekt") == 0

    def test_expired_session_loses_nothing(self, signed_in: Any) -> None:
        client = signed_in(UserFactory())
        client.get(url("write"))
        Session.objects.all().delete()
        assert post(client).status_code == 302
        nothing_written()
        client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
        assert "De dagbus vertrekt" in client.get(url("write")).content.decode()

    def test_invalid_text_is_not_kept(self, client: Client) -> None:
        assert post(client, title="").status_code == 400
        assert "kept_texts" not in client.session

    def test_only_fields_of_the_form_are_kept(self, client: Client) -> None:
        post(client, status="published", extra="x" * 100)
        assert set(client.session["kept_texts"][url("write")]) <= set(GOOD) - {"step"}


def test_a_refused_text_can_be_written_again(signed_in: Any) -> None:
    author = UserFactory()
    old = make_post(author=author, status="rejected", title="Oude titel")
    assert "Oude titel" in signed_in(author).get(url("write") + f"?from={old.public_id}").content.decode()
    assert "Oude titel" not in signed_in(UserFactory()).get(url("write") + f"?from={old.public_id}").content.decode()
    assert "Oude titel" not in Client().get(url("write") + f"?from={old.public_id}").content.decode()
