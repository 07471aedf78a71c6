"""The permission matrix: for every address, which roles may open it. A test walks every address as every role; an unlisted one fails.

A door says who gets in; what somebody finds behind it (their own posts, the items of their desk) is each app's `permissions` module.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override

from accounts.enums import STAFF_ROLES, Role
from crisis.permissions import CRISIS_ROLES, SECOND_READER_ROLES, WRITER_ROLES
from moderation.workflow import REVIEWERS
from pages.editors import EDITOR_ROLES

EVERYBODY = frozenset(Role)
SIGNED_IN = EVERYBODY - {Role.ANONYMOUS}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may open an address. `unscoped`: a grant for one country or one language is not enough."""

    roles: frozenset[Role]
    unscoped: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its pattern by language ("" when it has none), its name with namespaces, its door (None: not listed)."""

    patterns: dict[str, str]
    name: str
    door: Door | None

    @property
    def pattern(self) -> str:
        """The pattern in the first language."""
        return next(iter(self.patterns.values()))


OPEN = Door(EVERYBODY)
MEMBERS = Door(SIGNED_IN)
STAFF = Door(STAFF_ROLES)
EDITORS = Door(EDITOR_ROLES, unscoped=True)
# Nobody by a grant: rooms of Wagtail that this site does not use. Rights are rows of RoleGrant, never Wagtail's groups and users.
NOBODY = Door(frozenset())

DOORS: dict[str, Door] = {
    # Readers.
    **dict.fromkeys(
        [
            "root",
            "home",
            "country_list",
            "country",
            "notice",
            "topic_list",
            "topic_feed",
            "topic_bare",
            "topic",
            "topic_confirm",
            # The form is open: a text that was typed without signing in comes back after it.
            "write",
            "topic_reply",
            "search",
            "short_country",
            "short_topic",
            "two_letters",
            "robots",
            "sitemap",
            "security_txt",
            "healthz",
            "readyz",
            "wagtail_serve",
            "wagtailcore_authenticate_with_password",
            "wagtailcore_login",
        ],
        OPEN,
    ),
    # The way in and out.
    **dict.fromkeys(
        [
            "account_login",
            "account_request_login_code",
            "account_confirm_login_code",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_reset_password",
            "account_confirm_password_reset_code",
            "account_complete_password_reset",
            "account_password_reset_completed",
            "account_enrol",
            "mfa_authenticate",
            "admin_login",
            "admin_logout",
            "wagtailadmin_login",
            "wagtailadmin_logout",
        ],
        OPEN,
    ),
    # People who are signed in: writing, and what is their own.
    **dict.fromkeys(
        [
            "account_home",
            "account_profile",
            "account_profile_withdraw",
            "account_language",
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "account_posts",
            "account_post",
            "post_edit",
            "post_withdraw",
            "topic_answer",
        ],
        MEMBERS,
    ),
    # The crisis desk.
    "crisis_list": STAFF,
    "crisis_open": Door(frozenset(CRISIS_ROLES)),
    "crisis_close": Door(frozenset(CRISIS_ROLES)),
    "notice_list": STAFF,
    "notice_edit": STAFF,
    "notice_new": Door(frozenset(WRITER_ROLES)),
    "notice_submit": Door(frozenset(WRITER_ROLES)),
    "notice_return": Door(frozenset((*WRITER_ROLES, *SECOND_READER_ROLES))),
    "notice_approve": Door(frozenset(SECOND_READER_ROLES)),
    "notice_withdraw": Door(frozenset(WRITER_ROLES)),
    # Wagtail's admin: the door and what everybody behind it needs.
    **dict.fromkeys(
        [
            "wagtailadmin_home",
            "wagtailadmin_account",
            "wagtailadmin_dismissibles",
            "wagtailadmin_sprite",
            "wagtailadmin_javascript_catalog",
            "wagtailadmin_block_preview",
            "wagtailadmin_tag_autocomplete",
            "wagtailadmin_tag_model_autocomplete",
            "wagtailadmin_choose_page_external_link",
            "wagtailadmin_choose_page_email_link",
            "wagtailadmin_choose_page_phone_link",
            "wagtailadmin_choose_page_anchor_link",
            "wagtailadmin_password_reset",
            "wagtailadmin_password_reset_done",
            "wagtailadmin_password_reset_confirm",
            "wagtailadmin_password_reset_complete",
        ],
        STAFF,
    ),
    "wagtailadmin_error_test": NOBODY,
    # Editorial pages.
    **dict.fromkeys(
        [
            "wagtailadmin_explore_root",
            "wagtailadmin_explore",
            "wagtailadmin_explore_results",
            "wagtailadmin_choose_page",
            "wagtailadmin_choose_page_child",
            "wagtailadmin_choose_page_search",
            "wagtailadmin_choose_page_chosen_multiple",
            "wagtail_bulk_action",
        ],
        EDITORS,
    ),
    # No page is locked here, and no page goes through a workflow of Wagtail's.
    **dict.fromkeys(
        [
            "wagtailadmin_pages:lock",
            "wagtailadmin_pages:unlock",
            "wagtailadmin_pages:workflow_preview",
            "wagtailadmin_reports:locked_pages",
            "wagtailadmin_reports:locked_pages_results",
        ],
        NOBODY,
    ),
}

# Groups of addresses, by namespace: the queue, then Wagtail's.
NAMESPACES: dict[str, Door] = {
    "moderation": Door(REVIEWERS),
    "wagtailadmin_api": STAFF,
    "wagtailadmin_editing_sessions": STAFF,
    "wagtailadmin_pages": EDITORS,
    "wagtailadmin_reports": EDITORS,
    "simple_translation": EDITORS,
    "wagtailadmin_collections": NOBODY,
    "wagtailadmin_workflows": NOBODY,
    "wagtailsettings": NOBODY,
    "wagtailimages": NOBODY,
    "wagtailimages_chooser": NOBODY,
    "wagtaildocs": NOBODY,
    "wagtaildocs_chooser": NOBODY,
    "wagtailusers_users": NOBODY,
    "wagtailusers_groups": NOBODY,
}

# Addresses without a name, by the end of their pattern.
UNNAMED: dict[str, Door] = {
    "c/<slug:code>/": OPEN,
    "t/<slug:code>/": OPEN,
    "admin/test404/": STAFF,
    "admin/^.*/$": STAFF,
}


def door_of(name: str, pattern: str) -> Door | None:
    """Return the door of an address, None when the matrix does not list it."""
    if not name:
        return UNNAMED.get(pattern)
    return DOORS.get(name) or NAMESPACES.get(name.split(":", 1)[0] if ":" in name else "")


def _walk(resolver: URLResolver, pattern: str, namespaces: tuple[str, ...], prefixed: bool) -> Iterator[tuple[str, str, bool]]:
    for entry in resolver.url_patterns:
        path = pattern + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, path, inner, prefixed or isinstance(entry.pattern, LocalePrefixPattern))
        elif isinstance(entry, URLPattern):
            yield path, ":".join([*namespaces, entry.name]) if entry.name else "", prefixed


def routes() -> list[Route]:
    """Return every address of the site with its door, in the order in which they are tried."""
    by_language = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            by_language[code] = list(_walk(get_resolver(), "", (), prefixed=False))
    found = []
    for position, (pattern, name, prefixed) in enumerate(by_language[settings.LANGUAGE_CODE]):
        patterns = {code: rows[position][0] for code, rows in by_language.items()} if prefixed else {"": pattern}
        found.append(Route(patterns=patterns, name=name, door=door_of(name, pattern)))
    return found
