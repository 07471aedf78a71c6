"""Content: topics, posts, the append-only versions of their texts, the list rows, and what readers confirmed."""

from datetime import datetime
from itertools import product

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from accounts.enums import Realm
from accounts.identifiers import new_long_id, new_topic_id
from accounts.models import User
from countries.models import Country
from crisis.enums import VisibilityRegime
from crisis.models import Crisis
from forum.enums import COUNTRIES_MAX, NEEDS_MAX, TITLE_MAX, ConfirmationKind, Kind, Need, PostStatus, Validity, VersionOrigin
from forum.querysets import ListingQuerySet, PostQuerySet, TopicQuerySet


class ForumTag(TagBase):
    """A tag of the staff's list, with its word in each language. People choose, never type one (PRODUCT.md, Content)."""

    name_fr = models.CharField(max_length=60)
    name_nl = models.CharField(max_length=60)
    name_de = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    @property
    def label(self) -> str:
        """The word in the active language."""
        return str(getattr(self, f"name_{(get_language() or 'fr')[:2]}", self.name))


class TaggedVersion(ItemBase):
    """A tag on a version of a text."""

    tag = models.ForeignKey(ForumTag, on_delete=models.PROTECT, related_name="tagged_versions")
    content_object = models.ForeignKey("PostVersion", on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="forum_version_tag_once")]


class ValidityDates(models.Model):
    """The three dates from which validity follows; rewritten only when need, confirmation, dispute or decision changes (DATA.md)."""

    check_from = models.DateTimeField(null=True, blank=True)
    stale_from = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def validity(self, now: datetime | None = None) -> Validity:
        """Return the state at `now` (default: this moment)."""
        now = now or timezone.now()
        if self.gone_at:
            return Validity.GONE
        if self.stale_from and self.stale_from <= now:
            return Validity.STALE
        if self.check_from and self.check_from <= now:
            return Validity.CHECK
        return Validity.FRESH


class Topic(ValidityDates):
    """A subject with its posts. Its public columns are a copy of the first post's live version, written by the services alone."""

    public_id = models.CharField(max_length=6, unique=True, default=new_topic_id, editable=False)
    realm = models.CharField(max_length=8, choices=Realm.choices, default=Realm.LIVE)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="topics")
    status = models.CharField(max_length=20, choices=PostStatus.choices, default=PostStatus.DRAFT)
    visibility = models.CharField(max_length=8, choices=VisibilityRegime.choices, default=VisibilityRegime.PUBLIC)
    revision = models.PositiveIntegerField(default=1)
    # What the world sees: empty until approved.
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True, default="")
    title = models.CharField(max_length=TITLE_MAX, blank=True, default="")
    slug = models.SlugField(max_length=80, blank=True, default="")
    summary = models.CharField(max_length=300, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    # Copies for display; filters read ForumListing, whose rows are checked.
    country_codes = models.JSONField(default=list, blank=True)
    needs = models.JSONField(default=list, blank=True)
    tag_slugs = models.JSONField(default=list, blank=True)
    crisis = models.ForeignKey(Crisis, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    gone_reason = models.CharField(max_length=300, blank=True, default="")
    reply_count = models.PositiveIntegerField(default=0)
    worked_count = models.PositiveIntegerField(default=0)
    not_true_count = models.PositiveIntegerField(default=0)
    answer = models.ForeignKey("Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PostStatus.values), name="forum_topic_status"),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "archived"]) | (~Q(title="") & Q(published_at__isnull=False) & Q(check_from__isnull=False)),
                name="forum_topic_published_complete",
            ),
            models.CheckConstraint(condition=Q(visibility__in=VisibilityRegime.values), name="forum_topic_visibility"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id


class Post(ValidityDates):
    """One contribution: the body of a topic (`is_first`), a reply or an answer. `live_version` is what the world sees."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    is_first = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=PostStatus.choices, default=PostStatus.DRAFT)
    live_version = models.OneToOneField("PostVersion", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    latest_version = models.OneToOneField("PostVersion", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    merged_into = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="merged_posts")
    signed_as = models.CharField(
        max_length=120, blank=True, default="", help_text=_("An official answer is signed by function; empty for citizens' posts.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True, default="")
    external_id = models.CharField(max_length=120, null=True, blank=True)
    submission_key = models.CharField(max_length=40, null=True, blank=True, unique=True, help_text=_("A form sent twice is one post."))

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["topic"], condition=Q(is_first=True), name="forum_one_first_post"),
            models.UniqueConstraint(fields=["source", "external_id"], condition=Q(external_id__isnull=False), name="forum_external_id"),
            models.CheckConstraint(condition=Q(status__in=PostStatus.values), name="forum_post_status"),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "archived"]) | Q(live_version__isnull=False, published_at__isnull=False),
                name="forum_post_published_complete",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="forum_post_merged_into",
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "created_at", "id"], name="forum_post_in_topic"),
            models.Index(fields=["author", "-created_at", "-id"], name="forum_post_by_author"),
        ]

    def __str__(self) -> str:
        return self.public_id


class PostVersion(models.Model):  # type: ignore[django-manager-missing]
    """Append-only: the only writable form of a person's text. Erasable by erasure and retention only."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=VersionOrigin.choices, default=VersionOrigin.AUTHOR)
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True, default="")
    title = models.CharField(max_length=TITLE_MAX, blank=True, default="")
    body = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, default="und", help_text=_("BCP 47; und: undetermined."))
    language_detected = models.CharField(max_length=16, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    countries = models.ManyToManyField(Country, through="VersionCountry", related_name="+")
    crisis = models.ForeignKey(Crisis, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    validity_until = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    terms_version = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    tags = TaggableManager(through=TaggedVersion, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="forum_version_number"),
            models.CheckConstraint(condition=Q(kind__in=["", *Kind.values]), name="forum_version_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}/{self.number}"


class VersionCountry(models.Model):
    """A country that a version is about, in the author's order; at most eight."""

    version = models.ForeignKey(PostVersion, on_delete=models.CASCADE, related_name="country_rows")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "country"], name="forum_version_country_once"),
            models.UniqueConstraint(fields=["version", "position"], name="forum_version_country_position"),
            models.CheckConstraint(condition=Q(position__lt=COUNTRIES_MAX), name="forum_version_countries_max"),
        ]

    def __str__(self) -> str:
        return self.country_id


class VersionNeed(models.Model):
    """A need that a version helps with; at most three."""

    version = models.ForeignKey(PostVersion, on_delete=models.CASCADE, related_name="need_rows")
    need = models.CharField(max_length=16, choices=Need.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "need"], name="forum_version_need_once"),
            models.UniqueConstraint(fields=["version", "position"], name="forum_version_need_position"),
            models.CheckConstraint(condition=Q(position__lt=NEEDS_MAX), name="forum_version_needs_max"),
            models.CheckConstraint(condition=Q(need__in=Need.values), name="forum_version_need_code"),
        ]

    def __str__(self) -> str:
        return self.need


def _list_indexes() -> list[models.Index]:
    """Return an index for each filter combination that a list offers, in each of the two orders (DATA.md, Text).

    State and age are ranges on the way through it. Tombstones are few among many: without indexes of their own, which hold only
    them, a list of them would walk every row.
    """
    orders = {"newest": "-newest_at", "confirmed": "-confirmed_at"}
    filters = {"": (), "kind_": ("kind",), "lang_": ("language",), "kind_lang_": ("kind", "language")}
    found = []
    for (order, column), (name, chosen) in product(orders.items(), filters.items()):
        fields = ("country_code", "need", *chosen, column, "-topic")
        found.append(models.Index(fields=fields, name=f"forum_list_{name}{order}"))
        found.append(models.Index(fields=fields, condition=Q(gone_at__isnull=False), name=f"forum_gone_{name}{order}"))
    return found


class ForumListing(ValidityDates):
    """One row per published topic × (country or any) × (need or any): what lists read, each filter an indexed range."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="listings")
    country_code = models.CharField(max_length=2, blank=True, default="")
    need = models.CharField(max_length=16, blank=True, default="")
    kind = models.CharField(max_length=8)
    language = models.CharField(max_length=16)
    visibility = models.CharField(max_length=8, default=VisibilityRegime.PUBLIC)
    answered = models.BooleanField(default=False)
    newest_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "country_code", "need"], name="forum_listing_once")]
        indexes = _list_indexes()

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.country_code or '*'}/{self.need or '*'}"


class Confirmation(models.Model):
    """A reader's word on a post on a day. Counts at once; a note would wait for review."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="confirmations")
    kind = models.CharField(max_length=8, choices=ConfirmationKind.choices)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="confirmations")
    happened_date = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ConfirmationKind.values), name="forum_confirmation_kind"),
            models.UniqueConstraint(fields=["post", "user", "happened_date"], condition=Q(user__isnull=False), name="forum_confirmation_once_a_day"),
        ]
        indexes = [models.Index(fields=["post", "-created_at"], name="forum_confirmation_of_post")]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_date}"


class ImportRun(models.Model):
    """One import of an archive: where it came from and on which lawful basis (TRUST.md, Privacy)."""

    source = models.CharField(max_length=40)
    basis = models.TextField(blank=True, default="")
    kept_authors = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lines_read = models.PositiveIntegerField(default=0)
    lines_written = models.PositiveIntegerField(default=0)
    lines_refused = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d}"
