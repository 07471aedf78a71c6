"""Mails that anybody can trigger by typing an address: counted, without a word of the sender, sent by the worker (TRUST.md, Security)."""

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User

UNCONFIRMED_MAILS_A_DAY = 3
A_DAY = 86_400


def is_confirmed(address: str) -> bool:
    """Say whether somebody has proved that this mailbox is theirs."""
    return EmailAddress.objects.filter(email__iexact=address, verified=True).exists()


def recipient_of(address: str) -> User | None:
    """Return the person with this e-mail address."""
    return User.objects.filter(email__iexact=address).first()


def _mailbox(address: str) -> str:
    # "name+anything@host" reaches the same mailbox: a tag must not open a new quota.
    local, _at, host = address.strip().casefold().rpartition("@")
    return f"{local.split('+', 1)[0]}@{host}"


def take_unconfirmed_quota(address: str) -> bool:
    """Count one mail to an address that nobody has confirmed; False when it had its share of today, from all forms together.

    The forms say the same either way: whoever bombards a stranger must not learn that the mails have stopped.
    """
    today = timezone.localdate().isoformat()
    key = f"unconfirmed-mail:{salted_hmac(f'accounts.mailing.{today}', _mailbox(address)).hexdigest()}"
    # One place for each mail: two forms at once cannot take the same one, as they could read the same count.
    return any(cache.add(f"{key}:{number}", 1, A_DAY) for number in range(UNCONFIRMED_MAILS_A_DAY))
