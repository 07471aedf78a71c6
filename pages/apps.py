from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import time

        from django.core.management import call_command

        from accounts.retention import forget_unconfirmed_sign_ups
        from notifications.periodic import Sweep, register
        from pages import checks, receivers, statement  # noqa: F401
        from pages.searchable import SOURCE
        from search import extensions
        from search.tasks import check_index

        extensions.register(SOURCE)

        register(Sweep("check_index", check_index, at=time(3, 30)))
        register(Sweep("clear_sessions", lambda: call_command("clearsessions"), at=time(3, 10)))
        register(Sweep("forget_unconfirmed", forget_unconfirmed_sign_ups, at=time(3, 20)))
