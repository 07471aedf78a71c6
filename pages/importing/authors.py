"""Authors of an archive: one unclaimed account per source and person, never a member of equal name; names only where that is allowed."""

import hmac
from collections import OrderedDict

from django.conf import settings

from accounts.models import User
from accounts.services import archive_author
from forum.enums import PostStatus
from pages.importing.lines import OWN_SOURCE, Author

MOST_REMEMBERED = 20_000
UNKNOWN = "unknown"


class Authors:
    """Accounts of one run. Remembers the latest ones, so that memory does not grow with the archive."""

    def __init__(self, *, keep_names: bool) -> None:
        self._keep_names = keep_names
        self._known: OrderedDict[tuple[str, str], User] = OrderedDict()

    def of(self, author: Author, source: str) -> User:
        """Return the account of an author of a source; made on first sight."""
        key = self._key(author, source)
        if (source, key) in self._known:
            self._known.move_to_end((source, key))
            return self._known[source, key]
        named = self._keep_names or source == OWN_SOURCE
        user = archive_author(source=source, key=key, pseudonym=author.pseudonym if named else "", language=author.language)
        if author.code and source == OWN_SOURCE and user.member_code != author.code:
            self._take_code(user, author.code)
        self._known[source, key] = user
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return user

    @staticmethod
    def _key(author: Author, source: str) -> str:
        """A digest that nobody can guess a name from, the same in every run of this site."""
        if not author.pseudonym and not author.code:
            return UNKNOWN
        words = f"{source}:{author.pseudonym}:{author.code if source == OWN_SOURCE else ''}"
        return hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()[:20]

    @staticmethod
    def _take_code(user: User, code: str) -> None:
        """Show the neutral name of an export ("Member 7K3Q") again, where nobody else has its code."""
        if not User.objects.filter(member_code=code).exists():
            user.member_code = code
            user.save(update_fields=["member_code"])


def status_of(status: str, *, publish: bool) -> str:
    """Return the status that a line gets: its own with --publish, else pending."""
    return status if publish else PostStatus.PENDING.value
