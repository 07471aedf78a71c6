"""The rows of `PlaceName` for some keys, by a statement that Django writes once: writing it again costs more than running it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from countries.models import PlaceName

# Statements are made for so many keys; fewer are filled up by repeating one.
_SIZES = (8, 64, 512)
_COLUMNS = ("key", "language", "kind", "country_id", "label", "weight", "is_code", "place_id")


@dataclass(frozen=True, slots=True)
class NameRow:
    """What one written form means."""

    language: str
    kind: str
    country: str
    label: str
    weight: int
    is_code: bool
    place: int | None


def rows_of(keys: Collection[str]) -> dict[str, list[NameRow]]:
    """The meanings of each key that has some, the strongest first. One query (another one for each 512 keys more)."""
    found: dict[str, list[NameRow]] = defaultdict(list)
    wanted = list(keys)
    for at in range(0, len(wanted), _SIZES[-1]):
        some = wanted[at : at + _SIZES[-1]]
        size = next(size for size in _SIZES if size >= len(some))
        with connection.cursor() as cursor:
            cursor.execute(_statement(size, connection.vendor), some + some[:1] * (size - len(some)))
            for key, language, kind, country, label, weight, is_code, place in cursor.fetchall():
                found[key].append(NameRow(language, kind, country, label, weight, bool(is_code), place))
    return found


@lru_cache
def _statement(size: int, vendor: str) -> str:
    """SQL with `size` places for keys and no other parameter; `vendor` keeps the statements of two databases apart."""
    places = [str(number) for number in range(size)]
    rows = PlaceName.objects.for_keys(places).order_by("-weight", "pk").values_list(*_COLUMNS)
    sql, parameters = rows.query.sql_with_params()
    assert list(parameters) == places  # noqa: S101 - a condition with a value of its own would shift the keys
    return sql
