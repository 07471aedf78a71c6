"""Settings of the site. Everything an operator may change comes from the environment (README, "For operators")."""

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.database import database
from config.environment import BASE_DIR, DATA_DIR, env
from config.logs import logging_config

# -- what kind of installation ---------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. `make run` makes one for a demonstration; production sets it in the environment.")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
LOCAL = BASE_URL.startswith("http://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
STAFF_HELP_EMAIL = env.str("STAFF_HELP_EMAIL", default="belgessolidaires@example.org")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:security@example.org")
# Day and night duty of the Federal Public Service Foreign Affairs in Brussels, shown under "In danger?".
EMERGENCY_PHONE = env.str("EMERGENCY_PHONE", default="")
# Day of this release: security.txt expires less than a year later (RFC 9116, section 2.5.5).
RELEASED = "2026-11-25"

# -- applications ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "pages",
    "search",
    "notifications",
    "moderation",
    "forum",
    "crisis",
    "accounts",
    "countries",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "pages.middleware.anonymous_cache.AnonymousCacheMiddleware",
    "pages.middleware.limits.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Early, so that answers of the other middlewares (a refusal, the way to the sign-in) have its header too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pages.middleware.headers.HeadersMiddleware",
    "pages.middleware.headers.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pages.middleware.language.LanguageMiddleware",
    "pages.middleware.problems.ProblemsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pages.middleware.second_factor.StaffSecondFactorMiddleware",
]

# Form widgets come from the one tree of templates too: Wagtail's date and time fields are replaced there.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "pages.context.site",
            ],
        },
    }
]

# -- data ----------------------------------------------------------------------------------------------------------------
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": env.cache_url("CACHE_URL")
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
TASK_LEASE_SECONDS = env.int("TASK_LEASE_SECONDS", default=120)
TASK_MAX_ATTEMPTS = env.int("TASK_MAX_ATTEMPTS", default=8)
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
# Where a POST may hold something else than a form: Wagtail's admin talks JSON with itself.
JSON_BODY_PREFIXES = ("/admin/",)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1_048_576

# -- languages -----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
FORMAT_MODULE_PATH = "config.formats"
LANGUAGE_COOKIE_NAME = "language"

# -- who ---------------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.LoginForm",
    "signup": "accounts.sign_in_forms.SignupForm",
    "add_email": "accounts.sign_in_forms.AddEmailForm",
    "request_login_code": "accounts.sign_in_forms.RequestLoginCodeForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "accounts.sign_in_forms.SetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# A code must survive a bad line and a slow mailbox; eight digits and few attempts keep it safe meanwhile.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
# The adapter sends nothing to an address without account, but does the same work (accounts.adapter).
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# Per account before per address: many people share the address of an embassy, a hotel or Tor.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "60/m/ip",
    "login_failed": "5/5m/key,60/m/ip",
    "request_login_code": "3/m/key,20/h/key,60/m/ip",
    "reset_password": "3/m/key,20/h/key,60/m/ip",
    "signup": "60/h/ip",
    # A double click on "Create account" asks for two mails at once.
    "confirm_email": "3/m/key,20/h/key",
}
# What costs much, by account or, without one, by address (accounts.rates). Of searches only those count that reach an engine, none from a cache.
RATE_LIMITS = {
    # Each word of a reader empties the anonymous cache; each kept text is a row of a session.
    "confirm": {"account": "20/m", "address": "30/m"},
    "keep": {"account": "", "address": "30/m"},
    "search": {
        "account": env.str("SEARCH_LIMIT_ACCOUNT", default="60/m"),
        "address": env.str("SEARCH_LIMIT_ADDRESS", default="600/m"),
    },
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_FORMS = {"activate_totp": "accounts.sign_in_forms.ActivateTOTPForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "BelgesSolidaires"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}

# -- cookies, transport, headers ------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
MESSAGES_COOKIE_NAME = "messages" if LOCAL else "__Host-messages"
MESSAGE_STORAGE = "pages.message_storage.MessageStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 0 if LOCAL else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Wagtail's page editor writes inline scripts and styles; nowhere else is one allowed (TRUST.md, Security). Its forms for sites, redirects,
# groups and workflows would need it too: they are not installed, or open to nobody.
CSP_INLINE_ADMIN_PREFIXES = ["/admin/pages/"]

# -- mail ------------------------------------------------------------------------------------------------------------------
# Four slashes: django-environ takes the path without its first one.
EMAIL_CONFIG = env.email("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="BelgesSolidaires <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- search ----------------------------------------------------------------------------------------------------------------
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
SEARCH_ENGINE = env.str("SEARCH_ENGINE", default="elasticsearch" if ELASTICSEARCH_URL else "tantivy")
SEARCH_INDEX_PREFIX = env.str("SEARCH_INDEX_PREFIX", default="belgessolidaires")
SEARCH_EPOCH = env.str("SEARCH_EPOCH", default="1")
SEARCH_DIR = DATA_DIR / "search"

# -- forum and moderation ------------------------------------------------------------------------------------------------
TERMS_VERSION = "2026-11"
GENERATION_SECONDS = env.float("GENERATION_SECONDS", default=1.0)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=30)

# -- wagtail: nothing phones out ---------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "BelgesSolidaires"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# For editors, who look a page up in the admin; readers search with our own engines.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": True}}

LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"))
