"""Settings that hold everywhere. Places and secrets come from the home folder or the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP

from config.home import REPOSITORY, database_url, home, secret, secret_key

BASE_DIR = REPOSITORY
AKINAI_HOME: Path = home()
SECRET_KEY = secret_key()
DEBUG = os.environ.get("AKINAI_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("AKINAI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
# Where customers reach us, for links in mails (https://shop.example.jp). Without it mails bear no links.
PUBLIC_URL = os.environ.get("AKINAI_PUBLIC_URL", "")
# The same for somebody at this machine: links of the demo's payments, where no money moves.
LOCAL_URL = f"http://localhost:{os.environ.get('PORT', '8000')}"
# Keys of 決済会社: of the environment or of files in the home, never in the database.
STRIPE_SECRET_KEY = secret("stripe_secret_key")
STRIPE_WEBHOOK_SECRET = secret("stripe_webhook_secret")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("AKINAI_ORIGINS", "").split(",") if origin]

# Whose X-Forwarded-For is believed (10.0.0.0/8,127.0.0.1). Without it nobody's: anybody can write that header.
TRUSTED_PROXIES = [text for text in os.environ.get("AKINAI_TRUSTED_PROXIES", "").split(",") if text.strip()]

INSTALLED_APPS = [
    "akinai.staff",  # before allauth, whose login pages it draws itself
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "procrastinate.contrib.django",
    "akinai.core",
    "akinai.ui",
    "akinai.monitoring",
    "akinai.party",
    "akinai.catalog",
    "akinai.stock",
    "akinai.purchasing",
    "akinai.channels",
    "akinai.orders",
    "akinai.shipping",
    "akinai.billing",
    "akinai.payments",
    "akinai.accounting",
    "akinai.content",  # before Wagtail, some of whose pages it draws itself
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail",
    "modelsearch",
    "modelcluster",
    "taggit",
    "akinai.marketing",
    "akinai.support",
    "akinai.insights",
    "akinai.adapters",
    "akinai.flows",
    "akinai.shop",
    "akinai.home",
]

MIDDLEWARE = [
    "akinai.core.proxies.ProxyMiddleware",  # first: all others see the visitor's address
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "akinai.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "akinai.ui.middleware.ToastMiddleware",
    "akinai.core.middleware.RefusalMiddleware",
    "akinai.core.remembering.RememberingMiddleware",
    "akinai.content.middleware.EditorPolicyMiddleware",
    "akinai.content.redirects.OldAddressMiddleware",
    "akinai.shop.opening.OpeningMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "akinai.ui.context.shell",
                "akinai.content.context.storefront",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """DATABASE_URL → Django's setting. A `host` in the query names the folder of a Unix socket."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 10, "timeout": 20}, **query},
    }


DATABASES = {"default": _database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "akinai.staff.backends.StaffBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "akinai.staff.adapter.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Akinai"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go wrong by half a minute
MFA_ADAPTER = "akinai.staff.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"activate_totp": "akinai.staff.login_forms.SecondFactorForm"}
ACCOUNT_FORMS = {"change_password": "akinai.staff.login_forms.PasswordChangeForm"}
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = AKINAI_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
MEDIA_ROOT = AKINAI_HOME / "media"
FILES_ROOT = AKINAI_HOME / "files"
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12

# コンテンツ: pages are written in Wagtail (/cms/) by the staff of the office, with its login.
WAGTAIL_SITE_NAME = "Akinai"
WAGTAILADMIN_BASE_URL = PUBLIC_URL or LOCAL_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nothing is asked of other hosts
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ja", "日本語"), ("en", "English")]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "akinai.content.picture_forms.PictureForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # papers are downloaded, never run in the shop's own pages
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "content.Paper"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# The editor's search: any part of a title. Full text of the database cuts words at spaces, which Japanese has none of.
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback"}}
TAGGIT_CASE_INSENSITIVE = True
MEDIA_URL = "/media/"

# SMTP by environment; without it every mail is written to a file in the home.
DEFAULT_FROM_EMAIL = os.environ.get("AKINAI_MAIL_FROM", "shop@example.jp")
_SMTP = {
    "host": os.environ.get("AKINAI_SMTP_HOST", "localhost"),
    "port": int(os.environ.get("AKINAI_SMTP_PORT", "587")),
    "username": os.environ.get("AKINAI_SMTP_USER", ""),
    "password": os.environ.get("AKINAI_SMTP_PASSWORD", ""),
    "use_tls": os.environ.get("AKINAI_SMTP_TLS", "1") == "1",
    "timeout": 20,
}
_FILES = {"file_path": str(AKINAI_HOME / "mail")}
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _SMTP}
    if os.environ.get("AKINAI_SMTP_HOST")
    else {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": _FILES}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": str(AKINAI_HOME / "logs" / "akinai.log"),
            "formatter": "line",
        },
    },
    "root": {"handlers": ["file"], "level": "INFO"},
    "loggers": {"django.db.backends": {"level": "WARNING"}, "axes": {"level": "ERROR"}},
}
