"""Jobs of accounts. Mails leave by the worker: a slow mail server holds up no page, and an answer takes as long for a stranger as for a member."""

from django.core.mail import EmailMessage
from django_tasks import task

from accounts.models import WaitingMail

# Somebody is looking at the page and waits for the code: before everything else in the queue.
URGENT = 90


@task(priority=URGENT)
def send_waiting_mail(pk: int) -> None:
    """Send one mail and forget it; nothing is done when it is gone, addressed to nobody, or too old."""
    WaitingMail.objects.too_old().delete()
    mail = WaitingMail.objects.filter(pk=pk).first()
    if mail is None:
        return
    if mail.to:
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": mail.language}
        EmailMessage(subject=mail.subject, body=mail.body, to=[mail.to], headers=headers).send()
    mail.delete()
