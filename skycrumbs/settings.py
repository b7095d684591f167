"""Everything an operator sets, read from the environment; safe when forgotten.

A wrong value stops the start and names its variable. Nothing in the project imports this module: code reads
`django.conf.settings`.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import available_timezones

from django.utils.log import CallbackFilter
from environs import Env, validate

from skycrumbs import variables
from skycrumbs.logs import refusals_in_one_line

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
for _reader in (variables.words, variables.hosts, variables.mail_server, variables.database):
    env.add_parser(_reader.__name__, _reader)

# -- What must be said
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=32))
DEBUG = env.bool("DEBUG", False)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ",".join(LOOPBACK))

# -- The site
SITE_NAME = env.str("SITE_NAME", "Skycrumbs", validate=variables.one_line)
# The one address of the site, for links in mail and what pages say of themselves. Never taken from a request.
SITE_URL = env.str(
    "SITE_URL",
    f"http://127.0.0.1:{env.int('PORT', 8000)}" if DEBUG else "https://localhost",
    validate=variables.SITE_ADDRESS,
).rstrip("/")
SITE_FOOTER = env.str("SITE_FOOTER", "")
# One for the whole site: a public page is the same bytes for everybody, so it cannot follow each reader's browser.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_CODE = env.str(
    "LANGUAGE_CODE",
    "en",
    validate=validate.OneOf([code for code, _name in LANGUAGES], error="Use one of: {choices}."),
)
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str(
    "TIME_ZONE",
    "UTC",
    validate=validate.OneOf(available_timezones(), error="Use a name of the IANA database, such as Europe/Oslo."),
)
USE_TZ = True

INSTALLED_APPS = [
    "skycrumbs",
    "events",
    "accounts",
    "articles",
    "comments",
    "moderation",
    "delivery",
    "pages",
    "allauth",
    "allauth.account",
    "knox",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "skycrumbs.headers.SecurityHeadersMiddleware",
    "skycrumbs.bodies.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "skycrumbs.api_https.HttpsOnlyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "skycrumbs.etags.ConditionalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.post_limits.PostLimitsMiddleware",
    "skycrumbs.failures.DrawnFailuresMiddleware",
]

ROOT_URLCONF = "skycrumbs.urls"
WSGI_APPLICATION = "skycrumbs.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "skycrumbs.context.site",
            ],
        },
    },
]

# -- Database
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{quote(str(BASE_DIR))}/var/skycrumbs.sqlite3")}
# Some connections are opened at once, for whoever comes first.
_pool = env.int("DATABASE_POOL", 10, validate=validate.Range(min=1))
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # There the transaction is the lock: IMMEDIATE takes it at the start, so a read never has to be promoted to a
    # write half way ("database is locked"). FULL: what was answered with 201 outlives a power cut.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
    }
else:
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {
            "min_size": min(4, _pool),
            "max_size": _pool,
            # How long a request waits where the database is away. Whoever comes after that tries anew, so that nobody
            # waits for the next of ever rarer tries once it is back.
            "timeout": 5,
            "reconnect_timeout": 5,
        },
    }
    # The pool looks whether a connection still holds before it gives it away: a database that was restarted cuts all.
    _database["CONN_HEALTH_CHECKS"] = True

# -- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    # NIST SP 800-63B-4 section 3.1.1.2: 15 where the password is the only factor.
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:me"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
# A person as their own words show them: by the public name.
ACCOUNT_USER_DISPLAY = "builtins.str"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Kept in the cache, so each process would count for itself. Ours are SIGN_IN_LIMITS and what follows it.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  a model, not a token
REST_KNOX = {"TOKEN_TTL": timedelta(days=365)}
# Its own migrations make a token table that ours replaces, and that would keep `flush` from emptying ours.
MIGRATION_MODULES = {"knox": None}

# -- Mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "skycrumbs@localhost", validate=variables.SENDER)
EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEBUG else 'smtp'}.EmailBackend"
_mail = env.mail_server("EMAIL_URL", "smtp://localhost:25")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]

# -- Requests and answers
# Finished answers kept in each web process, in megabytes; 0 keeps none.
FRONT_MEGABYTES = env.int("FRONT_MEGABYTES", 64, validate=validate.Range(min=0))
MAX_BODY_BYTES = 256 * 1024
# Editors' views alone take this much; everybody else is stopped at MAX_BODY_BYTES before anything is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1100
DATA_UPLOAD_MAX_NUMBER_FILES = 2
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "skycrumbs.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
GUEST_COOKIE_NAME = "skyedit"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "skycrumbs.failures.csrf_failure"
if not DEBUG:
    # RFC 6265bis section 4.1.3: the __Host- prefix needs Secure, so development over http goes without.
    SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE = "__Host-skysession", True
    GUEST_COOKIE_NAME = "__Host-skyedit"
    CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE = "__Host-skycsrf", True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    # There a request in clear is refused, not redirected.
    SECURE_REDIRECT_EXEMPT = [r"^api/"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
# Limits count the address that the proxy saw, or everybody would be one person.
TRUSTED_PROXY_COUNT = 0
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    TRUSTED_PROXY_COUNT = 1
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# -- Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else _static},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# -- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "skycrumbs.api_problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Skycrumbs API",
    "DESCRIPTION": "Articles, their sections and revisions, and comments anchored to passages of them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
}

# -- What lower layers call in higher ones, in order (dotted paths)
# Each looks at every text, whatever the others say; where two hold it, the first gives the reason.
COMMENT_CHECKS = env.words(
    "COMMENT_CHECKS",
    ",".join(
        [
            "moderation.checks.shape.shape",
            "moderation.checks.closed.closed",
            "moderation.checks.rate.rate",
            "moderation.checks.traps.traps",
            "moderation.checks.links.links",
            "moderation.checks.repeats.repeats",
            "moderation.checks.first_comments.first_comments",
        ]
    ),
)
PUBLISH_STEPS = ["comments.steps.step"]
EVENT_CONSUMERS = [
    "delivery.replies.consume",
    "delivery.decisions.consume",
    "delivery.proofs.consume",
    "delivery.claims.consume",
]

# -- Work after the response
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# What `manage.py sweep` does, in order: functions without arguments that do what is due and say how much it was.
SWEEPS = [
    "events.services.number_committed",
    "events.consuming.run_consumers",
    "articles.publishing.run_due",
    "delivery.queue.remind",
    "delivery.services.send_due",
    "accounts.limits.prune",
    "accounts.guests.prune",
    "accounts.idempotency.prune",
    "comments.services.remove_unproven",
    "comments.services.remove_withdrawn_notes",
    "delivery.upkeep.clear_daily",
    "delivery.upkeep.analyze_hourly",
]

# The same words of the same person on the same target, so soon after the first: one form that was sent twice.
DOUBLE_POST_SECONDS = 60

# -- Limits: (how many, in how many seconds), each held; counted in the database, so by all workers together
# on posting, per account; per address of a guest; per network
COMMENT_LIMITS = [(600, 600)] if DEBUG else [(10, 60), (60, 3600)]
GUEST_LIMITS = [(600, 600)] if DEBUG else [(2, 60), (20, 3600)]
NETWORK_LIMITS = [(600, 600)] if DEBUG else [(20, 60), (200, 3600)]
# on votes, per account
VOTE_LIMITS = [(6000, 600)] if DEBUG else [(100, 600), (500, 86_400)]
# on reporting comments, per account; per network too, for several accounts of one person
FLAG_LIMITS = [(600, 600)] if DEBUG else [(10, 600), (50, 86_400)]
FLAG_NETWORK_LIMITS = [(600, 600)] if DEBUG else [(30, 600), (150, 86_400)]
# on trying a password, per address typed or account signed in; on that and on links from mail, per network
SIGN_IN_LIMITS = [(600, 600)] if DEBUG else [(10, 300)]
SIGN_IN_NETWORK_LIMITS = [(600, 600)] if DEBUG else [(60, 600)]
# on new accounts, per network
SIGN_UP_NETWORK_LIMITS = [(600, 600)] if DEBUG else [(20, 3600)]
# on mail that somebody asks for, per address it goes to and account that asks; per network
MAIL_LIMITS = [(600, 600)] if DEBUG else [(5, 3600), (20, 86_400)]
MAIL_NETWORK_LIMITS = [(600, 600)] if DEBUG else [(60, 3600)]
# on mail about replies, per reader; what is more waits
REPLY_MAIL_LIMITS = [(600, 600)] if DEBUG else [(20, 3600)]

LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"refusals": {"()": CallbackFilter, "callback": refusals_in_one_line}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["refusals"]},
        "warnings": {"class": "logging.StreamHandler", "level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # The worker sets its own loggers' level and writes two lines for each task.
    "loggers": {
        "django_tasks": {"handlers": ["warnings"], "propagate": False},
        "django_tasks_db": {"handlers": ["warnings"], "propagate": False},
    },
}
