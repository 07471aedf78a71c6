"""Who: people, the reviewed texts of their profiles, and the rights that are granted to them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import GRANTABLE_ROLES, STAFF_ROLES, AccountEventKind, Language, ProfileStatus, Role, Trust
from accounts.identifiers import new_long_id, new_member_code
from accounts.querysets import AppendOnlyQuerySet, EnrolmentLinkQuerySet, RecordIsAppendOnly, RoleGrantQuerySet, UserManager, WaitingMailQuerySet
from countries.models import Country


class User(AbstractBaseUser, PermissionsMixin):
    """A person, an unclaimed author of an archive, or the one `system` account that acts for jobs and commands."""

    email = models.EmailField(_("e-mail address"), unique=True)
    pseudonym = models.CharField(_("pseudonym"), max_length=40, null=True, blank=True, help_text=_("Approved by review; until then null."))
    pseudonym_key = models.CharField(max_length=60, null=True, blank=True, unique=True, help_text=_("Folded form: no two look alike."))
    about = models.TextField(blank=True, default="", help_text=_("Approved text about the person."))
    member_code = models.CharField(max_length=6, unique=True, default=new_member_code, editable=False)
    audit_ref = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FR)
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_minor = models.BooleanField(default=False)
    trust = models.CharField(max_length=8, choices=Trust.choices, default=Trust.NEW)
    archive_source = models.CharField(max_length=40, blank=True, default="", help_text=_("Import that this unclaimed author comes from."))
    terms_version = models.CharField(max_length=20, blank=True, default="", help_text=_("Version of the terms that the person accepted."))
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    is_system = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    # Rights are grants, mirrored as groups: nobody has Django permissions of their own, so its backend need not ask for them.
    _user_perm_cache: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_folded"),
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="accounts_one_system_user"),
            models.CheckConstraint(
                condition=Q(pseudonym__isnull=True, pseudonym_key__isnull=True) | Q(pseudonym__isnull=False, pseudonym_key__isnull=False),
                name="accounts_user_pseudonym_has_key",
            ),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="accounts_user_language"),
            models.CheckConstraint(condition=Q(trust__in=Trust.values), name="accounts_user_trust"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """What the world sees: the approved pseudonym, else a neutral name."""
        return self.pseudonym or gettext("Member %(code)s") % {"code": self.member_code[:4]}

    def get_full_name(self) -> str:
        """Return the public name (Wagtail's admin shows it)."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the public name."""
        return self.display_name

    @property
    def is_staff(self) -> bool:
        """Django's own admin is not installed; Wagtail asks for a permission instead (see `has_perm`)."""
        return self.is_superuser

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Every current staff grant gives Wagtail's door, and nothing else (DATA.md, People)."""
        if perm == "wagtailadmin.access_admin" and self.is_active and self._has_staff_door():
            return True
        return super().has_perm(perm, obj)

    def _has_staff_door(self) -> bool:
        """Say whether a staff grant is in force; what `accounts.permissions.current_grants` read in this request is not read again."""
        known = getattr(self, "_current_grants", None)
        if known is None:
            return self.grants.current().staff_door().exists()
        return any(grant.role in STAFF_ROLES for grant in known)


class ProfileVersion(models.Model):
    """Append-only: a pseudonym and text that a person wrote, unseen until approved."""

    public_id = models.CharField(max_length=10, unique=True, default=new_long_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="profile_versions")
    number = models.PositiveIntegerField()
    pseudonym = models.CharField(max_length=40)
    pseudonym_key = models.CharField(max_length=60)
    about = models.TextField(blank=True, default="", max_length=1000)
    language = models.CharField(max_length=2, choices=Language.choices)
    status = models.CharField(max_length=20, choices=ProfileStatus.choices, default=ProfileStatus.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="accounts_profile_number"),
            models.UniqueConstraint(fields=["user"], condition=Q(status="pending"), name="accounts_profile_one_pending"),
            models.CheckConstraint(condition=Q(status__in=ProfileStatus.values), name="accounts_profile_status"),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} ({self.number})"


class RoleGrant(models.Model):
    """One right of one person, perhaps for one country or one language, perhaps until a date. Checks and querysets read only this."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=[(r.value, r.label) for r in Role if r in GRANTABLE_ROLES])
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, blank=True, default="", choices=Language.choices)
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=_("Empty: from the command line.")
    )
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role if r in GRANTABLE_ROLES]), name="accounts_grant_role"),
            models.CheckConstraint(condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")), name="accounts_grant_not_to_self"),
            models.CheckConstraint(condition=~Q(reason=""), name="accounts_grant_has_reason"),
        ]
        indexes = [models.Index(fields=["user", "role"], name="accounts_grant_user_role")]

    def __str__(self) -> str:
        return f"{self.role} · {self.country_id or '*'} · {self.language or '*'}"


class EnrolmentLink(models.Model):
    """A way in for one member of staff, once, until a moment: the first sign-in, or a lost second factor. Only a digest of the secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentLinkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accounts_enrolment_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.expires_at:%Y-%m-%d %H:%M}"


class AccountEvent(models.Model):
    """Append-only: what was done to an account, by whom. Ids and codes alone, no name and no address."""

    kind = models.CharField(max_length=24, choices=AccountEventKind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    actor_ref = models.CharField(max_length=10, help_text=_("Pseudonymous id of who did it; `command` for the command line."))
    detail = models.CharField(max_length=40, blank=True, default="", help_text=_("Codes: role, country, language."))
    at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=AccountEventKind.values), name="accounts_event_kind")]
        indexes = [models.Index(fields=["user", "-at"], name="accounts_event_user")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raises RecordIsAppendOnly for a row that exists."""
        if not self._state.adding:
            raise RecordIsAppendOnly(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: raises RecordIsAppendOnly."""
        raise RecordIsAppendOnly(self.pk)


class WaitingMail(models.Model):
    """A mail that the worker is about to send. It may hold a code: the row goes as soon as the mail has left, or when it is too old to be of use."""

    to = models.EmailField(blank=True, default="", help_text=_("Empty: nobody. The work is the same, so that the time of an answer tells nothing."))
    subject = models.CharField(max_length=200)
    body = models.TextField()
    language = models.CharField(max_length=2, choices=Language.choices)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = WaitingMailQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk}"
