"""Addresses of the account, under the language and the word for it (compte, account, konto, account).

allauth's views are listed one by one: what is not here cannot be reached. A test compares the list with what allauth would add itself.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path

from accounts import views
from accounts.views import View, in_our_house


def _allauth(route: str, view: View, name: str) -> URLPattern:
    return path(route, in_our_house(view), name=name)


urlpatterns = [
    path("", views.home, name="account_home"),
    path("profile/", views.profile, name="account_profile"),
    path("profile/withdraw/", views.profile_withdraw, name="account_profile_withdraw"),
    path("language/", views.language, name="account_language"),
    path("enrol/<str:secret>/", views.enrol, name="account_enrol"),
    _allauth("login/", account.login, "account_login"),
    _allauth("login/code/", account.request_login_code, "account_request_login_code"),
    _allauth("login/code/confirm/", account.confirm_login_code, "account_confirm_login_code"),
    _allauth("logout/", account.logout, "account_logout"),
    _allauth("inactive/", account.account_inactive, "account_inactive"),
    _allauth("signup/", account.signup, "account_signup"),
    _allauth("confirm-email/", account.email_verification_sent, "account_email_verification_sent"),
    _allauth("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _allauth("email/", account.email, "account_email"),
    _allauth("password/change/", account.password_change, "account_change_password"),
    _allauth("password/set/", account.password_set, "account_set_password"),
    _allauth("password/reset/", account.password_reset, "account_reset_password"),
    _allauth("password/reset/confirm/", account.confirm_password_reset_code, "account_confirm_password_reset_code"),
    _allauth("password/reset/complete/", account.complete_password_reset, "account_complete_password_reset"),
    _allauth("password/reset/done/", account.password_reset_from_key_done, "account_password_reset_completed"),
    _allauth("2fa/", mfa.index, "mfa_index"),
    _allauth("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    _allauth("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    _allauth("2fa/totp/activate/", views.activate_totp, "mfa_activate_totp"),
    _allauth("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _allauth("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _allauth("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _allauth("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
]
