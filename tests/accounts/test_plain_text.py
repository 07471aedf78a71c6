"""What people type: what is refused, what is repaired, and what counts as nothing."""

from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from accounts.models import ProfileVersion
from accounts.plain_text import BIDI_OVERRIDES, UNREADABLE, PlainField, clean_text, repaired, shows_nothing
from moderation.models import ReviewItem
from tests.factories import UserFactory

INVISIBLE = ["", " ", "\u200b", "\u200b\u200d\ufeff", "\u3000\u2003\u00a0", "\u0301", "\u115f", "\u3164\u3164", "\u2800", "\uffa0", "\xad", "\u2028"]
VISIBLE = ["a", "é", "e\u0301", "٣", "Ω", "日本", "😀", "!", "€", "\u200bx", "ﷺ"]


class OneField(forms.Form):
    text = PlainField(max_length=20)


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_nobody_sees_is_no_text(text: str) -> None:
    assert shows_nothing(text)
    form = OneField({"text": text})
    assert form.errors.as_data()["text"][0].code == "required"


@pytest.mark.parametrize("text", VISIBLE)
def test_every_script_and_sign_is_text(text: str) -> None:
    assert not shows_nothing(text)
    assert OneField({"text": text}).is_valid()


@pytest.mark.parametrize("code", [0x00, 0xFFFD, 0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_characters_that_no_database_takes_are_refused_and_taken_out(code: int) -> None:
    character = chr(code)
    form = OneField({"text": f"a{character}b"})
    assert UNREADABLE.search(f"a{character}b")
    assert not form.is_valid()
    assert form.errors.as_data()["text"][0].code == "unreadable"
    assert form["text"].value() == "ab"


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_hidden_direction_changes_are_refused_and_taken_out(character: str) -> None:
    form = OneField({"text": f"abc{character}gpj"})
    assert BIDI_OVERRIDES.search(f"abc{character}gpj")
    assert not form.is_valid()
    assert form.errors.as_data()["text"][0].code == "bidi"
    assert form["text"].value() == "abcgpj"


@pytest.mark.parametrize("text", ["مرحبا بكم", "שלום", "\u200fعربي\u200e", "naïve", "한국어", "line\nline\ttab"])
def test_right_to_left_text_and_its_marks_are_welcome(text: str) -> None:
    assert not BIDI_OVERRIDES.search(text)
    assert not UNREADABLE.search(text)
    assert repaired(text) == text


def test_clean_text_composes_and_drops_control_characters_alone() -> None:
    assert clean_text("  a\r\nb\rc\x07e\u0301\x7f ") == "a\nb\ncé"


@pytest.mark.django_db
@pytest.mark.parametrize("about", ["x\u202ey", "x\x00y", "x\ufffdy"])
def test_the_text_of_a_profile_comes_back_repaired_and_nothing_is_stored(signed_in: Callable[..., Client], about: str) -> None:
    client = signed_in(UserFactory())
    response = client.post(reverse("account_profile"), {"pseudonym": "Somebody new", "about": about})
    page = response.content.decode()
    assert response.status_code == 400
    assert "about" in response.context["form"].errors
    assert ">xy</textarea>" in page.replace("\n", "")
    assert "\u202e" not in page
    assert not ProfileVersion.objects.exists()
    assert not ReviewItem.objects.exists()
