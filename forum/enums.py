"""Words of the forum: kinds, needs with their life, statuses with their named sets, validity."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What a topic is."""

    TIP = "tip", _("Tip")
    OFFER = "offer", _("Offer of help")
    QUESTION = "question", _("Question")


class Need(TextChoices):
    """What a topic helps with, in the order of PRODUCT.md."""

    FLIGHTS = "flights", _("Flights and repatriation")
    BORDERS = "borders", _("Routes and borders")
    SECURITY = "security", _("Security, where not to go")
    CONSULAR = "consular", _("Embassy and consulate")
    VISA = "visa", _("Visa, overstay, permits")
    DOCUMENTS = "documents", _("Lost documents")
    MEDICINE = "medicine", _("Medicine and care")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    SHELTER = "shelter", _("Shelter and hosting")
    MONEY = "money", _("Money, cash, transfers")
    SUPPLIES = "supplies", _("Food, water, supplies")
    TRANSPORT = "transport", _("Local transport, fuel")
    TELECOM = "telecom", _("Phone, internet, power")
    FAMILY = "family", _("Family and children")
    PETS = "pets", _("Pets")
    INSURANCE = "insurance", _("Insurance, airline rights")
    WORK = "work", _("Work, study")
    LEGAL = "legal", _("Legal, dual nationals")
    RETURN = "return", _("Return to Belgium")
    SCAMS = "scams", _("Scams and rumours")


# How long a statement about a need stays likely to be true (PRODUCT.md, Needs).
NEED_LIFE: dict[str, timedelta] = {
    Need.FLIGHTS: timedelta(hours=24),
    Need.BORDERS: timedelta(hours=24),
    Need.SECURITY: timedelta(hours=12),
    Need.CONSULAR: timedelta(days=7),
    Need.VISA: timedelta(days=14),
    Need.DOCUMENTS: timedelta(days=30),
    Need.MEDICINE: timedelta(days=7),
    Need.MENTAL_HEALTH: timedelta(days=90),
    Need.SHELTER: timedelta(hours=72),
    Need.MONEY: timedelta(days=7),
    Need.SUPPLIES: timedelta(hours=72),
    Need.TRANSPORT: timedelta(hours=48),
    Need.TELECOM: timedelta(hours=72),
    Need.FAMILY: timedelta(hours=72),
    Need.PETS: timedelta(days=30),
    Need.INSURANCE: timedelta(days=90),
    Need.WORK: timedelta(days=90),
    Need.LEGAL: timedelta(days=90),
    Need.RETURN: timedelta(days=14),
    Need.SCAMS: timedelta(days=14),
}
NO_NEED_LIFE = timedelta(days=14)
KIND_LIFE: dict[str, timedelta] = {Kind.OFFER: timedelta(hours=72), Kind.QUESTION: timedelta(hours=48)}
# Where a false "still true" puts somebody in danger: visitors without an account never renew these (TRUST.md, Security).
GUARDED_NEEDS = frozenset({Need.FLIGHTS, Need.BORDERS, Need.SECURITY, Need.MONEY})
# Offers that are always reviewed beforehand, whatever the author's trust (PRODUCT.md).
ALWAYS_REVIEWED_OFFERS = frozenset({Need.SHELTER, Need.TRANSPORT, Need.MONEY})


class PostStatus(TextChoices):
    """Where a post stands. Written by `forum.services` alone."""

    UNCONFIRMED = "unconfirmed", _("Waiting for the confirmation mail")
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")
    REJECTED = "rejected", _("Refused")
    SPAM = "spam", _("Spam")
    MERGED = "merged", _("Merged into another topic")


# In lists, search and feeds.
PUBLIC_STATUSES = frozenset({PostStatus.PUBLISHED})
# Readable at its own address.
READABLE_STATUSES = frozenset({PostStatus.PUBLISHED, PostStatus.ARCHIVED})
# The author may still work on it.
EDITABLE_STATUSES = frozenset({PostStatus.DRAFT, PostStatus.PENDING, PostStatus.CHANGES_REQUESTED, PostStatus.PUBLISHED})
WITHDRAWABLE_STATUSES = EDITABLE_STATUSES | {PostStatus.UNCONFIRMED, PostStatus.HIDDEN, PostStatus.ARCHIVED}
# A moderator is expected to do something.
WAITING_STATUSES = frozenset({PostStatus.PENDING})


class Validity(TextChoices):
    """How far a published statement can be trusted today; derived from three dates, never stored."""

    FRESH = "fresh", pgettext_lazy("validity", "Still true")
    CHECK = "check", pgettext_lazy("validity", "To be confirmed")
    STALE = "stale", pgettext_lazy("validity", "May be outdated")
    GONE = "gone", pgettext_lazy("validity", "Withdrawn, do not follow")


class ConfirmationKind(TextChoices):
    """What a reader says of a tip."""

    WORKED = "worked", _("Worked for me")
    NOT_TRUE = "not_true", _("No longer true")


class VersionOrigin(TextChoices):
    """Whose hand made a version of a text."""

    AUTHOR = "author", _("Author")
    MODERATOR = "moderator", _("Masked or corrected by the ministry")
    IMPORT = "import", _("From an archive")


TITLE_MAX = 150
BODY_MAX = 20_000
COUNTRIES_MAX = 8
NEEDS_MAX = 3
TAGS_MAX = 6
