from django.apps import AppConfig
from django.core import checks


class SearchConfig(AppConfig):
    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search.checks import check_engine, check_language_data

        checks.register(check_engine)
        checks.register(check_language_data)
