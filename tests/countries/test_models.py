"""Constraints of the reference tables, on the database itself."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from countries.models import Country, CountryFact, CountryOverride, Place, PlaceName, ReferenceRelease

pytestmark = pytest.mark.django_db


def refused(make: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_one_current_release_a_data_set() -> None:
    current = ReferenceRelease.objects.current().get(data_set="cldr")
    refused(lambda: ReferenceRelease.objects.create(data_set="cldr", version="x", source="s", licence="l", as_of=current.as_of, sha="other"))


def test_slug_is_unique_in_its_language() -> None:
    peru = Country.objects.get(code="PE")
    refused(lambda: Country.objects.filter(code="BE").update(slug_fr=peru.slug_fr))


def test_code_has_two_capitals() -> None:
    release = ReferenceRelease.objects.current().first()
    slugs = dict.fromkeys(("slug_fr", "slug_nl", "slug_de", "slug_en"), "x1")
    refused(lambda: Country.objects.create(code="x1", release=release, **slugs))


def test_fact_and_correction_once_a_country_and_field() -> None:
    fact = CountryFact.objects.filter(country_id="BE").first()
    assert fact is not None
    refused(lambda: CountryFact.objects.create(country_id="BE", field=fact.field, value=1, release=fact.release))
    CountryOverride.objects.create(country_id="BE", field="capital", value={}, reason="r", made_by="a")
    refused(lambda: CountryOverride.objects.create(country_id="BE", field="capital", value={}, reason="r", made_by="a"))


def test_correction_needs_reason_and_author() -> None:
    refused(lambda: CountryOverride.objects.create(country_id="BE", field="capital", value={}, reason="", made_by="a"))
    refused(lambda: CountryOverride.objects.create(country_id="BE", field="capital", value={}, reason="r", made_by=""))


def test_name_needs_a_key_and_is_stored_once() -> None:
    name = PlaceName.objects.filter(key="kaboul", language="fr").get()
    copy = {"kind": name.kind, "country_id": name.country_id, "label": "x", "weight": 1, "release": name.release}
    refused(lambda: PlaceName.objects.create(key="", language="fr", **copy))
    refused(lambda: PlaceName.objects.create(key=name.key, language=name.language, **copy))


def test_place_is_stored_once_and_its_country_is_protected() -> None:
    place = Place.objects.airports().get(source_id="KBL")
    refused(lambda: Place.objects.filter(source_id="HEA", kind="airport").update(source_id=place.source_id))
    with pytest.raises(ProtectedError):
        Country.objects.get(code="AF").delete()


def test_models_say_what_they_are() -> None:
    assert str(Country.objects.get(code="BE")) == "Belgium"
    assert str(Place.objects.airports().get(source_id="KBL")) == "Kabul International Airport"
    assert str(PlaceName.objects.get(key="kaboul", language="fr")) == "kaboul (AF)"
    assert str(ReferenceRelease.objects.current().get(data_set="cldr")).startswith("cldr babel")
    assert str(CountryFact(country_id="BE", field="capital")) == "BE capital"
    assert str(CountryOverride(country_id="BE", field="capital")) == "BE capital"
