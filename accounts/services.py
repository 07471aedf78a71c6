"""The only writers of people, grants and profiles."""

import unicodedata
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.enums import ProfileStatus, Role
from accounts.models import ProfileVersion, RoleGrant, User
from accounts.permissions import forget_grants, has_role
from accounts.signals import profile_submitted, profile_withdrawn

SYSTEM_EMAIL = "system@invalid"
# Letters of other scripts and digits that are read as Latin ones (Unicode TR 39, the few that matter for a name).
LOOKALIKES = str.maketrans("аеорсухіјѕһ0135", "aeopcyxijsholes")


class PseudonymTaken(Exception):
    """Another person has, or asked for, a name that looks the same."""


class GrantNotAllowed(Exception):
    """The actor may not give or take this role."""


def pseudonym_key(text: str) -> str:
    """Return the form in which two names that look alike are equal: no accents, case, spaces, or look-alike characters."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum()).translate(LOOKALIKES)[:60]


def system_user() -> User:
    """Return the reserved account that acts for jobs, commands and visitors without an account; made on first use."""
    try:
        return User.objects.get(is_system=True)
    except User.DoesNotExist:
        return User.objects.create_user(SYSTEM_EMAIL, is_system=True, pseudonym="system", pseudonym_key="system")


@transaction.atomic
def submit_profile(*, actor: User, pseudonym: str, about: str = "") -> ProfileVersion:
    """Store what `actor` wants to be called as a version that waits for review; raises PseudonymTaken."""
    User.objects.select_for_update().get(pk=actor.pk)
    key = pseudonym_key(pseudonym)
    taken = User.objects.filter(pseudonym_key=key).exclude(pk=actor.pk).exists()
    if not key or taken or ProfileVersion.objects.filter(pseudonym_key=key, status=ProfileStatus.PENDING).exclude(user=actor).exists():
        raise PseudonymTaken(pseudonym)
    actor.profile_versions.filter(status=ProfileStatus.PENDING).update(status=ProfileStatus.WITHDRAWN)
    last = actor.profile_versions.aggregate(last=Max("number"))["last"] or 0
    version = ProfileVersion.objects.create(
        user=actor, number=last + 1, pseudonym=pseudonym.strip(), pseudonym_key=key, about=about, language=actor.language
    )
    profile_submitted.send(sender=ProfileVersion, version=version)
    return version


@transaction.atomic
def withdraw_profile(*, actor: User) -> None:
    """Take the waiting proposal of `actor` back; the approved name stays."""
    if actor.profile_versions.filter(status=ProfileStatus.PENDING).update(status=ProfileStatus.WITHDRAWN):
        profile_withdrawn.send(sender=ProfileVersion, user=actor)


@transaction.atomic
def set_profile_status(*, version: ProfileVersion, status: str) -> ProfileVersion:
    """Write the outcome of a review (called by moderation); `published` makes name and text visible. Raises PseudonymTaken."""
    version.status = status
    version.save(update_fields=["status"])
    user = User.objects.select_for_update().get(pk=version.user_id)
    if status == ProfileStatus.PUBLISHED:
        user.pseudonym, user.pseudonym_key, user.about = version.pseudonym, version.pseudonym_key, version.about
    elif user.pseudonym_key == version.pseudonym_key:
        user.pseudonym, user.pseudonym_key, user.about = None, None, ""
    try:
        user.save(update_fields=["pseudonym", "pseudonym_key", "about"])
    except IntegrityError as error:
        raise PseudonymTaken(version.pseudonym) from error
    return version


def _mirror_wagtail_groups(user: User) -> None:
    """Give unscoped grants their Wagtail group: scoped ones give the door alone (DATA.md, People)."""
    roles = user.grants.current().staff_door().filter(country__isnull=True, language="").values_list("role", flat=True)
    user.groups.set([Group.objects.get_or_create(name=f"role:{role}")[0] for role in sorted(set(roles))])


@transaction.atomic
def grant_role(
    *, user: User, role: str, actor: User | None, reason: str, country: str | None = None, language: str = "", valid_until: datetime | None = None
) -> RoleGrant:
    """Give `role` to `user`. `actor` None means the command line. Raises GrantNotAllowed unless an administrator gives it to somebody else."""
    if actor is not None and (actor.pk == user.pk or not has_role(actor, Role.ADMINISTRATOR)):
        raise GrantNotAllowed(role)
    grant = RoleGrant.objects.create(
        user=user, role=role, country_id=country, language=language, granted_by=actor, reason=reason, valid_until=valid_until
    )
    forget_grants(user)
    _mirror_wagtail_groups(user)
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, actor: User | None) -> None:
    """End a grant now. Same rights as giving it."""
    if actor is not None and not has_role(actor, Role.ADMINISTRATOR):
        raise GrantNotAllowed(grant.role)
    RoleGrant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    forget_grants(grant.user)
    _mirror_wagtail_groups(grant.user)


def archive_author(*, source: str, key: str, pseudonym: str, language: str = "fr") -> User:
    """Return the unclaimed account of one author of an import; never a member of equal name. `key` is stable within `source`."""
    email = f"{key}@{source}.archive.invalid"
    defaults: dict[str, Any] = {"archive_source": source, "is_active": False, "language": language}
    user, created = User.objects.get_or_create(email=email, defaults=defaults)
    if created:
        user.set_unusable_password()
        if pseudonym:
            user.pseudonym, user.pseudonym_key = pseudonym[:40], f"{source}:{pseudonym_key(pseudonym)}:{user.member_code}"[:60]
        user.save()
    return user
