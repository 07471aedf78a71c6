"""From typed text to sanitised HTML: what comes out, whatever goes in."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.plain_text import BIDI_OVERRIDES, clean_text
from forum.language import detect, direction
from forum.texts import SUMMARY_LENGTH, PostText, make_slug, plain, render, summarise, unbroken

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "![x](http://a.example/x.png)", "<a href='#' onclick='x()'>a</a>", "<style>p{}</style>",
    "<iframe src=//evil.example></iframe>", "`<b>`", "    <script>indented</script>", "<svg><g onload=alert(1)>", "[a](vbscript:x)",
]  # fmt: skip
TAG = re.compile(r"<([a-z0-9]+)([^>]*)>")


def assert_clean(html: str) -> None:
    for name, attributes in TAG.findall(html):
        assert name in {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code"}
        assert not re.search(r"\bon\w+=|style=|class=|src=", attributes)
    for address in re.findall(r'href="([^"]*)"', html):
        assert re.match(r"(https?|mailto|tel):", address)


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markup_comes_out_harmless(body: str) -> None:
    assert_clean(render(body))


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="<>\"'&[]()!*_`#>-=:/\n ajavscriptonload", max_size=200))
def test_nothing_outside_the_list_comes_out(body: str) -> None:
    assert_clean(render(body))


@pytest.mark.parametrize(
    "body", ["[" * 20_000, "*" * 20_000, "> " * 10_000, "- " * 10_000, "`" * 20_000, "[a](" * 5_000, "<" * 20_000, "http://a.be " * 1_600]
)
def test_hostile_nesting_takes_no_long_time(body: str) -> None:
    started = time.thread_time()
    assert_clean(render(body))
    assert time.thread_time() - started < 5


def test_links_carry_rel_and_headings_become_bold() -> None:
    assert render("https://example.org") == '<p><a href="https://example.org" rel="nofollow ugc noopener">https://example.org</a></p>'
    assert render("# Where") == "<p><strong>Where</strong></p>"
    assert render("a\nb") == "<p>a<br>\nb</p>"


def test_plain_and_summary() -> None:
    assert plain("<p>a &amp; b</p><ul><li>c</li><li>d</li></ul>") == "a & b c d"
    long = summarise(f"<p>{'word ' * 100}</p>")
    assert len(long) <= SUMMARY_LENGTH + 1
    assert long.endswith("word…")
    assert summarise("<p>short</p>") == "short"


@pytest.mark.parametrize(("title", "slug"), [
    ("Met de dagbus van Cusco", "met-de-dagbus-van-cusco"), ("Été à Lomé", "ete-a-lome"), ("???", "x"), ("حافلة", "x"), ("a" * 200, "a" * 80),
])  # fmt: skip
def test_slug(title: str, slug: str) -> None:
    assert make_slug(title) == slug


def test_clean_text_drops_no_words() -> None:
    assert clean_text("  a\r\nb\rc\x07\u0065\u0301 ") == "a\nb\nc\u00e9"
    assert BIDI_OVERRIDES.search("abc\u202edef")
    assert not BIDI_OVERRIDES.search("حافلة abc")


def test_hash_covers_what_a_reader_sees() -> None:
    base = PostText(body="b", title="t", countries=["PE"], tags=["x", "y"])
    assert base.content_hash() == PostText(body="b", title="t", countries=["PE"], tags=["y", "x"]).content_hash()
    for changed in (PostText(body="c", title="t"), PostText(body="b", title="t", countries=["BO"]), PostText(body="b", title="t", place="Lima")):
        assert changed.content_hash() != base.content_hash()


@pytest.mark.parametrize(("text", "code"), [
    ("De bus naar Lima vertrekt morgen om zes uur aan de terminal", "nl"), ("Le car pour Lima part demain à six heures du terminal", "fr"),
    ("Der Bus nach Lima fährt morgen um sechs Uhr am Terminal ab", "de"), ("ok", "und"), ("12345 67890", "und"), ("", "und"),
])  # fmt: skip
def test_language(text: str, code: str) -> None:
    assert detect(text)[0] == code


def test_direction() -> None:
    assert (direction("ar"), direction("fa-AF"), direction("nl"), direction("und")) == ("rtl", "rtl", "ltr", "ltr")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Prix : 20 sols ; aller simple !", "Prix\u202f: 20 sols\u202f; aller simple\u202f!"),
        ("« Le bus part » ?", "«\u202fLe bus part\u202f»\u202f?"),
        ("Départ à 5h : 12 :30", "Départ à 5h\u202f: 12 :30"),
        ("Is de weg open? Ja: tot 17.00 uur.", "Is de weg open? Ja: tot 17.00 uur."),
        ("https://example.org/a ?b=1", "https://example.org/a ?b=1"),
    ],
)
def test_no_line_begins_with_a_sign(typed: str, shown: str) -> None:
    assert unbroken(typed) == shown
    assert shown in plain_of_french(render(typed))
    assert summarise(render(typed)) == shown


def plain_of_french(html: str) -> str:
    """Return the words of HTML without touching its spaces."""
    return re.sub(r"<[^>]+>", "", html)


def test_attributes_keep_their_spaces() -> None:
    assert ' rel="nofollow ugc noopener"' in render("[ici :](https://example.org) » !")
