"""Addresses that are asked of Django once: the same as Django's own, in every language."""

import pytest
from django.urls import reverse
from django.utils.translation import get_language, override

from accounts.identifiers import ALPHABET, new_topic_id
from forum.addresses import address, topic_path
from forum.texts import make_slug

LANGUAGES = ("fr", "nl", "de", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", ["Bus naar Cusco", "Où est l’ambassade ?", "حافلة إلى ليما", "100 % – {x} %s", "a/b?c#d"])
def test_a_topic_has_the_address_that_django_gives(language: str, title: str) -> None:
    for _ in range(20):
        public_id, slug = new_topic_id(), make_slug(title)
        with override(language):
            assert topic_path(public_id, slug, language) == reverse("topic", args=[public_id, slug])


@pytest.mark.parametrize("public_id", [ALPHABET[:6], ALPHABET[-6:], "000000"])
def test_an_id_that_looks_like_the_pattern_is_filled_in_whole(public_id: str) -> None:
    with override("fr"):
        assert topic_path(public_id, "x", "fr") == reverse("topic", args=[public_id, "x"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "args"), [("home", ()), ("topic_list", ()), ("country", ("peru",)), ("wagtail_serve", ("aide/",))])
def test_the_language_asked_for_counts_not_the_active_one(language: str, name: str, args: tuple[str, ...]) -> None:
    with override(language):
        expected = reverse(name, args=args)
    with override("nl" if language != "nl" else "fr"):
        active = get_language()
        assert address(name, language, *args) == expected
        assert get_language() == active


@pytest.mark.parametrize(("name", "args"), [("no_such_view", ()), ("country", ()), ("country", ("not a slug",)), ("home", ("x",))])
def test_what_has_no_address_is_empty(name: str, args: tuple[str, ...]) -> None:
    assert address(name, "fr", *args) == ""
