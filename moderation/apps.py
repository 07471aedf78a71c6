from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forum.extensions import AUTHOR_STATUS, PREVIEW_FINDINGS
        from moderation import receivers  # noqa: F401
        from moderation.author_status import author_status
        from moderation.marks import preview_findings

        PREVIEW_FINDINGS.append(preview_findings)
        AUTHOR_STATUS.append(author_status)
