"""Jobs of notifications. They take ids, read again, and may run twice."""

from datetime import timedelta

from django_tasks import task

from notifications.services.delivering import deliver_intent
from notifications.services.intents import left_behind

# A job that is only late is not lost: its own back-off is an hour at most.
PATIENCE = timedelta(hours=2)


@task()
def deliver(intent_id: int) -> str:
    """Send what one intent says, unless it was sent, taken back, or its person is gone; returns its state."""
    return deliver_intent(intent_id)


def deliver_left_behind() -> int:
    """Queue the intents whose job was lost (sweep); returns how many."""
    found = left_behind(patience=PATIENCE)
    for intent_id in found:
        deliver.enqueue(intent_id)
    return len(found)
