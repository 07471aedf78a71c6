""" "In danger?": the emergency numbers of the countries that a page is about, from the reference data; never typed by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from countries import directory

SERVICES: dict[str, Any] = {"any": "", "police": _("police"), "ambulance": _("ambulance"), "fire": _("fire brigade")}
MOST_COUNTRIES = 3


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number to call and whom it reaches; no service means all of them."""

    number: str
    services: list[Any]


@dataclass(frozen=True, slots=True)
class Danger:
    """What to call in one country; no numbers means that no data set knows them."""

    code: str
    numbers: list[EmergencyNumber]


def danger_lines(codes: Iterable[str]) -> list[Danger]:
    """Return whom to call in each of the first three countries of `codes`; unknown codes are left out."""
    known = [code for code in codes if directory.known(code)][:MOST_COUNTRIES]
    return [Danger(code, _numbers(directory.entry(code).emergency)) for code in known]


def _numbers(emergency: Any) -> list[EmergencyNumber]:
    """One entry a number: where police and ambulance share one, it stands once."""
    by_number: dict[str, list[Any]] = {}
    for service, label in SERVICES.items():
        for number in emergency.get(service, ()):
            by_number.setdefault(number, []).extend([label] if label else [])
    return [EmergencyNumber(number, labels) for number, labels in by_number.items()]
