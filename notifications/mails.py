"""Writes the mails. Words go only to the person whom they are about: nothing unapproved reaches anybody else."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from moderation.grounds import statement_of
from moderation.models import Decision


def _host() -> str:
    return settings.BASE_URL.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]


def decision_mail(decision: Decision, *, language: str, to: str, reference: str) -> EmailMessage:
    """Return the mail that tells an author of a decision: what, why, and what can be done, in the author's language.

    `reference` makes the Message-ID: a mail that had to be sent a second time is recognised as the same.
    """
    with translation.override(language):
        statement = statement_of(decision, language)
        context = {
            "title": statement.title,
            "paragraphs": statement.paragraphs,
            "reference": decision.public_id,
            "url": settings.BASE_URL + reverse("account_posts"),
        }
        subject = render_to_string("notifications/email/decision_subject.txt", context)
        body = render_to_string("notifications/email/decision.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[to],
        headers={
            "Message-ID": f"<intent.{reference}@{_host()}>",
            # RFC 3834: an out-of-office reply to a machine helps nobody.
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
