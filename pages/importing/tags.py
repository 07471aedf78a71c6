"""The staff's list of tags in an export: an empty site learns it from the lines that use it, so that their topics keep their tags."""

import re
from collections.abc import Mapping
from typing import Any

from accounts.enums import Language
from forum.models import ForumTag, PostVersion

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60
LONGEST_WORD = 60

# A tag's word by language, by the tag's slug.
TagWords = Mapping[str, Mapping[str, str]]


def words_of(version: PostVersion) -> dict[str, dict[str, str]]:
    """Return the words of a version's tags, whose rows are loaded."""
    tags = [tagged.tag for tagged in version.tagged.all()]
    return {tag.slug: {code: getattr(tag, f"name_{code}") for code in Language.values} for tag in tags}


def read_words(value: Any) -> dict[str, dict[str, str]]:
    """Return the words that a line gives (`tag_names`). Raises ValueError with what is wrong."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("is no JSON object")
    for slug, words in value.items():
        if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
            raise ValueError(f"has a name that is no code: {slug[:40]!r}")
        if not isinstance(words, dict) or words.keys() != set(Language.values):
            raise ValueError(f"needs a word in {', '.join(Language.values)} for {slug!r}")
        if not all(isinstance(word, str) and word.strip() and len(word) <= LONGEST_WORD for word in words.values()):
            raise ValueError(f"has a word for {slug!r} that is empty, or longer than {LONGEST_WORD} characters")
    return value


def learn(words: TagWords) -> None:
    """Add the tags that the list lacks; those that it has stay as the staff wrote them."""
    known = set(ForumTag.objects.filter(slug__in=words).values_list("slug", flat=True))
    new = {slug: names for slug, names in words.items() if slug not in known}
    # The plain name is unique too, and shown nowhere: the slug stands in where another tag has it.
    taken = set(ForumTag.objects.filter(name__in=[names["en"] for names in new.values()]).values_list("name", flat=True))
    for slug, names in new.items():
        name = slug if names["en"] in taken else names["en"]
        taken.add(name)
        ForumTag.objects.create(slug=slug, name=name, **{f"name_{code}": word for code, word in names.items()})
