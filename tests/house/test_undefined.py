"""The guard against undefined variables bites in our templates and leaves others alone."""

import pytest
from django.template import Context, Origin, Template

from tests.undefined import TEMPLATES, UndefinedVariable


def made(source: str, *, ours: bool = True) -> Template:
    origin = Origin(name=f"{TEMPLATES}/x.html" if ours else "/elsewhere/x.html")
    return Template(source, origin=origin)


def test_undefined_variable_of_ours_fails() -> None:
    with pytest.raises(UndefinedVariable, match=r"nobody in x\.html"):
        made("<p>{{ nobody }}</p>").render(Context({}))


def test_undefined_attribute_of_ours_fails() -> None:
    with pytest.raises(UndefinedVariable):
        made("{{ person.name }}").render(Context({"person": {}}))


@pytest.mark.parametrize(
    "source", ["{% if nobody %}x{% endif %}", "{% for a in nobody %}x{% endfor %}", "{{ empty }}", "{{ none|default_if_none:'' }}"]
)
def test_what_may_be_empty_may_be_empty(source: str) -> None:
    assert made(source).render(Context({"empty": "", "none": None})) == ""


def test_templates_of_others_are_left_alone() -> None:
    assert made("{{ nobody }}", ours=False).render(Context({})) == ""
