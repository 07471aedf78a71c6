"""Jobs of moderation. They take ids or nothing, read again, and may run twice."""

from django_tasks import task

from accounts.enums import Realm
from moderation.services import seal_chain

# Per run and realm; the job comes back every half minute.
LIMIT = 1000


@task()
def seal_chains() -> int:
    """Seal the decisions of every realm that wait; returns how many."""
    return sum(seal_chain(realm=realm, limit=LIMIT) for realm in Realm.values)
