"""Where: countries, their facts with provenance, places, and the names that people write for them."""

from django.db import models

from countries.enums import LANGUAGES, FactField, PlaceKind
from countries.querysets import CountryQuerySet, PlaceNameQuerySet, PlaceQuerySet, ReferenceReleaseQuerySet


class ReferenceRelease(models.Model):
    """One state of one named data set: where a row comes from, under which licence, as of which day."""

    data_set = models.CharField(max_length=40)
    version = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    as_of = models.DateField()
    sha = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    objects = ReferenceReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["data_set", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["data_set", "sha"], name="countries_release_once"),
            models.UniqueConstraint(fields=["data_set"], condition=models.Q(is_current=True), name="countries_release_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.data_set} {self.version}"


class Country(models.Model):
    """An ISO 3166-1 country or territory, or Kosovo (XK). Names and slugs in the four languages; the rest is `CountryFact`."""

    code = models.CharField(max_length=2, primary_key=True)
    name_fr = models.CharField(max_length=120)
    name_nl = models.CharField(max_length=120)
    name_de = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    slug_fr = models.SlugField(max_length=120, unique=True)
    slug_nl = models.SlugField(max_length=120, unique=True)
    slug_de = models.SlugField(max_length=120, unique=True)
    slug_en = models.SlugField(max_length=120, unique=True)
    region = models.CharField(max_length=3, blank=True, db_index=True)
    subregion = models.CharField(max_length=3, blank=True, db_index=True)
    release = models.ForeignKey(ReferenceRelease, on_delete=models.PROTECT, related_name="countries")

    objects = CountryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "countries"
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[A-Z]{2}$"), name="countries_country_code_form"),
        ]

    def __str__(self) -> str:
        return self.name_en

    def names(self) -> dict[str, str]:
        """Name by language."""
        return {language: getattr(self, f"name_{language}") for language in LANGUAGES}

    def slugs(self) -> dict[str, str]:
        """Slug of the country's page by language."""
        return {language: getattr(self, f"slug_{language}") for language in LANGUAGES}


class CountryFact(models.Model):
    """One fact of one country as a data set gives it. A fact that no data set gives has no row."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(max_length=20, choices=FactField.choices)
    value = models.JSONField()
    release = models.ForeignKey(ReferenceRelease, on_delete=models.PROTECT, related_name="facts")

    class Meta:
        ordering = ["country", "field"]
        constraints = [models.UniqueConstraint(fields=["country", "field"], name="countries_fact_once")]

    def __str__(self) -> str:
        return f"{self.country_id} {self.field}"


class CountryOverride(models.Model):
    """A correction by staff that wins over the data sets and that no reload touches. `made_by` is an audit reference, not a user."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="overrides")
    field = models.CharField(max_length=20, choices=FactField.choices)
    value = models.JSONField()
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["country", "field"]
        constraints = [
            models.UniqueConstraint(fields=["country", "field"], name="countries_override_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="countries_override_has_reason"),
            models.CheckConstraint(condition=~models.Q(made_by=""), name="countries_override_has_author"),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.field}"


class Place(models.Model):
    """A capital, airport or (later) city. `source_id` is the data set's own id, so that a reload keeps the row."""

    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    source_id = models.CharField(max_length=20)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=160)
    names = models.JSONField(default=dict)
    city = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField(default=0)
    time_zone = models.CharField(max_length=40, blank=True)
    is_present = models.BooleanField(default=True)
    release = models.ForeignKey(ReferenceRelease, on_delete=models.PROTECT, related_name="places")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "source_id"]
        constraints = [models.UniqueConstraint(fields=["kind", "source_id"], name="countries_place_once")]
        indexes = [models.Index(fields=["country", "kind"], name="countries_place_of_country")]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """One written form that points at a country or a place. Derived from the data sets and own tables; rewritten by each reload."""

    key = models.CharField(max_length=160)
    language = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="place_names")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="place_names")
    label = models.CharField(max_length=160)
    weight = models.PositiveSmallIntegerField()
    is_code = models.BooleanField(default=False)
    release = models.ForeignKey(ReferenceRelease, on_delete=models.PROTECT, related_name="place_names")

    objects = PlaceNameQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-weight", "pk"]
        indexes = [models.Index(fields=["key"], name="countries_placename_key")]
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "kind", "country"], name="countries_placename_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="countries_placename_has_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.country_id})"
