"""Inflected forms of the names of peoples, from one reviewed line a country (`data/demonyms.csv`).

The table holds what cannot be derived; the regular endings of each language are added here. Several forms stand beside one
another with a slash."""

from collections.abc import Iterator

_GERMAN_ENDINGS = ("", "e", "en", "er", "es", "em")
_FRENCH_INVARIABLE = ("s", "x", "z")


def inflected(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(language, form) for every form of the people and of the adjective in `row`; a form may come twice."""
    for form in french(row["fr_m"], row["fr_f"]):
        yield "fr", form
    for form in dutch(row["nl_adj"], row["nl_m"], row["nl_pl"], row["nl_f"]):
        yield "nl", form
    for form in german(row["de_adj"], row["de_m"], row["de_pl"], row["de_f"]):
        yield "de", form
    for column in ("en_adj", "en_m", "en_pl"):
        for form in _forms(row[column]):
            yield "en", form


def french(masculine: str, feminine: str) -> Iterator[str]:
    """Both genders, singular and plural; the adjective has the same forms. "-al" is listed with its plural in the table."""
    for form in (*_forms(masculine), *_forms(feminine)):
        yield form
        if not form.endswith(_FRENCH_INVARIABLE):
            yield f"{form}s"


def dutch(adjective: str, man: str, plural: str, woman: str) -> Iterator[str]:
    """Adjective with and without -e, inhabitant, plural, woman and women ("Belgische", "Belgischen")."""
    for form in _forms(adjective):
        yield form
        if not form.endswith("e"):
            yield f"{form}e"
    yield from _forms(man)
    yield from _forms(plural)
    for form in _forms(woman):
        yield form
        yield f"{form}n"


def german(adjective: str, man: str, plural: str, woman: str) -> Iterator[str]:
    """Adjective with its six endings, inhabitant, plural with its dative, woman and women ("-in", "-innen")."""
    for form in _forms(adjective):
        for ending in _GERMAN_ENDINGS:
            yield form + ending
    yield from _forms(man)
    for form in _forms(plural):
        yield form
        if form.endswith("er"):
            yield f"{form}n"
    for form in _forms(woman):
        yield form
        yield f"{form}nen" if form.endswith("in") else f"{form}n"


def _forms(cell: str) -> list[str]:
    return [form for form in (part.strip() for part in cell.split("/")) if form]
