"""What happens to a row when another goes is a decision, written down here: nothing of a person, no decision and no text disappears by accident.

The rule is PROTECT. CASCADE is for parts that mean nothing without their whole; SET_NULL for a reference that may be forgotten.
"""

from django.apps import apps
from django.db.models import CASCADE, PROTECT, RESTRICT, SET_NULL

from tests.house.source import OWN_APPS

PARTS = {
    "countries.CountryFact.country", "countries.PlaceName.country", "countries.PlaceName.place",
    "accounts.RoleGrant.user", "accounts.EnrolmentLink.user",
    "crisis.CrisisText.crisis", "crisis.CrisisCountry.crisis", "crisis.CrisisRegion.crisis", "crisis.OfficialNoticeText.notice",
    "forum.TaggedVersion.content_object", "forum.PostVersion.post", "forum.VersionCountry.version", "forum.VersionNeed.version",
    "forum.ForumListing.topic", "forum.Confirmation.post",
    "notifications.Intent.user",
    "pages.HomePage.page_ptr", "pages.StandingPage.page_ptr", "pages.NewsPage.page_ptr",
}  # fmt: skip
FORGOTTEN = {
    "accounts.User.country", "forum.Topic.crisis", "forum.Topic.answer", "forum.PostVersion.crisis", "forum.Confirmation.user",
}  # fmt: skip
# Two rows that point at each other: neither goes alone, both may go together.
TOGETHER = {"crisis.OfficialNotice.text_fr", "crisis.OfficialNotice.text_nl", "forum.Post.live_version", "forum.Post.latest_version"}


def test_each_foreign_key_follows_the_policy() -> None:
    wrong = {}
    for model in (model for label in OWN_APPS for model in apps.get_app_config(label).get_models()):
        for field in model._meta.local_fields:
            if field.remote_field is None:
                continue
            name = f"{model._meta.label}.{field.name}"
            wanted = CASCADE if name in PARTS else SET_NULL if name in FORGOTTEN else RESTRICT if name in TOGETHER else PROTECT
            if field.remote_field.on_delete is not wanted:
                wrong[name] = getattr(field.remote_field.on_delete, "__name__", "?")
    assert wrong == {}


def test_the_policy_names_only_what_exists() -> None:
    models = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]
    names = {f"{model._meta.label}.{field.name}" for model in models for field in model._meta.local_fields}
    assert names >= PARTS | FORGOTTEN | TOGETHER
