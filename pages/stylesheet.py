"""The stylesheet in sections: each page inlines those it needs, minified, with the hash that the policy allows (docs/adr/0009)."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

# Sections that stand on others.
BRINGS = {"forms": ("fields",), "country": ("official",), "topic": ("official",), "article": ("prose",)}
_SECTION = re.compile(r"/\*: (\w+)[^*]*\*/")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*")


class UnknownSection(LookupError):
    """The stylesheet has no section of this name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Minified text of some sections and its source expression for `style-src`."""

    text: str
    source: str


def minify(css: str) -> str:
    """Return `css` without comments and needless white space. Descendant spaces and those inside values stay."""
    text = _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css)))
    return text.replace(";}", "}").strip()


@cache
def sections() -> dict[str, str]:
    """Return the minified sections of `static/css/site.css` by name; read once a process."""
    css = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8")
    marks = list(_SECTION.finditer(css))
    ends = [mark.start() for mark in marks[1:]] + [len(css)]
    return {mark[1]: minify(css[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)}


@cache
def sheet(names: tuple[str, ...]) -> Sheet:
    """Return the sections `names` as one sheet, `core` always first, what a section stands on before it. Raises UnknownSection."""
    wanted = dict.fromkeys(["core", *(part for name in names for part in (*BRINGS.get(name, ()), name))])
    try:
        text = "".join(sections()[name] for name in wanted)
    except KeyError as error:
        raise UnknownSection(*error.args) from None
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Sheet(text=text, source=f"'sha256-{digest}'")
