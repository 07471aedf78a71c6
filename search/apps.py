from django.apps import AppConfig
from django.core import checks


class SearchConfig(AppConfig):
    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search import receivers  # noqa: F401
        from search.checks import check_engine, check_engine_ready, check_language_data
        from search.extensions import register
        from search.sources import NOTICES, TOPICS

        checks.register(check_engine)
        checks.register(check_engine_ready, deploy=True)
        checks.register(check_language_data)
        register(TOPICS)
        register(NOTICES)
