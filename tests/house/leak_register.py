"""Every text, JSON and file field of every model of ours: whose words it holds, and why they reach nobody who may not read them.

A new field fails tests/house/test_leak_register.py until it stands here. Fields with `choices` hold codes and need no line.
"""

from enum import StrEnum


class Holds(StrEnum):
    """What a field holds."""

    CODE = "ids, codes, digests, dates as text: no word of a person"
    REFERENCE = "from a data set or from the code of the house"
    SECRET = "opens something; never leaves the server"
    PERSONAL = "of a person, shown to that person and whoever must know"
    UNREAD = "typed by a person, read by nobody yet, or refused: the author and their moderators alone"
    APPROVED = "public copy of words that were read, written by one service"
    INTERNAL = "words of the ministry for itself or for one author"
    OFFICIAL = "words of the ministry, public once a second person approved them, or written by editors in Wagtail"


# Which test of tests/house/test_leaks.py looks for words of this kind on every public surface.
PROOFS = {
    Holds.PERSONAL: "test_no_address_of_a_person_is_seen",
    Holds.UNREAD: "test_no_field_of_a_topic_that_is_not_public_is_seen",
    Holds.APPROVED: "test_an_undone_approval_leaves_nothing",
}

REGISTER: dict[Holds, str] = {
    Holds.CODE: """
        accounts.User.member_code accounts.User.audit_ref accounts.User.archive_source accounts.User.terms_version
        accounts.ProfileVersion.public_id accounts.AccountEvent.actor_ref accounts.AccountEvent.detail
        crisis.Crisis.public_id crisis.OfficialNotice.public_id crisis.CrisisRegion.region
        forum.Topic.public_id forum.Post.public_id forum.Post.source forum.Post.external_id forum.Post.submission_key
        forum.PostVersion.language forum.PostVersion.language_detected forum.PostVersion.content_hash forum.PostVersion.terms_version
        forum.ForumListing.country_code forum.ForumListing.need forum.ForumListing.kind forum.ForumListing.language
        forum.ForumListing.visibility forum.Confirmation.public_id forum.ImportRun.source
        moderation.ReviewItem.public_id moderation.ReviewItem.language moderation.ReviewItem.kind moderation.ReviewItem.need
        moderation.Decision.public_id moderation.Decision.from_status moderation.Decision.to_status moderation.Decision.actor_ref
        moderation.Decision.language moderation.Decision.text_digest
        moderation.DecisionSeal.previous_hash moderation.DecisionSeal.hash
        search.SearchText.key search.SearchText.visibility search.SearchText.marks
        notifications.Intent.public_id notifications.Intent.decision_ref notifications.WorkerPulse.worker_id
        notifications.SweepRun.name notifications.SweepRun.last_error pages.DemoMark.content
    """,
    Holds.REFERENCE: """
        countries.ReferenceRelease.data_set countries.ReferenceRelease.version countries.ReferenceRelease.source
        countries.ReferenceRelease.licence countries.ReferenceRelease.sha
        countries.Country.code countries.Country.name_fr countries.Country.name_nl countries.Country.name_de countries.Country.name_en
        countries.Country.slug_fr countries.Country.slug_nl countries.Country.slug_de countries.Country.slug_en
        countries.Country.region countries.Country.subregion countries.CountryFact.value
        countries.Place.source_id countries.Place.name countries.Place.names countries.Place.city countries.Place.time_zone
        countries.PlaceName.key countries.PlaceName.language countries.PlaceName.label
    """,
    Holds.SECRET: """
        accounts.User.password accounts.EnrolmentLink.digest accounts.WaitingMail.body accounts.WaitingMail.subject moderation.DecisionText.salt
    """,
    Holds.PERSONAL: """
        accounts.User.email accounts.WaitingMail.to
    """,
    Holds.UNREAD: """
        accounts.ProfileVersion.pseudonym accounts.ProfileVersion.pseudonym_key accounts.ProfileVersion.about
        forum.PostVersion.title forum.PostVersion.body forum.PostVersion.html forum.PostVersion.place
        moderation.ReviewItem.findings moderation.DecisionText.snapshot
    """,
    Holds.APPROVED: """
        accounts.User.pseudonym accounts.User.pseudonym_key accounts.User.about
        forum.Topic.title forum.Topic.slug forum.Topic.summary forum.Topic.language forum.Topic.place
        forum.Topic.country_codes forum.Topic.needs forum.Topic.tag_slugs forum.Topic.gone_reason
        search.SearchText.folded_title search.SearchText.folded search.SearchText.document
    """,
    Holds.INTERNAL: """
        accounts.RoleGrant.reason countries.CountryOverride.reason countries.CountryOverride.made_by forum.ImportRun.basis
        moderation.DecisionText.facts moderation.DecisionText.note moderation.DecisionText.internal_note
    """,
    Holds.OFFICIAL: """
        countries.CountryOverride.value crisis.Crisis.scope_name crisis.CrisisText.title crisis.CrisisText.summary
        crisis.OfficialNoticeText.signed_as crisis.OfficialNoticeText.title crisis.OfficialNoticeText.known
        crisis.OfficialNoticeText.unknown crisis.OfficialNoticeText.doing
        forum.Post.signed_as forum.ForumTag.name forum.ForumTag.slug
        forum.ForumTag.name_fr forum.ForumTag.name_nl forum.ForumTag.name_de forum.ForumTag.name_en
        pages.StandingPage.key pages.StandingPage.summary pages.StandingPage.body pages.NewsPage.summary pages.NewsPage.body
    """,
}


def registered() -> dict[str, Holds]:
    """Return what each field holds, by "app.Model.field"."""
    return {field: holds for holds, fields in REGISTER.items() for field in fields.split()}
