"""The texts of the simple engine: one row per searchable document, kept by the same tasks that feed the search index."""

from django.db import models
from django.db.models import Q


class SearchText(models.Model):
    """A searchable document with its words folded. A deleted one keeps its key and revision only, so that an older task can't bring it back.

    `folded`, `folded_title` and `marks` begin and end with a space, so that " word" is the beginning of a word. `marks` holds what the filters
    ask for, as words ("country_pe need_borders kind_tip").
    """

    key = models.CharField(max_length=40, unique=True)
    revision = models.PositiveBigIntegerField()
    is_live = models.BooleanField(default=True)
    visibility = models.CharField(max_length=16, blank=True)
    published_at = models.BigIntegerField(default=0)
    check_from = models.BigIntegerField(null=True)
    stale_from = models.BigIntegerField(null=True)
    gone_at = models.BigIntegerField(null=True)
    marks = models.TextField(blank=True)
    folded_title = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    document = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["visibility", "-published_at"], condition=Q(is_live=True), name="search_text_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(is_live=True) | Q(folded="", folded_title="", marks=""), name="search_text_deleted_has_no_text"),
        ]

    def __str__(self) -> str:
        return self.key
