"""The stylesheet in sections."""

import base64
import hashlib
import re

import pytest
from django.conf import settings

from pages.stylesheet import UnknownSection, minify, sections, sheet

MOST_RAW_BYTES = 10_500


def test_minify_keeps_what_means_something() -> None:
    css = "/* gone */\n.a > .b , .c {\n color : red ;\n margin: 0 auto;\n}\n@media (min-width:58rem) and (color){ .d .e{ width:calc(1rem + 2px) } }"
    assert minify(css) == ".a>.b,.c{color : red;margin: 0 auto}@media (min-width:58rem) and (color){.d .e{width:calc(1rem + 2px)}}"


NAMED = re.compile(r"{% styles ([^%]+)%}")


def named_in_templates() -> dict[str, tuple[str, ...]]:
    """Return the sections that each template inlines."""
    root = settings.BASE_DIR / "templates"
    found = {}
    for path in sorted(root.rglob("*.html")):
        for names in NAMED.findall(path.read_text()):
            found[str(path.relative_to(root))] = tuple(re.findall(r'"(\w+)"', names))
    return found


def test_every_section_that_pages_name_exists_and_every_section_is_used_or_kept_for_its_page() -> None:
    named = {name for names in named_in_templates().values() for name in names}
    assert named <= set(sections())


def test_no_page_inlines_more_than_its_share() -> None:
    pages = named_in_templates()
    assert len(pages) >= 18
    for path, names in pages.items():
        assert len(sheet(names).text.encode()) <= MOST_RAW_BYTES, path


@pytest.mark.parametrize(("name", "brought"), [("forms", "fields"), ("country", "official"), ("topic", "official"), ("article", "prose")])
def test_a_section_brings_what_it_stands_on(name: str, brought: str) -> None:
    assert sheet((name,)).text == sections()["core"] + sections()[brought] + sections()[name]


def test_core_comes_first_and_once() -> None:
    assert sheet(("find", "core")).text == sections()["core"] + sections()["find"]


def test_unknown_section() -> None:
    with pytest.raises(UnknownSection):
        sheet(("core", "nothing"))


def test_source_is_the_hash_of_the_text() -> None:
    found = sheet(("find",))
    assert found.source == f"'sha256-{base64.b64encode(hashlib.sha256(found.text.encode()).digest()).decode()}'"


def test_braces_balance_in_each_section() -> None:
    for name, text in sections().items():
        assert text.count("{") == text.count("}"), name
