"""Calling codes and emergency numbers, as libphonenumber's metadata gives them.

The metadata do not say which number is police, ambulance or fire, so the numbers stay one plain list."""

import re
from itertools import product
from typing import Any

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

# A class written out ("[0-3]") names its numbers; `\d` is a reserved range, not numbers that answer, so its branch is dropped.
_parser: Any = re._parser  # type: ignore[attr-defined]


def phone_rows(codes: list[str]) -> dict[str, dict[str, Any]]:
    """By code: `calling_code` ("+32") and `emergency` ({"any": ["112", …]}); left out where the metadata have none."""
    rows: dict[str, dict[str, Any]] = {}
    for code in codes:
        row: dict[str, Any] = {}
        calling = phonenumbers.country_code_for_region(code)
        if calling:
            row["calling_code"] = f"+{calling}"
        numbers = emergency_numbers(code)
        if numbers:
            row["emergency"] = {"any": numbers}
        if row:
            rows[code] = row
    return rows


def emergency_numbers(code: str) -> list[str]:
    """The emergency numbers that the short-number metadata of `code` name one by one."""
    metadata = PhoneMetadata.short_metadata_for_region(code)
    if metadata is None or metadata.emergency is None or not metadata.emergency.national_number_pattern:
        return []
    numbers = set(expand(metadata.emergency.national_number_pattern))
    return sorted((n for n in numbers if phonenumbers.is_emergency_number(n, code)), key=lambda n: (len(n), n))


def expand(pattern: str) -> list[str]:
    """Every text that `pattern` names; branches with `\\d` name none. Understands what the metadata use, else ValueError."""
    return _sequence(_parser.parse(pattern))


def _sequence(parts: Any) -> list[str]:
    return ["".join(texts) for texts in product(*(_part(str(name), value) for name, value in parts))]


def _part(name: str, value: Any) -> list[str]:
    if name == "LITERAL":
        return [chr(value)]
    if name == "IN":
        return [text for kind, inner in value for text in _in_class(str(kind), inner)]
    if name == "BRANCH":
        return [text for branch in value[1] for text in _sequence(branch)]
    if name == "SUBPATTERN":
        return _sequence(value[3])
    if name == "MAX_REPEAT":
        low, high, inner = value
        return ["".join(t) for count in range(low, int(high) + 1) for t in product(*[_sequence(inner)] * count)]
    raise ValueError(f"not a pattern of numbers: {name}")


def _in_class(kind: str, value: Any) -> list[str]:
    if kind == "LITERAL":
        return [chr(value)]
    if kind == "RANGE":
        return [chr(number) for number in range(value[0], value[1] + 1)]
    if kind == "CATEGORY":
        return []
    raise ValueError(f"not a class of digits: {kind}")
