"""Jobs of accounts. Mails leave by the worker: a slow mail server holds up no page, and an answer takes as long for a stranger as for a member."""

from django.core.mail import EmailMessage
from django_tasks import task

# Somebody is looking at the page and waits for the code: before everything else in the queue.
URGENT = 90


@task(priority=URGENT)
def send_account_mail(to: str, subject: str, body: str, language: str) -> None:
    """Send one mail; with an empty `to` do nothing."""
    if not to:
        return
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    EmailMessage(subject=subject, body=body, to=[to], headers=headers).send()
