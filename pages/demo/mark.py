"""The mark of a database that the demonstration made: without it `DEMO=1` refuses to start (TRUST.md, Demonstration is not production)."""

from django.db import models
from django.db.models import Q


class DemoMark(models.Model):
    """One row, written by `load_demo` into a database without people of its own; it never appears in a production database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    content = models.CharField(max_length=64, blank=True, default="", help_text="Digest of the content that is loaded; empty: none.")
    made_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "pages"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pages_one_demo_mark")]

    def __str__(self) -> str:
        return self.content or "empty"


def database_is_demo() -> bool:
    """Say whether the demonstration made this database. One query."""
    return DemoMark.objects.filter(pk=1).exists()
