"""Highlights: the only HTML that they ever hold is the mark."""

from hypothesis import given
from hypothesis import strategies as st

from search.documents import Part
from search.templatetags.marks import marked


def test_matches_are_marked_and_everything_is_escaped():
    parts = (Part('<b>"Cash" & '), Part("<i>Cusco</i>", is_match=True), Part("'"))
    assert marked(parts) == "&lt;b&gt;&quot;Cash&quot; &amp; <mark>&lt;i&gt;Cusco&lt;/i&gt;</mark>&#x27;"


def test_nothing_is_nothing():
    assert marked(()) == ""


@given(st.lists(st.builds(Part, st.text(), st.booleans())))
def test_no_text_makes_a_tag(parts):
    html = marked(parts)
    assert html.replace("<mark>", "").replace("</mark>", "").count("<") == 0
    assert html.count("<mark>") == html.count("</mark>") == sum(part.is_match for part in parts)
