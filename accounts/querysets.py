"""Chainable reads of people and their rights."""

from datetime import timedelta
from typing import Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import STAFF_ROLES

MAIL_LIFE = timedelta(hours=1)


class RecordIsAppendOnly(Exception):
    """Somebody tried to change or remove a row of a record that only grows."""


class UserManager(BaseUserManager[Any]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Return a saved user; without `password` only e-mail codes can sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Return a saved superuser, for the framework's own command; people get rights by `create_staff`."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the user with that e-mail address, in any case."""
        return self.get(email__iexact=username)


class RoleGrantQuerySet(models.QuerySet[Any]):
    """Reads of grants."""

    def current(self) -> Self:
        """Grants that are neither withdrawn nor past their date."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now()), revoked_at__isnull=True)

    def staff_door(self) -> Self:
        """Grants of people who work for the ministry."""
        return self.filter(role__in=sorted(STAFF_ROLES))


class EnrolmentLinkQuerySet(models.QuerySet[Any]):
    """Reads of enrolment links."""

    def usable(self) -> Self:
        """Links that were not used and are not past their moment, of people who may sign in."""
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True, user__is_system=False)


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows of a record: read and added, never changed or removed from code."""

    def update(self, **kwargs: Any) -> int:
        """Never: raises RecordIsAppendOnly."""
        raise RecordIsAppendOnly

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never: raises RecordIsAppendOnly."""
        raise RecordIsAppendOnly


class WaitingMailQuerySet(models.QuerySet[Any]):
    """Reads of mails that wait for the worker."""

    def too_old(self) -> Self:
        """Mails that nobody waits for any more: their code has run out."""
        return self.filter(created_at__lt=timezone.now() - MAIL_LIFE)
