from datetime import timedelta

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.enums import Realm
        from moderation.services import seal_chain
        from notifications import receivers, tasks  # noqa: F401
        from notifications.periodic import Sweep, register
        from notifications.services import queue

        register(Sweep("requeue_lost", queue.requeue_lost, every=timedelta(seconds=20)))
        register(Sweep("deliver_left_behind", tasks.deliver_left_behind, every=timedelta(minutes=5)))
        register(Sweep("seal_chain", lambda: [seal_chain(realm=realm) for realm in Realm.values], every=timedelta(seconds=30)))
        register(Sweep("prune_queue", queue.prune, every=timedelta(hours=6)))
