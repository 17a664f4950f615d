"""The one settings file. Everything that differs between installations is read by `env`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from uppsikt import env
from uppsikt.capture import signing
from uppsikt.kernel import postgres
from uppsikt.net import parse_allowed

django_stubs_ext.monkeypatch()

SOURCE = Path(__file__).resolve().parent
DATA = env.folder()
DEBUG = env.flag("UPPSIKT_DEBUG")
PUBLIC_URL = env.text("UPPSIKT_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")

SECRET_KEY = env.key("UPPSIKT_SECRET_KEY", DATA / "keys" / "secret.key")
# Credentials to the networks are locked with a key of their own, so that a leaked session key opens no account.
CREDENTIALS_KEY = env.key("UPPSIKT_CREDENTIALS_KEY", DATA / "keys" / "credentials.key")

ALLOWED_HOSTS = env.words("UPPSIKT_HOSTS") or ["127.0.0.1", "localhost", urlsplit(PUBLIC_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# By this key browsers' push services know us; another key would mute every browser that said yes.
PUSH_KEY = env.key("UPPSIKT_PUSH_KEY", DATA / "keys" / "push.key")

# With this evidence is signed: a private key and its certificate in one PEM text.
EVIDENCE_KEY = env.key(
    "UPPSIKT_EVIDENCE_KEY",
    DATA / "keys" / "evidence.key",
    make=lambda: signing.new(urlsplit(PUBLIC_URL).hostname or "uppsikt"),
)
try:
    signing.Signer.read(EVIDENCE_KEY)
except signing.BadKey as error:
    raise env.SettingError(
        f"UPPSIKT_EVIDENCE_KEY: {error}. Put an unlocked private key (elliptic or RSA) and its certificate in one PEM."
    ) from error

# A folder, or s3://bucket/prefix with UPPSIKT_S3_ENDPOINT, _REGION, _KEY_ID and _SECRET.
BLOBS = env.text("UPPSIKT_BLOBS", "") or DATA / "blobs"
# The place that blobs were moved from: read where the new one lacks something.
BLOBS_BEFORE = env.text("UPPSIKT_BLOBS_BEFORE", "")
# "host:port" of servers on private addresses that connectors may reach: intranet sites, the practice network.
try:
    ALLOW_PRIVATE = parse_allowed(env.words("UPPSIKT_ALLOW_PRIVATE"))
except ValueError as error:
    raise env.SettingError(f"UPPSIKT_ALLOW_PRIVATE: {error}. Write servers as host:port, divided by blanks.") from error

INSTALLED_APPS = [
    "uppsikt.web",
    "uppsikt.oversight",
    "uppsikt.register",
    "uppsikt.inbox",
    "uppsikt.moderation",
    "uppsikt.triage",
    "uppsikt.records",
    "uppsikt.channels",
    "uppsikt.notices",
    "uppsikt.policy",
    "uppsikt.organisation",
    "uppsikt.ui",
    "uppsikt.kernel",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "uppsikt.ui.middleware.AskOnceMiddleware",
    "uppsikt.ui.middleware.RefusedMiddleware",
]

ROOT_URLCONF = "uppsikt.urls"
WSGI_APPLICATION = "uppsikt.web.wsgi.application"

FORM_RENDERER = "uppsikt.ui.rendering.Plain"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "uppsikt.ui.context.shell",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's settings for a postgresql:// address. Raises SettingError for another kind of address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.SettingError("DATABASE_URL must begin with postgresql://. Uppsikt runs on PostgreSQL 15 or newer.")
    options: dict[str, Any] = {"pool": {"min_size": 0, "max_size": env.number("UPPSIKT_DB_POOL", 8, least=1)}}
    for pair in filter(None, parts.query.split("&")):
        name, _sep, value = pair.partition("=")
        options[name] = unquote(value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "uppsikt",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.text("UPPSIKT_TEST_DB", "test_uppsikt")},
    }


DATABASE_URL = env.text("DATABASE_URL", "") or postgres.running_url(DATA)
DATABASES = {"default": database(DATABASE_URL or "postgresql://uppsikt@127.0.0.1:1/uppsikt")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all web processes, so that the limits on attempts to log in hold for the sum of them.
# Room for what a crowd of strangers can make it hold in an hour: where it is full, others' counts are thrown out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:today"
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up, but allauth's login form has a password field only where this list has one.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "uppsikt.organisation.login.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# By address of the network; by account we lock ourselves (organisation.locks).
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "uppsikt.organisation.login.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# An address here is what an administrator wrote; links to it are how everybody logs in the first time.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# Behind a proxy the visitor's address is the one that the proxy adds; without one, nobody's word for it is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.flag("UPPSIKT_BEHIND_PROXY"))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_SSL_REDIRECT = SECURE and env.flag("UPPSIKT_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("UPPSIKT_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Svenska")), ("en", _("Engelska"))]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000


def email(url: str) -> dict[str, Any]:
    """Django's e-mail settings for smtp://user:password@host:port, smtps://… or file:///folder. Raises SettingError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise env.SettingError(
            "UPPSIKT_EMAIL_URL must look like smtp://user:password@host:587, smtps://… or file:///folder."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.query == "starttls",
        "EMAIL_TIMEOUT": 20,
    }


globals().update(email(env.text("UPPSIKT_EMAIL_URL", f"file://{DATA / 'mail'}")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("UPPSIKT_EMAIL_FROM", "uppsikt@localhost")

# The gateway for text messages; without an address nobody can choose that way.
SMS = {
    "url": env.text("UPPSIKT_SMS_URL", ""),
    "form": env.one_of("UPPSIKT_SMS_FORM", ("46elks", "json")),
    "user": env.text("UPPSIKT_SMS_USER", ""),
    "password": env.text("UPPSIKT_SMS_PASSWORD", ""),
    "sender": env.text("UPPSIKT_SMS_FROM", "Uppsikt"),
}
# The hosts that people's webhooks may lead to; none named: any public one.
WEBHOOK_HOSTS = frozenset(word.lower() for word in env.words("UPPSIKT_WEBHOOK_HOSTS"))

# An outside e-service that hands in orders of accounts with a token, and is told how they stand. Off without a token.
ORDERS = {
    "token": env.text("UPPSIKT_ORDERS_TOKEN", ""),
    "status_url": env.text("UPPSIKT_ORDERS_STATUS_URL", ""),
    "status_token": env.text("UPPSIKT_ORDERS_STATUS_TOKEN", ""),
}

# A language model inside the municipality that may help triage to order the queue. Off unless it is named.
TRIAGE_ENDPOINT: dict[str, Any] = {
    "url": env.text("UPPSIKT_TRIAGE_URL", ""),
    "model": env.text("UPPSIKT_TRIAGE_MODEL", ""),
    "key": env.text("UPPSIKT_TRIAGE_KEY", ""),
    "an_hour": env.number("UPPSIKT_TRIAGE_AN_HOUR", 600),
}
# Our own addresses, numbers and domains ("@kommun.se"), divided by semicolons: no finding when somebody writes them.
OWN_CONTACTS = [words.strip() for words in env.text("UPPSIKT_OWN_CONTACTS", "").split(";") if words.strip()]

# An authority that time-stamps each day's last seal (RFC 3161), and files with the certificates trusted for it.
TIMESTAMP_URL = env.text("UPPSIKT_TIMESTAMP_URL", "")
TIMESTAMP_ROOTS = env.words("UPPSIKT_TIMESTAMP_ROOTS")
# How many days apart the seals are gone through: what is new since the last time, and everything; 0 is never.
VERIFY_DAYS = env.number("UPPSIKT_VERIFY_DAYS", 1)
VERIFY_WHOLE_DAYS = env.number("UPPSIKT_VERIFY_WHOLE_DAYS", 7)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A request that we lost sight of may still be under way at the network for so many seconds.
INTENT_UNDER_WAY = env.number("UPPSIKT_UNDER_WAY_SECONDS", 120, least=1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"links": {"()": "uppsikt.kernel.quiet.HideLinks"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("UPPSIKT_LOG_LEVEL", "INFO")},
    "loggers": {
        # httpx writes whole addresses at INFO; some networks carry keys in them.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        # Requests that were refused are logged with their addresses, and some addresses are keys.
        "django.request": {"filters": ["links"]},
        "django.security.csrf": {"filters": ["links"]},
    },
}
