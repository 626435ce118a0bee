"""All settings, read from the environment; README's "Deploy" lists the variables.

A missing or nonsensical variable stops the start with a sentence that says
what to set.
"""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

from config.logs import logging_as

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def setting(read, name, advice, **options):
    """Return ``read(name)``; refuse nonsense with a sentence saying what to set."""
    try:
        return read(name, **options)
    except (EnvError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing or not understood "
            f"({error}). {advice}"
        ) from None


def switch(name, *, default=False, only=" or 'off'"):
    """Return whether the variable ``name`` is on; ``only`` says when to set it."""
    advice = f"Set it to 'on'{only}, or leave it out."
    return setting(env.bool, name, advice, default=default)


# Core

DEBUG = switch("DEBUG", only=" for development")
TESTING = "pytest" in sys.modules
# Threads do what takes long; a test has one connection, in a transaction.
BACKGROUND = not TESTING

SECRET_KEY = setting(
    env.str,
    "SECRET_KEY",
    "Set it to a long random text that only this site knows.",
    # A published key protects nothing, so only a development server has one.
    **({"default": "insecure-development-key"} if DEBUG or TESTING else {}),
)
if not (DEBUG or TESTING) and len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "The environment variable SECRET_KEY is too short. Set it to a random "
        "text of at least 50 characters."
    )

ALLOWED_HOSTS = setting(
    env.list,
    "ALLOWED_HOSTS",
    "Set it to the host names of this site, separated by commas.",
    default=["localhost", "127.0.0.1", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = setting(
    env.list,
    "CSRF_TRUSTED_ORIGINS",
    "Set it to origins such as https://framewise.example, separated by commas.",
    default=[],
)

# Applications

INSTALLED_APPS = [
    # Django's admin, with a site of our own.
    "comparisons.accounts.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # Before staticfiles, so that runserver serves files as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "csp",
    "django_guid",
    "django_filters",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "comparisons",
    "advisor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "comparisons.web.kept.KeptPages",
    "django_guid.middleware.guid_middleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.SecurityHeaders",
    "config.middleware.RefuseUnreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comparisons.accounts.factors.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.RefuseNonsense",
    "axes.middleware.AxesMiddleware",
]

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
            ],
        },
    },
]
FORM_RENDERER = "comparisons.web.widgets.Renderer"
# Our own, in templates/framewise/: what is drawn by the renderer.
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "framewise"

# Database and cache

DATABASES = {
    "default": setting(
        env.dj_db_url,
        "DATABASE_URL",
        "Set it to an address such as postgres://user@host:5432/name "
        "or sqlite:////path/to/file.sqlite3.",
        default=f"sqlite:///{BASE_DIR / 'framewise.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A migration keeps the triggers.
    DATABASES["default"]["ENGINE"] = "config.sqlite3"
    # Readers do not wait for a writer (WAL), and a writer waits for its turn
    # at BEGIN instead of failing halfway (IMMEDIATE).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Several processes of tests: pytest-django knows Django's own engine by its name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
else:
    # Seconds; what is waited for after that is in config/limits.py.
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 2
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE = setting(
    env.dj_cache_url,
    "CACHE_URL",
    "Set it to an address such as redis://127.0.0.1:6379/1 or locmem://.",
    default="locmem://",
)
SHARED = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
if CACHE["BACKEND"].endswith("RedisCache"):
    # Seconds; a server that hangs is not worth more of a visitor's time.
    waits = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), 0.5)
    CACHE["OPTIONS"] = waits | CACHE.get("OPTIONS", {})
    SHARED = CACHE | {"KEY_PREFIX": "page", "TIMEOUT": 30 * 24 * 60 * 60}
CACHES = {
    "default": CACHE,
    # Whole pages, which each worker keeps for itself (comparisons/web/kept.py): those
    # that the knowledge makes, and those that an address with a query asks for.
    **{
        name: {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": name,
            "TIMEOUT": None,
            "OPTIONS": {"MAX_ENTRIES": most},
        }
        for name, most in (("pages", 500), ("queries", 100))
    },
    # The first of these once more for all workers, while the database is away.
    "shared": SHARED,
}

# Mail: what readers who suggested a correction are told


def mail_server(name, **options):
    """Read the address of a mail server, of a kind that is known."""
    server = env.dj_email_url(name, **options)
    if "EMAIL_BACKEND" not in server:
        raise ValueError("no such kind of mail server")
    return server


MAIL = setting(
    mail_server,
    "EMAIL_URL",
    "Set it to an address such as smtp://user:password@host:587/?tls=True, or to "
    "console:// to write mail to the log.",
    default="console://",
)
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
# Otherwise nobody would get the link to a new password.
SENDS_MAIL = TESTING or not EMAIL_BACKEND.endswith("console.EmailBackend")
EMAIL_HOST = MAIL["EMAIL_HOST"]
EMAIL_PORT = MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = MAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = MAIL["EMAIL_USE_SSL"]
# An editor waits while a mail is sent, though not for a server that hangs.
EMAIL_TIMEOUT = MAIL["EMAIL_TIMEOUT"] or 10
DEFAULT_FROM_EMAIL = setting(
    env.str,
    "EMAIL_FROM",
    "Set it to the address that mail comes from.",
    default="framewise@localhost",
)

# Passwords

# Length, and nothing about the kinds of characters.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

# Signing in

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
# Ten wrong passwords from one network, and nobody from there is asked for a while:
# guessing is slow, and hashing cannot fill the workers.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_CLIENT_IP_CALLABLE = "comparisons.web.throttle.network_of"
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
# Seconds for which the link to a new password holds.
PASSWORD_RESET_TIMEOUT = 3600
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# Who may publish signs in with a second factor; docs/signing-in.md.
SECOND_FACTOR = switch("SECOND_FACTOR", default=not (DEBUG or TESTING))
OTP_TOTP_ISSUER = "Framewise"

# Language and time

LANGUAGE_CODE = "en-gb"
# One language: asking which at every number would take a page a tenth of its time.
USE_I18N = False
TIME_ZONE = "UTC"
# Those of the language would go before any that stand here.
FORMAT_MODULE_PATH = "config.formats"
NUMBER_GROUPING = 3

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security

# What was typed comes back when the token of its form was not taken.
CSRF_FAILURE_VIEW = "comparisons.web.typed.token_refused"
# The editors' longest form, with all the rows that it may hold; a size is set as well.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000

# HTTPS=off is for a plain-HTTP trial behind no proxy; it is never the default.
HTTPS = switch("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
# The load balancer's own health check speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# For every name under this one, and for ever: nobody's default.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = switch(
    "HSTS_PRELOAD",
    only=" only if every host name below this one is served over HTTPS",
)
SILENCED_SYSTEM_CHECKS = [
    # The two that HSTS_PRELOAD switches: a host has to want them.
    "security.W005",
    "security.W021",
    # Without CACHE_URL each worker counts wrong passwords for itself; README says so.
    "axes.W001",
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Scripts find the token in the form that they send.
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # Browsers then refuse such a cookie from another host name, or over HTTP.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
BEHIND_PROXY = switch(
    "BEHIND_PROXY", only=" only if a proxy in front sets X-Forwarded-Proto itself"
)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# No inline script or style, no third party.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logging_as(
    setting(
        env.str,
        "LOG_FORMAT",
        "Set it to 'line' or 'json', or leave it out.",
        default="line",
        validate=validate.OneOf(["line", "json"]),
    )
)
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    # A page that is kept is given to others, so it carries no number.
    "RETURN_HEADER": False,
}

# What only some hosts want: see the extras in pyproject.toml.
METRICS = switch("METRICS", only=" to serve figures under /metrics")
if METRICS:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]
SENTRY_DSN = setting(
    env.str, "SENTRY_DSN", "Set it to the address of a project of Sentry.", default=""
)
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)

# Stored advice expires: it is not shown any more; `delete_expired_advice` sweeps it.
ADVICE_DAYS = setting(
    env.int,
    "ADVICE_DAYS",
    "Set it to the number of days that advice is kept: from 1 to 36500.",
    default=400,
    validate=validate.Range(min=1, max=36_500),
)

# The largest file that an editor may import. It is read as a whole, and waits in
# the database until its changes are confirmed.
IMPORT_MEGABYTES = setting(
    env.int,
    "IMPORT_MEGABYTES",
    "Set it to the size of the largest file to import, in megabytes: from 1 to 50.",
    default=5,
    validate=validate.Range(min=1, max=50),
)

# Bytes of one request: a file to import with the form around it.
LARGEST_REQUEST = (IMPORT_MEGABYTES + 1) * 1_000_000

# The knowledge itself: `load_knowledge` reads it, `export_knowledge` writes it.
KNOWLEDGE_DIR = BASE_DIR / "fixtures"
