"""The only writers of people, grants and profiles."""

import unicodedata
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.enums import STAFF_ROLES, AccountEventKind, ProfileStatus, Role
from accounts.events import record_event
from accounts.models import ProfileVersion, RoleGrant, User
from accounts.permissions import current_grants, forget_grants, has_role
from accounts.signals import profile_submitted, profile_withdrawn

SYSTEM_EMAIL = "system@invalid"
# Set in the browser that signed up, read when the address is confirmed.
SIGNED_UP_SESSION_KEY = "signed_up_as"
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


def pseudonym_taken(key: str, *, by_other_than: User | None = None) -> bool:
    """Say whether a name with this folded form is shown, or waits for review, for another person. An empty key counts as taken."""
    people = User.objects.filter(pseudonym_key=key)
    waiting = ProfileVersion.objects.filter(pseudonym_key=key, status=ProfileStatus.PENDING)
    if by_other_than is not None:
        people, waiting = people.exclude(pk=by_other_than.pk), waiting.exclude(user=by_other_than)
    return not key or people.exists() or waiting.exists()


def _add_version(actor: User, *, pseudonym: str, about: str, status: str) -> ProfileVersion:
    last = actor.profile_versions.aggregate(last=Max("number"))["last"] or 0
    return ProfileVersion.objects.create(
        user=actor,
        number=last + 1,
        pseudonym=pseudonym.strip(),
        pseudonym_key=pseudonym_key(pseudonym),
        about=about.strip(),
        language=actor.language,
        status=status,
    )


@transaction.atomic
def submit_profile(*, actor: User, pseudonym: str, about: str = "") -> ProfileVersion:
    """Store what `actor` wants to be called as a version that waits for review; raises PseudonymTaken."""
    User.objects.select_for_update().get(pk=actor.pk)
    if pseudonym_taken(pseudonym_key(pseudonym), by_other_than=actor):
        raise PseudonymTaken(pseudonym)
    actor.profile_versions.filter(status__in=[ProfileStatus.PENDING, ProfileStatus.UNCONFIRMED]).update(status=ProfileStatus.WITHDRAWN)
    version = _add_version(actor, pseudonym=pseudonym, about=about, status=ProfileStatus.PENDING)
    profile_submitted.send(sender=ProfileVersion, version=version)
    return version


@transaction.atomic
def complete_sign_up(*, user: User, pseudonym: str, language: str, is_minor: bool) -> None:
    """Write what a new person said at sign-up. The name waits until the e-mail address is confirmed (`confirm_sign_up`): before that
    it takes no name away from anybody, so that signing up twice tells nobody whether an address has an account."""
    user.language, user.is_minor = language, is_minor
    user.terms_version, user.terms_accepted_at = settings.TERMS_VERSION, timezone.now()
    user.save(update_fields=["language", "is_minor", "terms_version", "terms_accepted_at"])
    if pseudonym.strip():
        _add_version(user, pseudonym=pseudonym, about="", status=ProfileStatus.UNCONFIRMED)


@transaction.atomic
def confirm_sign_up(*, user: User, same_person: bool) -> bool:
    """Send the name of the sign-up to review, once the address is confirmed; return whether it is on its way.

    `same_person` says that whoever confirms is who signed up (same browser, or the password given). Otherwise somebody may have signed up
    with an address that is not theirs: the name and the password of that sign-up are dropped, or they would have a key to the account.
    """
    wish = user.profile_versions.filter(status=ProfileStatus.UNCONFIRMED).order_by("-number").first()
    if not same_person and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if wish is None:
        return False
    takes_it = same_person and not pseudonym_taken(wish.pseudonym_key, by_other_than=user)
    wish.status = ProfileStatus.PENDING if takes_it else ProfileStatus.WITHDRAWN
    wish.save(update_fields=["status"])
    if takes_it:
        profile_submitted.send(sender=ProfileVersion, version=wish)
    return takes_it


def confirm_address(user: User) -> None:
    """Mark the person's own e-mail address as confirmed: an operator, a one-time link or the demonstration vouches for it."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def set_language(*, user: User, language: str) -> None:
    """Write in which language the person wants mails."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def withdraw_profile(*, actor: User) -> None:
    """Take the waiting proposal of `actor` back; the approved name stays."""
    if actor.profile_versions.filter(status=ProfileStatus.PENDING).update(status=ProfileStatus.WITHDRAWN):
        profile_withdrawn.send(sender=ProfileVersion, user=actor)


@transaction.atomic
def set_profile_status(*, version: ProfileVersion, status: str) -> ProfileVersion:
    """Write the outcome of a review (called by moderation); `published` makes name and text visible. Raises PseudonymTaken."""
    was_shown = version.status == ProfileStatus.PUBLISHED
    version.status = status
    version.save(update_fields=["status"])
    user = User.objects.select_for_update().get(pk=version.user_id)
    if status == ProfileStatus.PUBLISHED:
        user.pseudonym, user.pseudonym_key, user.about = version.pseudonym, version.pseudonym_key, version.about
    elif was_shown and user.pseudonym_key == version.pseudonym_key:
        user.pseudonym, user.pseudonym_key, user.about = None, None, ""
    try:
        user.save(update_fields=["pseudonym", "pseudonym_key", "about"])
    except IntegrityError as error:
        raise PseudonymTaken(version.pseudonym) from error
    return version


def _mirror_wagtail_groups(user: User) -> None:
    """Give unscoped grants their Wagtail group: scoped ones give the door alone (DATA.md, People)."""
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in sorted(_group_names(user))])


def _group_names(user: User) -> set[str]:
    unscoped = [grant for grant in current_grants(user) if grant.country_id is None and not grant.language]
    return {f"role:{grant.role}" for grant in unscoped if grant.role in STAFF_ROLES}


def refresh_groups(user: User) -> None:
    """Bring Wagtail's groups in line with the grants in force: a grant that ran out gives nothing from that moment on."""
    if set(user.groups.values_list("name", flat=True)) != _group_names(user):
        _mirror_wagtail_groups(user)


def _scope(grant: RoleGrant) -> str:
    return " ".join(filter(None, [grant.role, grant.country_id, grant.language]))


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
    record_event(AccountEventKind.ROLE_GRANTED, user=user, actor=actor, detail=_scope(grant))
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, actor: User | None) -> None:
    """End a grant now. Same rights as giving it."""
    if actor is not None and not has_role(actor, Role.ADMINISTRATOR):
        raise GrantNotAllowed(grant.role)
    ended = RoleGrant.objects.filter(pk=grant.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    forget_grants(grant.user)
    _mirror_wagtail_groups(grant.user)
    if ended:
        record_event(AccountEventKind.ROLE_REVOKED, user=grant.user, actor=actor, detail=_scope(grant))


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
