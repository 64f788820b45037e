"""What differs between installations. A firm's own choices are records with history, never settings.

Environment
    DATABASE_URL        postgresql://…; without it the embedded PostgreSQL under GUIXIN_HOME is used
    GUIXIN_HOME         where the embedded database, files and keys live (default: var/ beside the code)
    GUIXIN_SECRET_KEY   made once and kept in GUIXIN_HOME when not given
    GUIXIN_HOSTS        comma-separated host names served (default: localhost only)
    GUIXIN_BASE_URL     how customers reach us; printed in tracking links
    GUIXIN_SMTP_URL     smtp://host:25, smtp+tls://user:password@host or smtps://…: notices to our people go out by
                        mail; without it they stand on their page only
    GUIXIN_MAIL_FROM    the sender of those mails, and of messages to customers
    GUIXIN_GATEWAY_URL  the firm's address that carries SMS, WeChat and WeCom messages to customers (signed POST)
    GUIXIN_GATEWAY_SECRET  what those calls are signed with
    GUIXIN_CURRENCY     the currency the firm keeps its books in, three letters (default CNY); set it once
    GUIXIN_WEBHOOK_ALLOW  private hosts or networks webhooks may call (default: none), see channels/http.py
    GUIXIN_THREADS      how many requests a server process answers at once (default: 4), see asgi.py
    GUIXIN_DEBUG        1 shows tracebacks; never on a public machine
    GUIXIN_DEMO         1 lets anybody sign in as anybody with one click; for demonstrations on one's own machine
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GUIXIN_HOME", PACKAGE.parent / "var")).resolve()
DEBUG = os.environ.get("GUIXIN_DEBUG") == "1"
DEMO = os.environ.get("GUIXIN_DEMO") == "1"
BASE_URL = os.environ.get("GUIXIN_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in os.environ.get("GUIXIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
SMTP_URL = os.environ.get("GUIXIN_SMTP_URL", "")
GATEWAY_URL = os.environ.get("GUIXIN_GATEWAY_URL", "")
GATEWAY_SECRET = os.environ.get("GUIXIN_GATEWAY_SECRET", "")
MAIL_FROM = os.environ.get("GUIXIN_MAIL_FROM", "guixin@localhost")
CURRENCY = os.environ.get("GUIXIN_CURRENCY", "CNY").upper()
PUBLIC = BASE_URL.startswith("https://")


def _secret_key() -> str:
    """The key signs sessions; made once, kept beside the data, never in the code."""
    if given := os.environ.get("GUIXIN_SECRET_KEY"):
        return given
    if PUBLIC:
        raise ImproperlyConfigured("GUIXIN_SECRET_KEY must be set when GUIXIN_BASE_URL is https.")
    kept = HOME / "secret-key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, kept)  # atomic: of two processes starting at once, one key wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text()


SECRET_KEY = _secret_key()


def _database(url: str) -> dict:
    parts = conninfo_to_dict(url)
    options = {k: v for k, v in parts.items() if k not in {"host", "port", "dbname", "user", "password"}}
    # A connection prepares what `ledger.bulk` sends it again and again: planning costs the server more than such a
    # statement itself. Django's own statements stay unprepared, as their plans depend on the values in them.
    options["prepare_threshold"] = 2
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "guixin"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# guixin/__main__.py starts the embedded database and sets DATABASE_URL before this is read.
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///guixin"))}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "guixin.web",
    "guixin.ledger",
    "guixin.organisation",
    "guixin.search",
    "guixin.understand",
    "guixin.promise",
    "guixin.serve",
    "guixin.handbook",  # its articles of a firm file are filed under categories, which serve loads first
    "guixin.listen",
    "guixin.recover",
    "guixin.channels",
    "guixin.desks",
    "guixin.apps.GuixinConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "guixin.web.compression.CompressedWords",
    "guixin.web.static_files.KeptForAYear",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guixin.web.methods.RefusedInWords",
    "guixin.web.nul.NoNul",
    "guixin.channels.api.transactions.ApiTransactions",  # last: it knows the caller, and wraps nothing else
]

ROOT_URLCONF = "guixin.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"i18n": "guixin.web.templatetags.quick_words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guixin.web.preferences.preferences",
            ],
        },
    }
]

# quick_words takes the place of Django's library on purpose.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

FORM_RENDERER = "guixin.web.widgets.Widgets"

AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = ["guixin.organisation.signing_in.WorkersBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]  # each in its own words
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guixin.web.static_files.VersionedFiles"},
}
MEDIA_ROOT = HOME / "files"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PUBLIC
SECURE_HSTS_SECONDS = 31536000 if PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PUBLIC
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "guixin.web.body_size.AtMost",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"guixin": {"level": "INFO"}},
}
