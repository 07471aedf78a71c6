"""Start of the app: registers its system checks."""

from django.apps import AppConfig


class CountriesConfig(AppConfig):
    name = "countries"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Countries"

    def ready(self) -> None:
        from countries import checks  # noqa: F401 - the checks register themselves on import
