"""What is kept of people, and for how long: the sweeps that end it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User

# Retention of an unconfirmed sign-up (the privacy page says it in these words).
UNCONFIRMED_LIFE = timedelta(days=7)


def unconfirmed_sign_ups(now: datetime | None = None) -> list[int]:
    """Return the keys of accounts whose address nobody confirmed in time, and which nobody ever used or was given a right in."""
    before = (now or timezone.now()) - UNCONFIRMED_LIFE
    people = User.objects.filter(date_joined__lt=before, last_login__isnull=True, is_system=False, is_superuser=False, archive_source="")
    people = people.filter(emailaddress__verified=False, grants__isnull=True).exclude(emailaddress__verified=True)
    return list(people.order_by("pk").values_list("pk", flat=True).distinct())


def forget_unconfirmed_sign_ups(now: datetime | None = None) -> int:
    """Delete the accounts that nobody confirmed in seven days, with the name that was asked for; return how many (TRUST: retention)."""
    forgotten = 0
    for key in unconfirmed_sign_ups(now):
        with transaction.atomic():
            person = User.objects.select_for_update().filter(pk=key, last_login__isnull=True).first()
            # Confirmed at this very moment: the account stays.
            if person is None or person.emailaddress_set.filter(verified=True).exists():
                continue
            person.profile_versions.all().delete()
            person.delete()
            forgotten += 1
    return forgotten
