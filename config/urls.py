"""Every address of the site. Those with a language in the path exist in all four (CONTRACT.md, Addresses)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from pages import addresses, admin_account, shortcuts

handler400 = "pages.errors.bad_request"
handler403 = "pages.errors.permission_denied"
handler404 = "pages.errors.page_not_found"
# allauth looks it up here; Django has no handler of its own for this status.
handler429 = "accounts.views.too_many_requests"
handler500 = "pages.errors.server_error"


urlpatterns: list[URLPattern | URLResolver] = [
    *addresses.without_language,
    path("admin/login/", shortcuts.admin_login, name="admin_login"),
    path("admin/logout/", shortcuts.admin_logout, name="admin_logout"),
    # A room of Wagtail's whose only use is to break.
    path("admin/failwhale/", RedirectView.as_view(pattern_name="wagtailadmin_home"), name="wagtailadmin_error_test"),
    admin_account.address,
    path("admin/", include(wagtailadmin_urls)),
    *i18n_patterns(
        path("", include("pages.urls")),
        path(_("account/"), include("accounts.urls")),
        path("", include("forum.urls")),
        path("", include("search.urls")),
        # Wagtail's own sign-in for readers would go past the rate limits and the second factor.
        path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="wagtailcore_login"),
        path("", include(wagtail_urls)),
    ),
]
