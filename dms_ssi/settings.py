"""Settings: one file that speaks through the environment (.env.example lists every name).

Trial mode: without DATABASE_URL and REDIS_URL the site runs on embedded servers under var/.
Anywhere else a missing value stops the start with its name.
"""

import logging
import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from apps.core import embedded
from apps.core.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
TRIAL = not env.str("DATABASE_URL", default="") and not env.str("REDIS_URL", default="")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

# name → its harmless value in trial mode. Outside of it each must be set.
REQUIRED = {
    "DATABASE_URL": embedded.database_url(VAR_DIR),
    "REDIS_URL": embedded.redis_url(VAR_DIR),
    "SECRET_KEY": "trial-only-not-secret-" + "0" * 40,
    "ALLOWED_HOSTS": "*",
    "EMAIL_URL": "filemail://",
    "SMS_BACKEND": "apps.messaging.backends.FileBackend",
    "FIELD_KEYS": "trial:dHJpYWwtb25seS1ub3Qtc2VjcmV0LTAxMjM0NTY3ODk=",
}
given = {name: env.str(name, default="") or (REQUIRED[name] if TRIAL else "") for name in REQUIRED}
if missing := [name for name, value in given.items() if not value]:
    raise ImproperlyConfigured(f"Not set: {', '.join(missing)}. See .env.example.")

# Commands that need no server start none.
SERVERLESS = {"collectstatic", "compilemessages", "help", "makemessages", "version", "--version"}
EMBEDDED_DURABLE = env.bool("EMBEDDED_DURABLE", default=True)  # off in tests, for speed
if TRIAL and not SERVERLESS & set(sys.argv[1:2]) and not {"-h", "--help"} & set(sys.argv):
    embedded.start(VAR_DIR, durable=EMBEDDED_DURABLE)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = given["SECRET_KEY"]
ALLOWED_HOSTS = given["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where customers find the site: the links in messages begin so.
TRIAL_URL = f"http://127.0.0.1:{env.str('PORT', default='8000')}"
PUBLIC_URL = env.str("PUBLIC_URL", default=TRIAL_URL if TRIAL else f"https://{ALLOWED_HOSTS[0]}")
DATABASE_URL, REDIS_URL = given["DATABASE_URL"], given["REDIS_URL"]
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Only for counting requests (core/limits.py): nothing in it is missed when it is lost.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
        "KEY_PREFIX": "dms",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Keys for personal data at rest: "id:base64 of 32 bytes", the first one encrypts, all decrypt.
FIELD_KEYS = given["FIELD_KEYS"].split(",")

SMS_BACKEND = given["SMS_BACKEND"]
SMS_FILE = VAR_DIR / "sms.jsonl"
SMS_TIMEOUT = env.float("SMS_TIMEOUT", default=20)  # seconds for one answer of the gateway
# apps.messaging.aliyun.AliyunBackend; without a callback token no receipt or reply comes in.
ALIYUN_SMS_ACCESS_KEY_ID = env.str("ALIYUN_SMS_ACCESS_KEY_ID", default="")
ALIYUN_SMS_ACCESS_KEY_SECRET = env.str("ALIYUN_SMS_ACCESS_KEY_SECRET", default="")
ALIYUN_SMS_SIGN_NAME = env.str("ALIYUN_SMS_SIGN_NAME", default="")
ALIYUN_SMS_ENDPOINT = env.str("ALIYUN_SMS_ENDPOINT", default="dysmsapi.aliyuncs.com")
ALIYUN_SMS_CALLBACK_TOKEN = env.str("ALIYUN_SMS_CALLBACK_TOKEN", default="")
if SMS_BACKEND.startswith("apps.messaging.aliyun."):
    for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SIGN_NAME", "CALLBACK_TOKEN"):
        if not globals()[f"ALIYUN_SMS_{name}"]:
            raise ImproperlyConfigured(f"Not set: ALIYUN_SMS_{name}. See .env.example.")
vars().update(env.email_url_config(given["EMAIL_URL"]))
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="care@example.invalid")

# In real use a proxy stands in front, ends TLS and says so in X-Forwarded-Proto.
PROXY_COUNT = env.int("PROXY_COUNT", default=0 if TRIAL else 1)
if not TRIAL:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without the proxy
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "django_structlog",
    "apps.core",
    "apps.accounts",
    "apps.audit",
    "apps.customers",
    "apps.checklists",
    "apps.messaging",
    "apps.complaints",
    "apps.reception",
    "apps.delivery",
    "apps.service",
    "apps.care",
    "apps.ssi",
    "apps.penalties",
    "apps.reports",
    "apps.exchange",
    "apps.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.logs.RequestLog",  # after the static files: they are not worth a line each
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.accounts.middleware.session_limits",
    "apps.accounts.middleware.own_password",
    "apps.accounts.middleware.chosen_store",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "dms_ssi.urls"
WSGI_APPLICATION = "dms_ssi.wsgi.application"
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
                "apps.desk.menu.shell",
            ],
            "builtins": ["apps.core.templatetags.ui"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "apps.accounts.roles.RoleBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 3600  # the longest session (SEC-03); idle limits: accounts/middleware.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # axes counts, by user name and address: a shop shares one address
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # every refused sign-in is kept, not only counted (SEC-03)
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000  # it would delete the older ones
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_USERNAME_CALLABLE = "apps.accounts.adapter.name_that_signs_in"
AXES_IPWARE_PROXY_COUNT = PROXY_COUNT
AXES_VERBOSE = False  # user names and addresses belong into its table, not into the log
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["dms_ssi.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.core.vendor.VendorFinder",
]
VENDOR_ROOT = BASE_DIR / "node_modules"
VENDOR_FILES = [  # what pages use of the npm packages, as vendor/...
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map",
    "@tabler/core/dist/js/tabler.min.js",
    "@tabler/core/dist/js/tabler.min.js.map",
    "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.ttf",
    "@event-calendar/build/dist/event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js",
    "echarts/dist/echarts.min.js",
    "htmx.org/dist/htmx.min.js",
    "signature_pad/dist/signature_pad.umd.min.js",
]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names that browsers keep for ever; in trial the files as they lie there.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TRIAL

LOGGING = logging_config(readable=TRIAL)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request: how it ended

PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

# With Celery's defaults a kill -9 loses tasks; with these none is lost. A task may run twice.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_TIME_LIMIT = 300  # less than the visibility timeout: none is given out while it runs
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # A page that rings for a worker does not wait for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for the broker as long as it takes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TIMEZONE = TIME_ZONE

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
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
