"""What a crisis covers, how strictly its content is reviewed and shown, and where an official notice stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """What a crisis is about."""

    COUNTRIES = "countries", _("Countries")
    REGIONS = "regions", _("Regions of the world")
    WORLD = "world", _("The whole world")
    BELGIUM = "belgium", _("Belgium")
    CARRIER = "carrier", _("A carrier")
    SHIP = "ship", _("A ship")
    EVENT = "event", _("An event")


NAMED_SCOPES = frozenset({Scope.CARRIER, Scope.SHIP, Scope.EVENT})
# What has to be said with a scope.
SCOPE_NEEDS: dict[str, str] = {Scope.COUNTRIES: "countries", Scope.REGIONS: "regions", **dict.fromkeys(NAMED_SCOPES, "scope_name")}
# Scopes whose banner stands on every page.
EVERYWHERE = frozenset({Scope.WORLD, Scope.BELGIUM, Scope.CARRIER, Scope.SHIP, Scope.EVENT})


class ReviewRegime(TextChoices):
    """Whether content waits for a moderator. The Constitution (art. 19, 25) makes this a choice per crisis, never a silent habit."""

    PRE = "pre", _("Reviewed before publication")
    POST = "post", _("Trusted authors are published at once, reviewed afterwards")


class VisibilityRegime(TextChoices):
    """Who may read what citizens write about this crisis: a published route can be a target list."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Signed-in members")
    STAFF = "staff", _("Staff only")


class Severity(TextChoices):
    """Order of the banner, most severe first."""

    EXTREME = "1-extreme", _("Extreme")
    SEVERE = "2-severe", _("Severe")
    MODERATE = "3-moderate", _("Moderate")


class NoticeStatus(TextChoices):
    """Where an official notice stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for the second reader")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What was public stays as it was: a correction is a new notice.
EDITABLE_STATUSES = frozenset({NoticeStatus.DRAFT, NoticeStatus.SUBMITTED})
