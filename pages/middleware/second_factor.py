"""Nobody enters the staff's rooms without a second factor in this session. Reading the public pages stays as it is for everybody."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from accounts.permissions import current_grants, is_staff_member
from accounts.second_factor import has_second_factor, shown_in_session
from accounts.services import refresh_groups
from accounts.sessions import ROLES_KEY
from pages.editors import is_editor

STAFF_PREFIX = "/admin/"
# Rooms of Wagtail that this site does not use: uploads would keep where a photo was taken, and rights are rows of RoleGrant alone.
CLOSED_ROOMS = tuple(f"{STAFF_PREFIX}{room}/" for room in ("collections", "documents", "groups", "images", "settings", "users", "workflows"))
# Wagtail's own checks let everybody behind the door see parts of these.
EDITOR_ROOMS = tuple(f"{STAFF_PREFIX}{room}/" for room in ("bulk", "choose-page", "pages", "reports", "translation"))
# Going in and out: the way in leads to the sign-in of everybody (config.urls).
OPEN_PATHS = frozenset({"/admin/login/", "/admin/logout/"})


class StaffSecondFactorMiddleware:
    """Guards everything under /admin/: sign in, be staff, have a second factor, show it. Other paths cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(STAFF_PREFIX) and request.path_info not in OPEN_PATHS:
            return self._guard(request) or self.get_response(request)
        return self.get_response(request)

    def _guard(self, request: HttpRequest) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User):
            return _lead_to(request, "account_login")
        _speak(request, user)
        # A superuser comes from the framework's own command: the same door, the same second factor.
        if not (is_staff_member(user) or user.is_superuser):
            raise PermissionDenied(gettext("This part of the site is for staff."))
        _refresh_groups(request, user)
        if not shown_in_session(request):
            return _lead_to(request, "mfa_reauthenticate" if has_second_factor(user) else "mfa_activate_totp")
        if request.path_info.startswith(CLOSED_ROOMS):
            raise PermissionDenied(gettext("This room is not in use."))
        if request.path_info.startswith(EDITOR_ROOMS) and not (is_editor(user) or user.is_superuser):
            raise PermissionDenied(gettext("Only editors may open this."))
        return None


def _speak(request: HttpRequest, user: User) -> None:
    """Speak the language of the account. One that is chosen in Wagtail's own settings goes before it, the browser's after it."""
    translation.activate(user.language)
    request.LANGUAGE_CODE = user.language


def _refresh_groups(request: HttpRequest, user: User) -> None:
    """Look at the groups once a session and whenever the grants in force are others than at the last look (one ran out)."""
    roles = sorted(f"{grant.role} {grant.country_id} {grant.language}" for grant in current_grants(user))
    if request.session.get(ROLES_KEY) != roles:
        refresh_groups(user)
        request.session[ROLES_KEY] = roles


def _lead_to(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send somebody on and remember where they wanted to go; only a page that was to be read is worth coming back to."""
    language = request.user.language if isinstance(request.user, User) else translation.get_language()
    with translation.override(language):
        address = reverse(name)
    wanted = request.get_full_path() if request.method == "GET" else STAFF_PREFIX
    return HttpResponseRedirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
