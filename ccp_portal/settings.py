"""Settings, read top to bottom. Every value that a deployment may change comes from the environment.

`.env.example` lists them all; `ccp_portal.environment` works out what a laptop needs. A bad value stops the start.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this portal is and what it may be called ------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-debug" if DEBUG else environ.Env.NOTSET)
PORTAL_DATA = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / "var")))
PORTAL_ORIGIN = env.str("PORTAL_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
if not PORTAL_ORIGIN.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"PORTAL_ORIGIN must begin with http:// or https://, not {PORTAL_ORIGIN!r}")
PORTAL_IS_SECURE = PORTAL_ORIGIN.startswith("https://")
# True in a portal that was set up with made-up organisations: every page says so.
PORTAL_DEMONSTRATION = env.bool("PORTAL_DEMONSTRATION", default=False)
PORTAL_OPERATOR = env.str("PORTAL_OPERATOR", default="")  # who runs this portal, shown on /about/
PORTAL_CONTACT = env.str("PORTAL_CONTACT", default="")  # their mailbox, or how else to write, shown on /contact/
PORTAL_PHONE = env.str("PORTAL_PHONE", default="")  # their telephone and when it is answered
PORTAL_POST = env.str("PORTAL_POST", default="").replace("\\n", "\n")  # their postal address, lines parted by \n
# Under which licence whoever publishes here gives their content to everybody, as open data says
PORTAL_LICENCE_NAME = env.str("PORTAL_LICENCE_NAME", default="Open Government Licence v3.0")
PORTAL_LICENCE_URL = env.str(
    "PORTAL_LICENCE_URL", default="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)

_host = PORTAL_ORIGIN.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_host, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]

# --- What it is made of ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ccp_portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "ccp_portal",
    "core",
    "accounts",
    "compliance",
    "certification",
    "slas",
    "transparency",
    "strategy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.PrivateMiddleware",
    "accounts.middleware.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "accounts.middleware.WorkspaceLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "transparency.middleware.FormerAddressMiddleware",
    "accounts.middleware.FormerWorkspaceMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "ccp_portal.urls"
WSGI_APPLICATION = "ccp_portal.wsgi.application"

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
                "core.context.portal",
                "accounts.context.workspace",
            ],
        },
    },
]
FORM_RENDERER = "core.forms.GovukRenderer"

# --- Data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{PORTAL_DATA / 'portal.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60  # opening a PostgreSQL connection for each request costs twelve times a query
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "core.cache.PatientCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "portal"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

MEDIA_ROOT = PORTAL_DATA / "files"  # never served as it is: every download asks a predicate first
PUBLIC_ROOT = PORTAL_DATA / "public"  # baked public pages
STATIC_ROOT = PORTAL_DATA / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.static_files.StaticFiles"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# How long after its closing the words of an enquiry, and who sent it, are kept
ENQUIRY_KEPT_MONTHS = env.int("ENQUIRY_KEPT_MONTHS", default=12)
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=25 * 1024 * 1024)
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")  # unix:/path or host:port; empty: no scanner looks at uploads
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # the cameras of a large ward are confirmed on one page, with three figures each
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # a page takes one unless it says otherwise: core.uploads.takes_files
UPLOAD_KEPT_BYTES = max(EVIDENCE_MAX_BYTES, 25 * 1024 * 1024)  # the larger one: a list of cameras may have 25 MB
FILE_UPLOAD_HANDLERS = [
    "core.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Signatures (docs/signing-and-keys.md): by keys of the portal's own unless a trusted certificate is given ---------
SIGNING_CERTIFICATE = env.str("SIGNING_CERTIFICATE", default="")  # PEM: the certificate and those that issued it
SIGNING_KEY = env.str("SIGNING_KEY", default="")  # PEM: its private key, without a passphrase
SIGNING_TSA_URL = env.str("SIGNING_TSA_URL", default="")  # an RFC 3161 authority; empty: the time is the portal's own
SIGNING_TSA_ROOTS = env.str("SIGNING_TSA_ROOTS", default="")  # PEM: the roots of that authority
if bool(SIGNING_CERTIFICATE) != bool(SIGNING_KEY):
    raise ImproperlyConfigured("SIGNING_CERTIFICATE and SIGNING_KEY go together")
if bool(SIGNING_TSA_URL) and not SIGNING_TSA_ROOTS:
    raise ImproperlyConfigured("SIGNING_TSA_URL needs SIGNING_TSA_ROOTS: whose time it is must be checkable")

# --- Work that was promised ------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1) or "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # nothing long runs twice; a dead worker's job is found by its lease instead
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # A silent doorbell must not hold up the act that rings: one try. (kombu would try for six seconds.)
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the Job row is the promise; the message is only a doorbell
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100  # WeasyPrint 70 keeps 0.1 MB with each document; a fork gives it back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    # Ahead of the queue, however long: else a killed worker's job would wait behind everything that was promised
    "ring for due jobs": {"task": "core.sweep", "schedule": 5.0, "options": {"priority": 0}},
    "seal the trail": {"task": "core.promise_seal", "schedule": 60.0},
    "erase old enquiries and tell of changes": {"task": "transparency.promise_daily", "schedule": 900.0},
    "remind of dates of certificates": {"task": "certification.promise_reminders", "schedule": 900.0},
    "remind of dates of agreements": {"task": "slas.promise_reminders", "schedule": 900.0},
    "read the measures of the plans": {"task": "strategy.promise_readings", "schedule": 900.0},
    "erase who left, tell what ends": {"task": "strategy.promise_training", "schedule": 900.0},
    "erase who answered nationally": {"task": "strategy.promise_erasing", "schedule": 900.0},
    "close surveys, remind of them": {"task": "strategy.promise_surveys", "schedule": 900.0},
    "carry out reorganisations": {"task": "strategy.promise_reorganisations", "schedule": 900.0},
    "ask single points of contact": {"task": "strategy.promise_spocs", "schedule": 900.0},
}

# --- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",  # first: the one that knows users by session
    "accounts.backends.PolicyBackend",
    "accounts.backends.GrantBackend",
]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # looks for guardian's own backend, which GrantBackend extends
ANONYMOUS_USER_NAME = None  # guardian: no row stands for the public
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "transparency:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation that reached its mailbox
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "ask_read": "120/m/ip",  # questions that were sent to people without an account
    "ask_answer": "60/m/ip",
    "calendar": "120/m/ip,12/m/key",  # secret addresses of calendars: a whole council may come from one IP address
}
# A second step at sign-in is offered to everybody: codes of an app (TOTP) and recovery codes.
MFA_ADAPTER = "accounts.second_step_adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"authenticate": "accounts.forms.SignInCodeForm"}
MFA_TOTP_TOLERANCE = 1  # the code before and the code after: clocks of phones differ
INVITATION_DAYS = 14

# --- Mail: by SMTP where a deployment gives it, else into the data folder --------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CCTV Compliance Portal <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_ROOT = PORTAL_DATA / "mail"
if EMAIL_URL := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "accounts.mail.FolderBackend"

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# --- Safety ----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL_IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.middleware.form_too_old"
SECURE_SSL_REDIRECT = PORTAL_IS_SECURE and env.bool("SECURE_SSL_REDIRECT", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whose tries are counted: the address that the proxy saw. Without a proxy X-Forwarded-For is only what somebody says.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31536000 if PORTAL_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PORTAL_IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- The map: without these it shows outlines alone and asks no server but this one ----------------------------------
PORTAL_TILES_URL = env.str("PORTAL_TILES_URL", default="")  # https://tiles.example/{z}/{x}/{y}.png: pictures of streets
PORTAL_TILES_ATTRIBUTION = env.str("PORTAL_TILES_ATTRIBUTION", default="")  # whose pictures they are, on the map
PORTAL_TILES_HOST = urlsplit(PORTAL_TILES_URL).netloc
if PORTAL_TILES_URL:
    if not re.fullmatch(r"https?://[\w.:-]+/[^\s;,'\"]*", PORTAL_TILES_URL) or not all(
        part in PORTAL_TILES_URL for part in ("{z}", "{x}", "{y}")
    ):
        raise ImproperlyConfigured("PORTAL_TILES_URL must be like https://tiles.example/{z}/{x}/{y}.png")
    if not PORTAL_TILES_ATTRIBUTION:
        raise ImproperlyConfigured("PORTAL_TILES_URL needs PORTAL_TILES_ATTRIBUTION: whose pictures the map shows")
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        f"{urlsplit(PORTAL_TILES_URL).scheme}://{PORTAL_TILES_HOST}"
    )

# --- Certification ---------------------------------------------------------------------------------------------------
CERTIFICATION_APPEAL_DAYS = 28  # from a decision, for so long its applicant may appeal

# --- The public API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "DEFAULT_VERSION": "v1",
    "ALLOWED_VERSIONS": ["v1"],
    "DEFAULT_SCHEMA_CLASS": "transparency.api.schema.PublicSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "240/min"},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "core.api_errors.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # JSON and nothing else: `?format=` is refused like any unknown parameter
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CCTV Compliance Portal",
    "DESCRIPTION": "What operators of surveillance cameras in England and Wales have published. Read only, no key.",
    "VERSION": "1",
    "LICENSE": {"name": PORTAL_LICENCE_NAME, "url": PORTAL_LICENCE_URL},
    "SERVERS": [{"url": PORTAL_ORIGIN}],
    "DEFAULT_GENERATOR_CLASS": "ccp_portal.api_generator.PublicGenerator",
    "POSTPROCESSING_HOOKS": ["transparency.api.schema.add_refusals"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # These tell each step of each page.
    "loggers": {name: {"level": "WARNING"} for name in ("fontTools", "pikepdf", "weasyprint")},
}
