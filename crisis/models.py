"""Which crisis is on, and the official word: one row of text per language, two people for each publication."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language, Realm
from accounts.identifiers import new_long_id
from accounts.models import User
from countries.models import Country
from crisis.enums import NAMED_SCOPES, NoticeStatus, ReviewRegime, Scope, Severity, VisibilityRegime
from crisis.querysets import CrisisQuerySet, NoticeQuerySet


class Crisis(models.Model):
    """A declared crisis: what it covers, and how strictly citizens' content about it is reviewed and shown."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    realm = models.CharField(max_length=8, choices=Realm.choices, default=Realm.LIVE)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    scope_name = models.CharField(_("name of the carrier, ship or event"), max_length=80, blank=True, default="")
    countries = models.ManyToManyField(Country, through="CrisisCountry", related_name="+")
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.SEVERE)
    review_regime = models.CharField(_("review"), max_length=4, choices=ReviewRegime.choices, default=ReviewRegime.PRE)
    visibility_regime = models.CharField(_("visibility"), max_length=8, choices=VisibilityRegime.choices, default=VisibilityRegime.PUBLIC)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CrisisQuerySet.as_manager()

    class Meta:
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="crisis_scope"),
            models.CheckConstraint(condition=Q(review_regime__in=ReviewRegime.values), name="crisis_review"),
            models.CheckConstraint(condition=Q(visibility_regime__in=VisibilityRegime.values), name="crisis_visibility"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="crisis_severity"),
            models.CheckConstraint(condition=~Q(scope__in=sorted(NAMED_SCOPES)) | ~Q(scope_name=""), name="crisis_named_scope_has_name"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, closed_at__gte=F("opened_at")),
                name="crisis_closed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["severity", "-opened_at"], condition=Q(closed_at__isnull=True), name="crisis_open_order")]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.public_id}"


class CrisisText(models.Model):
    """Title and one-line summary of a crisis in one language, for the banner and cards."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language.choices)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "language"], name="crisis_text_language"),
            models.CheckConstraint(condition=~Q(title=""), name="crisis_text_title"),
        ]

    def __str__(self) -> str:
        return self.title


class CrisisCountry(models.Model):
    """A country that a crisis covers."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crisis", "country"], name="crisis_country_once")]

    def __str__(self) -> str:
        return self.country_id


class CrisisRegion(models.Model):
    """A region of the world (the word of `Country.region`) that a crisis covers."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE)
    region = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crisis", "region"], name="crisis_region_once")]

    def __str__(self) -> str:
        return self.region


class OfficialNotice(models.Model):
    """The official word on a crisis or a country. Its one home: banner, country page, feed and search are views of it."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    realm = models.CharField(max_length=8, choices=Realm.choices, default=Realm.LIVE)
    crisis = models.ForeignKey(Crisis, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.DRAFT)
    text_fr = models.OneToOneField("OfficialNoticeText", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    text_nl = models.OneToOneField("OfficialNoticeText", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("official notice")
        verbose_name_plural = _("official notices")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=NoticeStatus.values), name="crisis_notice_status"),
            # Coordinated laws of 18 July 1966 on the use of languages in administrative matters, art. 40.
            models.CheckConstraint(
                condition=~Q(status="published") | Q(text_fr__isnull=False, text_nl__isnull=False), name="crisis_notice_fr_and_nl"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(approved_by__isnull=False, published_at__isnull=False), name="crisis_notice_four_eyes"
            ),
            models.CheckConstraint(condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")), name="crisis_notice_other_eyes"),
        ]
        indexes = [
            models.Index(fields=["country", "-published_at"], condition=Q(status="published"), name="crisis_notice_by_country"),
            models.Index(fields=["-published_at"], condition=Q(status="published"), name="crisis_notice_newest"),
        ]

    def __str__(self) -> str:
        return self.public_id


class OfficialNoticeText(models.Model):
    """What we know, what we do not know yet, what we do: in one language."""

    notice = models.ForeignKey(OfficialNotice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language.choices)
    title = models.CharField(_("title"), max_length=150)
    known = models.TextField(_("what we know"))
    unknown = models.TextField(_("what we do not know yet"), blank=True, default="")
    doing = models.TextField(_("what we do"), blank=True, default="")
    signed_as = models.CharField(_("signed by (function)"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="crisis_notice_text_language"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(known="") & ~Q(signed_as=""), name="crisis_notice_text_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title


class PublicGeneration(models.Model):
    """One row: a number that every transaction raises when it changes what the public sees, so that caches forget."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="crisis_one_generation")]

    def __str__(self) -> str:
        return str(self.number)
